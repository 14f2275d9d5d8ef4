import type { Matrix } from '../../../lib/matrix';
import type { Change, Finding, OrgResult } from '../../../lib/model';

const CHANNEL = 'force-app/main/default/messagingChannels/Web_Chat.messagingChannel-meta.xml';

/** Findings as check tells them: an error and a note in one file, one about a file as a whole, and one of an org. */
export const FINDINGS: readonly Finding[] = [
  {
    ...{
      rule: 'auth-without-authorization',
      severity: 'error',
      component: 'MessagingChannel:Web_Chat',
      file: CHANNEL,
      line: 7,
    },
    path: 'embeddedConfig.authMode',
    message: 'The channel verifies users, but none of its configurations is enabled, so no token would be accepted.',
    fix: 'Set enabled to true in one of messagingAuthorizations, or authMode to UnAuth.',
  },
  {
    ...{ rule: 'unknown-element', severity: 'note', component: 'MessagingChannel:Web_Chat', file: CHANNEL, line: 31 },
    path: 'embeddedConfig.messagingAuthorizations[Customer].publicKeyCertificateSetName',
    message: 'A short note.',
    fix: 'Nothing.',
  },
  {
    ...{ rule: 'no-orgs', severity: 'error', component: '', path: '', file: 'config/orgs', line: 0 },
    message: 'There is no org file.',
    fix: 'Write config/orgs/<alias>.json for the first org; config/README.md shows one.',
  },
  {
    ...{
      rule: 'unmanaged-trust',
      severity: 'warning',
      component: 'PublicKeyCertificateSet:Customer_Identity',
      file: '',
      line: 0,
    },
    path: 'publicKeyCertificateSetKeys',
    message: 'In the org prod: Old_Key is trusted although the source does not state it. It stays as it is.',
    fix: 'State Old_Key in the source to manage it, or remove it in Setup.',
  },
];

const change = (component: Change['component'], path: string, rest: Partial<Change>): Change => ({
  ...{ component, path, action: 'update', from: null, to: null, impact: 'none', effect: '' },
  ...rest,
});

const WEB = 'MessagingChannel:Web_Chat';
const config = 'embeddedConfig.messagingAuthorizations[Customer].publicKeyCertificateSetName';

export const CHANGES: readonly Change[] = [
  change('PublicKeyCertificateSet:Customer_Identity_Endpoint', '', {
    ...{ action: 'create', to: 'Customer Identity (Endpoint)' },
    effect: 'Trusts the issuer "https://login.example.com/with/a/path/that/makes/it/long/enough/for/a/line".',
  }),
  change('PublicKeyCertificate:Customer_Identity_2026_B', '', { action: 'create', to: 'Customer Identity' }),
  change(WEB, config, {
    ...{ from: 'Customer_Identity', to: 'Customer_Identity_Endpoint', impact: 'disruptive' },
    effect:
      'Tokens of "https://id.example.com" (keyset Customer_Identity) are refused on Web_Chat from now on; those of "https://login.example.com" (keyset Customer_Identity_Endpoint) are accepted.',
  }),
  change(WEB, 'embeddedConfig.verifiedUserJwtExpirationTime', {
    ...{ from: '120', to: '60', impact: 'visible' },
    effect: 'Sessions of verified customers on Web_Chat end sooner: after 60 instead of 120 minutes.',
  }),
  change(WEB, 'description', { from: '', to: 'Chat on the site for customers who are logged in.' }),
];

const prod = {
  alias: 'prod',
  orgId: '00DJOHVmdiN2p1c2DB',
  kind: 'production',
  wave: 3,
  checks: [],
  deployIds: [],
} as const;

/** One org of every result. */
export const ORG_RESULTS: readonly OrgResult[] = [
  { ...prod, alias: 'dev', kind: 'sandbox', wave: 1, status: 'unchanged', changes: [] },
  { ...prod, status: 'planned', changes: CHANGES },
  { ...prod, alias: 'emea', status: 'changed', changes: CHANGES, deployIds: ['0Af000000000001AAA'] },
  {
    ...{ ...prod, alias: 'apac', status: 'failed', changes: [] },
    checks: [
      { name: 'identity', ok: true, detail: '00DJOHVmdiN2p1c2DB, production' },
      {
        name: 'permissions',
        ok: false,
        detail: 'missing: Customize Application, Configure Messaging, View Setup and Configuration',
      },
    ],
    error: {
      code: 'missing-permission',
      what: 'The user of the login "apac" lacks: Customize Application, Configure Messaging, View Setup and Configuration.',
      why: 'Without it Salesforce refuses the deployment or leaves settings out of what it shows. Nothing was sent.',
      fix: 'Assign a permission set with these permissions to the user; User_Verification_Admin in force-app is one.',
    },
  },
  {
    ...prod,
    alias: 'anz',
    status: 'unreachable',
    changes: [],
    error: { code: 'org-unreachable', what: 'What.', why: 'Why.', fix: 'Fix.' },
  },
  { ...prod, alias: 'latam', status: 'skipped', changes: [] },
  { ...prod, alias: 'mea', status: 'unknown', changes: [] },
];

const unchanged = (value: string): Matrix['rows'][number]['cells'][number] => ({
  live: value,
  desired: value,
  drift: false,
});
const drift = (
  live: string | null,
  desired: string,
): typeof unchanged extends (value: string) => infer Cell ? Cell : never => ({ live, desired, drift: true });
const none = { live: null, desired: null, drift: false };

/** Four orgs, one out of reach, one that drifts. */
export const MATRIX: Matrix = {
  columns: [
    { alias: 'dev', kind: 'sandbox', reached: true },
    { alias: 'uat', kind: 'sandbox', reached: true },
    { alias: 'prod', kind: 'production', reached: false },
    { alias: 'a-very-long-alias', kind: 'developer', reached: true },
  ],
  rows: [
    {
      component: WEB,
      setting: '',
      cells: [unchanged('in sync'), drift('2 more differ', 'in sync'), none, drift('missing', 'in sync')],
    },
    {
      component: WEB,
      setting: 'User verification',
      cells: [unchanged('on'), drift('off', 'on'), none, drift(null, 'on')],
    },
    {
      component: WEB,
      setting: 'Configuration Customer',
      cells: [unchanged('Customer_Identity'), drift('Legacy_Identity', 'Customer_Identity_Endpoint'), none, none],
    },
    {
      component: 'PublicKeyCertificateSet:Customer_Identity',
      setting: '',
      cells: [unchanged('in sync'), none, none, none],
    },
    {
      component: 'PublicKeyCertificateSet:Customer_Identity',
      setting: 'Issuer',
      cells: [unchanged('https://id.dev.example.com/oauth2'), unchanged('x'), none, none],
    },
  ],
};
