import { FILE, xml, type Edits } from '../project';
import type { RuleCase } from './case';

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

const FITTING = {
  Issuer__c: 'https://id.dev.example.com',
  Key_Id__c: 'first',
  Algorithm__c: 'RS256',
  Certificate__c: 'Signing',
} as const;

/** The dev org mints its tokens in Apex, and signs as these records say. */
const signing = (records: Edits): Edits => ({
  [FILE.dev]: [['"kind"', '"include": ["PermissionSet:Customer_Identity_Token"], "kind"']],
  [ACCESS]: xml('PermissionSet', '<label>Token</label>'),
  ...records,
});

const GOOD = signing({ [DEFAULT]: record(FITTING) });
const OTHER_ISSUER = { ...FITTING, Issuer__c: 'https://id.example.com' };

/** An endpoint lists no keys, so that the key of the signer cannot be looked up. */
const ENDPOINT: Edits = {
  ...signing({ [DEFAULT]: record({ ...FITTING, Issuer__c: 'https://login.example.com', Key_Id__c: 'any' }) }),
  [FILE.prod]: [['"kind"', '"include": ["PermissionSet:Customer_Identity_Token"], "kind"']],
  [FILE.dev]: [],
};

export const SIGNER_CASES: readonly RuleCase[] = [
  {
    rule: 'signer-setting-missing',
    when: 'the only record names another org',
    breaks: signing({ [DEFAULT]: record({ ...FITTING, Org_Id__c: '00D000000000009EAA' }) }),
    at: [ACCESS, '<PermissionSet'],
    unless: 'a record names this one by its 15-character id',
    keeps: signing({
      [DEFAULT]: record(OTHER_ISSUER),
      [DEV]: record({ ...FITTING, Org_Id__c: '00D000000000001' }),
    }),
  },
  {
    rule: 'signer-setting-twice',
    when: 'two records name the org',
    breaks: signing({
      [DEFAULT]: record({ ...FITTING, Org_Id__c: '00D000000000001' }),
      [DEV]: record({ ...FITTING, Org_Id__c: '00D000000000001EAA' }),
    }),
    at: [DEV, '00D000000000001EAA'],
    unless: 'one of them does',
    keeps: signing({ [DEFAULT]: record(OTHER_ISSUER), [DEV]: record({ ...FITTING, Org_Id__c: '00D000000000001EAA' }) }),
  },
  {
    rule: 'signer-issuer',
    when: 'the signer has the issuer of the source, and the org overrides it',
    breaks: signing({ [DEFAULT]: record(OTHER_ISSUER) }),
    at: [DEFAULT, 'https://id.example.com'],
    unless: 'the org does not mint tokens in Apex',
    keeps: { [DEFAULT]: record(OTHER_ISSUER) },
  },
  {
    rule: 'signer-key',
    when: 'the signer names a key that the keyset does not list',
    breaks: signing({ [DEFAULT]: record({ ...FITTING, Key_Id__c: 'third' }) }),
    at: [DEFAULT, 'third'],
    unless: 'an endpoint serves the keys',
    keeps: ENDPOINT,
  },
  {
    rule: 'signer-key',
    when: 'the key that the signer names is not active',
    breaks: { ...GOOD, [FILE.keyA]: [['<isActive>true<', '<isActive>false<']] },
    at: [DEFAULT, 'first'],
    unless: 'another key is not active',
    keeps: { ...GOOD, [FILE.keyB]: [['<isActive>true<', '<isActive>false<']] },
  },
  {
    rule: 'signer-algorithm',
    when: 'the signer uses RS512 and the key is for RS256',
    breaks: signing({ [DEFAULT]: record({ ...FITTING, Algorithm__c: 'RS512' }) }),
    at: [DEFAULT, 'RS512'],
    unless: 'both are RS256',
    keeps: GOOD,
  },
];
