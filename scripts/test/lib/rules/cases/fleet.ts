import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILE, type Edits } from '../project';
import type { RuleCase } from './case';

const include = (key: string): readonly [string, string] => ['"kind"', `"include": ["${key}"], "kind"`];
const production = (issuer: string): readonly [string, string] => [
  '"overrides": {',
  `"overrides": { "PublicKeyCertificateSet": { "Fetched": {\n"jwtIssuer": "${issuer}" } },`,
];

const DEV_ISSUER = '"jwtIssuer": "https://login.dev.example.com"';

/** A sample key of force-app under a name of its own, for an org that includes it. */
const sampleKey = (): Edits => {
  const folder = join(__dirname, '../../../../../force-app/main/default/PublicKeyCertificate');
  const [first = ''] = readdirSync(folder);
  return {
    'force-app/main/default/PublicKeyCertificate/Sample.PublicKeyCertificate-meta.xml': readFileSync(
      join(folder, first),
      'utf8',
    ),
  };
};

const runtimeAt = (host: string): readonly [string, string] => ['"kind"', `"scrt2URL": "https://${host}", "kind"`];

export const FLEET_CASES: readonly RuleCase[] = [
  {
    rule: 'shared-issuer',
    when: 'production and a sandbox trust the same issuer',
    breaks: { [FILE.prod]: [production('https://id.dev.example.com')] },
    at: [FILE.prod, '"jwtIssuer"'],
    unless: 'the sandbox is a production org too',
    keeps: { [FILE.prod]: [production('https://id.dev.example.com')], [FILE.dev]: [['"sandbox"', '"production"']] },
  },
  {
    rule: 'shared-endpoint',
    when: 'production and a sandbox fetch keys from the same endpoint',
    breaks: {
      [FILE.dev]: [
        include('PublicKeyCertificateSet:Fetched'),
        ['"Uploaded": {', `"Fetched": { ${DEV_ISSUER} }, "Uploaded": {`],
      ],
    },
    at: [FILE.fetched, '<jwksEndPoint>'],
    unless: 'the endpoint differs in its query',
    keeps: {
      [FILE.dev]: [
        include('PublicKeyCertificateSet:Fetched'),
        [
          '"Uploaded": {',
          `"Fetched": { ${DEV_ISSUER}, "jwksEndPoint": "https://login.example.com/jwks.json?dev" }, "Uploaded": {`,
        ],
      ],
    },
  },
  {
    rule: 'shared-key',
    when: 'production and a sandbox trust the same key',
    breaks: { [FILE.prod]: [include('PublicKeyCertificate:Key_A')] },
    at: [FILE.keyA, '<jsonWebKey>'],
    unless: 'only production trusts it',
    keeps: { [FILE.prod]: [include('PublicKeyCertificate:Key_C')] },
  },
  {
    rule: 'sample-key',
    when: 'production trusts a sample key of this project',
    breaks: async () => ({ ...sampleKey(), [FILE.prod]: [include('PublicKeyCertificate:Sample')] }),
    at: ['force-app/main/default/PublicKeyCertificate/Sample.PublicKeyCertificate-meta.xml', '<jsonWebKey>'],
    unless: 'production trusts a key of its own',
    keeps: { [FILE.prod]: [include('PublicKeyCertificate:Key_C')] },
  },
  {
    rule: 'sample-key-in-use',
    when: 'a sandbox trusts a sample key of this project',
    breaks: async () => ({ ...sampleKey(), [FILE.dev]: [include('PublicKeyCertificate:Sample')] }),
    at: ['force-app/main/default/PublicKeyCertificate/Sample.PublicKeyCertificate-meta.xml', '<jsonWebKey>'],
    unless: 'no org uses it',
    keeps: async () => sampleKey(),
  },
  {
    rule: 'issuer-lookalike',
    when: 'two issuers differ by a slash and by case',
    breaks: { [FILE.spare]: [['https://spare.example.com', 'https://ID.example.com/']] },
    at: [FILE.uploaded, '<jwtIssuer>'],
    unless: 'they differ by more',
    keeps: { [FILE.spare]: [['https://spare.example.com', 'https://id.example.com/spare']] },
  },
  {
    rule: 'runtime-host',
    when: 'the messaging runtime of an org is said to be on a host of somebody else',
    breaks: { [FILE.dev]: [runtimeAt('my.salesforce-scrt.com.example.com')] },
    at: [FILE.dev, '"scrt2URL"'],
    unless: 'it is on one of Salesforce',
    keeps: { [FILE.dev]: [runtimeAt('acme.my.salesforce-scrt.com')] },
  },
];
