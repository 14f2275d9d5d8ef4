import type { OrgTrust, TrustedKey, TrustingChannel, TrustMap } from '../../../lib/matrix';

const key = (name: string, rest: Partial<TrustedKey> = {}): TrustedKey => ({
  ...{ name, standing: 'as stated', active: true, kid: '2026-A', daysLeft: 312 },
  ...rest,
});

const channel = (name: string, rest: Partial<TrustingChannel> = {}): TrustingChannel => ({
  ...{ name, standing: 'as stated', active: true, verifies: true },
  deployments: [{ name, standing: 'as stated', enabled: true }],
  ...rest,
});

const uses = (...channels: readonly TrustingChannel[]): OrgTrust['trusts'][number]['reliances'] =>
  channels.map((each) => ({ configuration: 'Customer', enabled: true, channel: each }));

/** Four orgs as the matrix of the samples has them: sound, drifting, out of reach, and one that holds nothing yet. */
export const TRUST: TrustMap = [
  {
    ...{ alias: 'dev', kind: 'sandbox', reached: true, unused: [] },
    unverified: [channel('Guest_Web_Chat', { verifies: false })],
    trusts: [
      {
        ...{ keyset: 'Customer_Identity', standing: 'as stated', issuer: 'https://id.dev.example.com', endpoint: null },
        keys: [key('Customer_Identity_2026_A'), key('Customer_Identity_2026_B', { daysLeft: 21 })],
        reliances: uses(
          channel('Web_Chat'),
          channel('Mobile_Chat', {
            deployments: [
              { name: 'Mobile_Chat_iOS', standing: 'as stated', enabled: true },
              { name: 'Mobile_Chat_Android', standing: 'only in the org', enabled: false },
            ],
          }),
        ),
      },
      {
        ...{ keyset: 'Customer_Identity_Endpoint', standing: 'as stated', issuer: 'https://login.example.com' },
        ...{ endpoint: 'https://login.example.com/.well-known/jwks.json', keys: [], reliances: [] },
      },
    ],
  },
  {
    ...{ alias: 'uat', kind: 'sandbox', reached: true, unverified: [] },
    unused: [key('Old_Key', { standing: 'only in the org', active: false, daysLeft: -14 })],
    trusts: [
      {
        ...{
          keyset: 'Legacy_Identity',
          standing: 'only in the org',
          issuer: 'https://old.example.com',
          endpoint: null,
        },
        keys: [
          key('Legacy_Key', { standing: 'only in the org', daysLeft: 0 }),
          key('No_Certificate', { daysLeft: null }),
        ],
        reliances: uses(channel('Web_Chat', { standing: 'differs', verifies: false, active: false })),
      },
    ],
  },
  { alias: 'prod', kind: 'production', reached: false, trusts: [], unverified: [], unused: [] },
  {
    ...{ alias: 'a-very-long-alias', kind: 'developer', reached: true, unverified: [], unused: [] },
    trusts: [
      {
        ...{ keyset: 'Customer_Identity', standing: 'missing', issuer: 'https://id.example.com', endpoint: null },
        keys: [],
        reliances: uses(channel('Web_Chat', { standing: 'missing', active: false, deployments: [] })),
      },
    ],
  },
];
