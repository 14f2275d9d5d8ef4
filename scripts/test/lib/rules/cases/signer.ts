import { FILE, xml, type Edits } from '../valid-project';
import type { RuleCase } from './rule-case';

const APP = 'force-app/main/default';
const ACCESS = `${APP}/permissionsets/Customer_Identity_Token.permissionset-meta.xml`;
const DEFAULT = `${APP}/customMetadata/Customer_Identity_Setting.Default.md-meta.xml`;
const DEV = `${APP}/customMetadata/Customer_Identity_Setting.Dev.md-meta.xml`;

const record = (fields: Readonly<Record<string, string>>): string =>
  xml(
    'CustomMetadata',
    ['<label>Setting</label>']
      .concat(
        Object.entries(fields).map(
          ([field, value]) => `<values><field>${field}</field><value>${value}</value></values>`,
        ),
      )
      .join('\n'),
  );

const MATCHING = {
  Issuer__c: 'https://id.dev.example.com',
  Key_Id__c: 'first',
  Algorithm__c: 'RS256',
  Certificate__c: 'Signing',
} as const;

/** The dev org mints its tokens in Apex, with these records as the settings of the signer. */
const withSigner = (records: Edits): Edits => ({
  [FILE.dev]: [['"kind"', '"include": ["PermissionSet:Customer_Identity_Token"], "kind"']],
  [ACCESS]: xml('PermissionSet', '<label>Token</label>'),
  ...records,
});

const VALID = withSigner({ [DEFAULT]: record(MATCHING) });
const OTHER_ISSUER = { ...MATCHING, Issuer__c: 'https://id.example.com' };

/** A keyset with an endpoint lists no keys, so the key of the signer can't be checked. */
const ENDPOINT: Edits = {
  ...withSigner({ [DEFAULT]: record({ ...MATCHING, Issuer__c: 'https://login.example.com', Key_Id__c: 'any' }) }),
  [FILE.prod]: [['"kind"', '"include": ["PermissionSet:Customer_Identity_Token"], "kind"']],
  [FILE.dev]: [],
};

export const SIGNER_CASES: readonly RuleCase[] = [
  {
    rule: 'signer-setting-missing',
    violatedWhen: 'the only record names another org',
    violation: withSigner({ [DEFAULT]: record({ ...MATCHING, Org_Id__c: '00D000000000009EAA' }) }),
    location: [ACCESS, '<PermissionSet'],
    validWhen: 'a record names this one by its 15-character id',
    valid: withSigner({
      [DEFAULT]: record(OTHER_ISSUER),
      [DEV]: record({ ...MATCHING, Org_Id__c: '00D000000000001' }),
    }),
  },
  {
    rule: 'duplicate-signer-setting',
    violatedWhen: 'two records name the org',
    violation: withSigner({
      [DEFAULT]: record({ ...MATCHING, Org_Id__c: '00D000000000001' }),
      [DEV]: record({ ...MATCHING, Org_Id__c: '00D000000000001EAA' }),
    }),
    location: [DEV, '00D000000000001EAA'],
    validWhen: 'one of them does',
    valid: withSigner({
      [DEFAULT]: record(OTHER_ISSUER),
      [DEV]: record({ ...MATCHING, Org_Id__c: '00D000000000001EAA' }),
    }),
  },
  {
    rule: 'signer-issuer',
    violatedWhen: 'the signer has the issuer of the source, and the org overrides it',
    violation: withSigner({ [DEFAULT]: record(OTHER_ISSUER) }),
    location: [DEFAULT, 'https://id.example.com'],
    validWhen: 'the org does not mint tokens in Apex',
    valid: { [DEFAULT]: record(OTHER_ISSUER) },
  },
  {
    rule: 'signer-key',
    violatedWhen: 'the signer names a key that the keyset does not list',
    violation: withSigner({ [DEFAULT]: record({ ...MATCHING, Key_Id__c: 'third' }) }),
    location: [DEFAULT, 'third'],
    validWhen: 'an endpoint serves the keys',
    valid: ENDPOINT,
  },
  {
    rule: 'signer-key',
    violatedWhen: 'the key that the signer names is not active',
    violation: { ...VALID, [FILE.keyA]: [['<isActive>true<', '<isActive>false<']] },
    location: [DEFAULT, 'first'],
    validWhen: 'another key is not active',
    valid: { ...VALID, [FILE.keyB]: [['<isActive>true<', '<isActive>false<']] },
  },
  {
    rule: 'signer-algorithm',
    violatedWhen: 'the signer uses RS512 and the key is for RS256',
    violation: withSigner({ [DEFAULT]: record({ ...MATCHING, Algorithm__c: 'RS512' }) }),
    location: [DEFAULT, 'RS512'],
    validWhen: 'both are RS256',
    valid: VALID,
  },
];
