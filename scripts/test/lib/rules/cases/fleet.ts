import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILE, type Edits } from '../valid-project';
import type { RuleCase } from './rule-case';

const include = (key: string): readonly [string, string] => ['"kind"', `"include": ["${key}"], "kind"`];
const production = (issuer: string): readonly [string, string] => [
  '"overrides": {',
  `"overrides": { "PublicKeyCertificateSet": { "Fetched": {\n"jwtIssuer": "${issuer}" } },`,
];

const DEV_ISSUER = '"jwtIssuer": "https://login.dev.example.com"';

/** A sample key of force-app under a separate name, for an org that includes it. */
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

const scrt2UrlAt = (host: string): readonly [string, string] => ['"kind"', `"scrt2URL": "https://${host}", "kind"`];

export const FLEET_CASES: readonly RuleCase[] = [
  {
    rule: 'shared-issuer',
    violatedWhen: 'production and a sandbox trust the same issuer',
    violation: { [FILE.prod]: [production('https://id.dev.example.com')] },
    location: [FILE.prod, '"jwtIssuer"'],
    validWhen: 'the sandbox is a production org too',
    valid: { [FILE.prod]: [production('https://id.dev.example.com')], [FILE.dev]: [['"sandbox"', '"production"']] },
  },
  {
    rule: 'shared-endpoint',
    violatedWhen: 'production and a sandbox fetch keys from the same endpoint for the same issuer',
    violation: { [FILE.dev]: [include('PublicKeyCertificateSet:Fetched')] },
    location: [FILE.fetched, '<jwksEndPoint>'],
    validWhen: 'the sandbox is a production org too',
    valid: { [FILE.dev]: [include('PublicKeyCertificateSet:Fetched'), ['"sandbox"', '"production"']] },
  },
  {
    rule: 'shared-endpoint-other-issuer',
    violatedWhen: 'production and a sandbox fetch keys from the same endpoint for other issuers',
    violation: {
      [FILE.dev]: [
        include('PublicKeyCertificateSet:Fetched'),
        ['"Uploaded": {', `"Fetched": { ${DEV_ISSUER} }, "Uploaded": {`],
      ],
    },
    location: [FILE.fetched, '<jwksEndPoint>'],
    validWhen: 'the endpoint differs in its query',
    valid: {
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
    violatedWhen: 'production and a sandbox trust the same key',
    violation: { [FILE.prod]: [include('PublicKeyCertificate:Key_A')] },
    location: [FILE.keyA, '<jsonWebKey>'],
    validWhen: 'only production trusts it',
    valid: { [FILE.prod]: [include('PublicKeyCertificate:Key_C')] },
  },
  {
    rule: 'sample-key',
    violatedWhen: 'production trusts a sample key of this project',
    violation: async () => ({ ...sampleKey(), [FILE.prod]: [include('PublicKeyCertificate:Sample')] }),
    location: ['force-app/main/default/PublicKeyCertificate/Sample.PublicKeyCertificate-meta.xml', '<jsonWebKey>'],
    validWhen: 'production trusts another key',
    valid: { [FILE.prod]: [include('PublicKeyCertificate:Key_C')] },
  },
  {
    rule: 'sample-key-in-use',
    violatedWhen: 'a sandbox trusts a sample key of this project',
    violation: async () => ({ ...sampleKey(), [FILE.dev]: [include('PublicKeyCertificate:Sample')] }),
    location: ['force-app/main/default/PublicKeyCertificate/Sample.PublicKeyCertificate-meta.xml', '<jsonWebKey>'],
    validWhen: 'no org uses it',
    valid: async () => sampleKey(),
  },
  {
    rule: 'issuer-lookalike',
    violatedWhen: 'two issuers differ by a slash and by case',
    violation: { [FILE.spare]: [['https://spare.example.com', 'https://ID.example.com/']] },
    location: [FILE.uploaded, '<jwtIssuer>'],
    validWhen: 'they differ by more',
    valid: { [FILE.spare]: [['https://spare.example.com', 'https://id.example.com/spare']] },
  },
  {
    rule: 'chat-api-host',
    violatedWhen: 'the SCRT2 URL of an org is not on a Salesforce host',
    violation: { [FILE.dev]: [scrt2UrlAt('my.salesforce-scrt.com.example.com')] },
    location: [FILE.dev, '"scrt2URL"'],
    validWhen: 'it is on a Salesforce host',
    valid: { [FILE.dev]: [scrt2UrlAt('acme.my.salesforce-scrt.com')] },
  },
];
