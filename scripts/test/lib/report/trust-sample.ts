import type { OrgTrust, TrustedKey, ChannelRef, TrustMap } from '../../../lib/report/org-matrix';

const key = (name: string, rest: Partial<TrustedKey> = {}): TrustedKey => ({
  name,
  syncState: 'in sync',
  active: true,
  kid: '2026-A',
  daysLeft: 312,
  ...rest,
});

const channel = (name: string, rest: Partial<ChannelRef> = {}): ChannelRef => ({
  name,
  syncState: 'in sync',
  active: true,
  verifies: true,
  chatDeployments: [{ name, syncState: 'in sync', enabled: true }],
  ...rest,
});

const authorizations = (...channels: readonly ChannelRef[]): OrgTrust['keysets'][number]['authorizations'] =>
  channels.map((each) => ({ configurationName: 'Customer', enabled: true, channel: each }));

/** The four orgs of the sample matrix: in sync, drifted, unreachable, and without components. */
export const TRUST: TrustMap = [
  {
    alias: 'dev',
    kind: 'sandbox',
    reached: true,
    undeclared: [],
    accepted: [],
    unusedKeys: [],
    unverifiedChannels: [channel('Guest_Web_Chat', { verifies: false })],
    keysets: [
      {
        keyset: 'Customer_Identity',
        syncState: 'in sync',
        issuer: 'https://id.dev.example.com',
        endpoint: null,
        keys: [key('Customer_Identity_2026_A'), key('Customer_Identity_2026_B', { daysLeft: 21 })],
        authorizations: authorizations(
          channel('Web_Chat'),
          channel('Mobile_Chat', {
            chatDeployments: [
              { name: 'Mobile_Chat_iOS', syncState: 'in sync', enabled: true },
              { name: 'Mobile_Chat_Android', syncState: 'unmanaged', enabled: false },
            ],
          }),
        ),
      },
      {
        keyset: 'Customer_Identity_Endpoint',
        syncState: 'in sync',
        issuer: 'https://login.example.com',
        endpoint: 'https://login.example.com/.well-known/jwks.json',
        keys: [],
        authorizations: [],
      },
    ],
  },
  {
    alias: 'uat',
    kind: 'sandbox',
    reached: true,
    undeclared: [],
    accepted: [],
    unverifiedChannels: [],
    unusedKeys: [key('Old_Key', { syncState: 'unmanaged', active: false, daysLeft: -14 })],
    keysets: [
      {
        keyset: 'Legacy_Identity',
        syncState: 'unmanaged',
        issuer: 'https://old.example.com',
        endpoint: null,
        keys: [key('Legacy_Key', { syncState: 'unmanaged', daysLeft: 0 }), key('No_Certificate', { daysLeft: null })],
        authorizations: authorizations(channel('Web_Chat', { syncState: 'drifted', verifies: false, active: false })),
      },
    ],
  },
  {
    alias: 'prod',
    kind: 'production',
    reached: false,
    undeclared: [],
    accepted: [],
    keysets: [],
    unverifiedChannels: [],
    unusedKeys: [],
  },
  {
    alias: 'a-very-long-alias',
    kind: 'developer',
    reached: true,
    undeclared: [],
    accepted: [],
    unverifiedChannels: [],
    unusedKeys: [],
    keysets: [
      {
        keyset: 'Customer_Identity',
        syncState: 'missing',
        issuer: 'https://id.example.com',
        endpoint: null,
        keys: [],
        authorizations: authorizations(
          channel('Web_Chat', { syncState: 'missing', active: false, chatDeployments: [] }),
        ),
      },
    ],
  },
];
