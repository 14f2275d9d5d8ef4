import type { Matrix } from '../../../lib/report/org-matrix';
import type { Change, Finding, OrgResult } from '../../../lib/model';

const CHANNEL = 'force-app/main/default/messagingChannels/Web_Chat.messagingChannel-meta.xml';

/** Findings of check: an error and a note in one file, one about a whole file, one of an org, and one of two orgs. */
export const FINDINGS: readonly Finding[] = [
  {
    rule: 'auth-without-authorization',
    severity: 'error',
    component: 'MessagingChannel:Web_Chat',
    file: CHANNEL,
    line: 7,
    path: 'embeddedConfig.authMode',
    message: 'The channel verifies users, but none of its configurations is enabled, so no token would be accepted.',
    fix: 'Set enabled to true in one of messagingAuthorizations, or authMode to UnAuth.',
  },
  {
    rule: 'unknown-element',
    severity: 'note',
    component: 'MessagingChannel:Web_Chat',
    file: CHANNEL,
    line: 31,
    path: 'embeddedConfig.messagingAuthorizations[Customer].publicKeyCertificateSetName',
    message: 'A short note.',
    fix: 'Nothing.',
  },
  {
    rule: 'no-orgs',
    severity: 'error',
    component: '',
    path: '',
    file: 'config/orgs',
    line: 0,
    message: 'The project has no org file.',
    fix: 'Create config/orgs/<alias>.json. config/README.md has an example.',
  },
  {
    rule: 'unmanaged-trust',
    severity: 'warning',
    component: 'PublicKeyCertificateSet:Customer_Identity',
    file: '',
    line: 0,
    path: 'publicKeyCertificateSetKeys',
    message: "Old_Key is trusted, but it isn't declared.",
    fix: 'Declare Old_Key, or delete it in Setup.',
  },
  ...['dev', 'uat'].map((alias) => ({
    rule: 'production-trust',
    severity: 'warning' as const,
    component: 'PublicKeyCertificateSet:Customer_Identity',
    path: 'jwtIssuer',
    file: `config/orgs/${alias}.json`,
    line: 4,
    message: `${alias} isn't a production org but trusts the issuer of prod.`,
    fix: `Run npm run post-refresh -- --org ${alias}.`,
  })),
];

const change = (component: Change['component'], path: string, rest: Partial<Change>): Change => ({
  component,
  path,
  action: 'update',
  from: null,
  to: null,
  impact: 'none',
  effect: '',
  ...rest,
});

const WEB = 'MessagingChannel:Web_Chat';
const config = 'embeddedConfig.messagingAuthorizations[Customer].publicKeyCertificateSetName';

export const CHANGES: readonly Change[] = [
  change('PublicKeyCertificateSet:Customer_Identity_Endpoint', '', {
    action: 'create',
    to: 'Customer Identity (Endpoint)',
    effect: 'Trusts the issuer "https://login.example.com/with/a/path/that/makes/it/long/enough/for/a/line".',
  }),
  change('PublicKeyCertificate:Customer_Identity_2026_B', '', { action: 'create', to: 'Customer Identity' }),
  change(WEB, config, {
    from: 'Customer_Identity',
    to: 'Customer_Identity_Endpoint',
    impact: 'disruptive',
    effect:
      'Tokens of "https://id.example.com" (keyset Customer_Identity) are rejected on Web_Chat; those of "https://login.example.com" (keyset Customer_Identity_Endpoint) are accepted.',
  }),
  change(WEB, 'embeddedConfig.verifiedUserJwtExpirationTime', {
    from: '120',
    to: '60',
    impact: 'visible',
    effect: 'Access tokens for verified users on Web_Chat expire after 60 minutes instead of 120.',
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

/** One org of each status. */
export const ORG_RESULTS: readonly OrgResult[] = [
  { ...prod, alias: 'dev', kind: 'sandbox', wave: 1, status: 'unchanged', changes: [] },
  { ...prod, status: 'planned', changes: CHANGES },
  { ...prod, alias: 'emea', status: 'changed', changes: CHANGES, deployIds: ['0Af000000000001AAA'] },
  {
    ...prod,
    alias: 'apac',
    status: 'failed',
    changes: [],
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
      why: 'Without it, Salesforce rejects the deploy or omits settings. Nothing was deployed.',
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

const job = (number: number): string => `0Af00000000000${number}AAA`;
const rejected = (alias: string): NonNullable<OrgResult['error']> => ({
  code: 'deploy-failed',
  what: `Salesforce rejected the deploy to "${alias}". Nothing in ${alias} was changed.`,
  why: 'UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record',
  fix: `Wait until no other process changes ${alias}, then resume the run.`,
});
const skipped = {
  code: 'wave-skipped',
  what: 'Wave 3 was skipped.',
  why: 'qa2, qa3 (wave 2) failed.',
  fix: 'Resolve the failure, then run npm run deploy -- --resume.',
};
const published = [{ name: 'published', ok: true, detail: 'Web_Chat' }];

/** A deploy in three waves: two orgs of wave 2 failed for the same reason, so wave 3 was skipped. */
export const RUN_RESULTS: readonly OrgResult[] = [
  { ...prod, alias: 'qa1', wave: 2, status: 'changed', changes: CHANGES, deployIds: [job(3)], checks: published },
  { ...prod, alias: 'dev1', wave: 1, status: 'changed', changes: CHANGES.slice(0, 1), deployIds: [job(1)] },
  { ...prod, alias: 'qa2', wave: 2, status: 'failed', changes: CHANGES, deployIds: [job(4)], error: rejected('qa2') },
  { ...prod, alias: 'qa3', wave: 2, status: 'failed', changes: CHANGES, error: rejected('qa3') },
  { ...prod, alias: 'dev2', wave: 1, status: 'unchanged', changes: [] },
  { ...prod, alias: 'prod_de', wave: 10, status: 'skipped', changes: CHANGES, error: skipped },
  { ...prod, alias: 'uat1', status: 'skipped', changes: CHANGES, error: skipped },
  { ...prod, alias: 'uat2', status: 'skipped', changes: CHANGES, error: skipped },
];

export const RUN = {
  title: 'Deploy',
  runId: '2026-11-27T10-25-16-172Z-cfbade',
  resume: 'npm run deploy -- --resume --plan plan.json',
  rollback: 'npm run rollback -- --run 2026-11-27T10-25-16-172Z-cfbade',
};

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

/** Four orgs: one in sync, one drifted, one unreachable, one without the components. */
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
