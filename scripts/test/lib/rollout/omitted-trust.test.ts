import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { thumbprintsOf } from '../../../lib/jwk';
import { TRUST_SETTINGS, type OrgConfig } from '../../../lib/model';
import { FakeSf } from '../fake-sf';
import { applyEdits, FILE, findingsIn, validProject, xml, type Edits, type Files } from '../rules/valid-project';
import { desiredState, planAll } from './fleet-fixture';
import { componentsIn } from './trust-components';
import {
  addAuthorization,
  addKey,
  authorizationXml,
  chatDeploymentXml,
  edit,
  KEYS,
  keyXml,
  ROGUE,
  TRUSTED_FILES,
  UNMANAGED_FILES,
  WEB,
  type TamperedOrg,
} from './trust-cases';

/** Source that the check rejects, because it omits the setting. */
const REJECTED: Readonly<Record<string, Edits>> = {
  'MessagingChannel embeddedConfig.messagingAuthorizations[].authIdentifier': {
    [FILE.web]: [['<authIdentifier>Customer</authIdentifier>', '']],
  },
  'MessagingChannel embeddedConfig.messagingAuthorizations[].authorizationType': {
    [FILE.web]: [['<authorizationType>PublicKeyCertificateSet</authorizationType>', '']],
  },
  'MessagingChannel embeddedConfig.messagingAuthorizations[].publicKeyCertificateSetName': {
    [FILE.web]: [['<publicKeyCertificateSetName>Uploaded</publicKeyCertificateSetName>', '']],
  },
  'PublicKeyCertificateSet jwtIssuer': { [FILE.fetched]: [['<jwtIssuer>https://login.example.com</jwtIssuer>', '']] },
  'PublicKeyCertificateSet jwksEndPoint': {
    [FILE.fetched]: [['<jwksEndPoint>https://login.example.com/jwks.json</jwksEndPoint>', '']],
  },
  'PublicKeyCertificateSet type': { [FILE.fetched]: [['<type>JWKS_URL</type>', '']] },
  'PublicKeyCertificate jsonWebKey': {
    [FILE.keyA]: xml('PublicKeyCertificate', '<isActive>true</isActive>\n<masterLabel>Key</masterLabel>'),
  },
  'EmbeddedServiceConfig embeddedServiceMessagingChannel': {
    [FILE.app]: xml(
      'EmbeddedServiceConfig',
      '<deploymentFeature>EmbeddedMessaging</deploymentFeature>\n<deploymentType>Mobile</deploymentType>\n<masterLabel>App</masterLabel>',
    ),
    [FILE.dev]: [['"channels"', '"include": ["EmbeddedServiceConfig:Mobile_App"], "channels"']],
  },
};

/** Source that omits a setting, and a change of the setting in the org. */
interface Comparison {
  readonly source?: Readonly<Record<string, string>>;
  /** The org before the change, where it isn't as source. */
  readonly live?: Readonly<Record<string, string>>;
  readonly org?: Partial<OrgConfig>;
  readonly change: (org: TamperedOrg) => void;
  /** What the plan says. Absent if the setting decides nothing about trust. */
  readonly consequence?: RegExp;
}

const withoutTag = (text: string, name: string): string => text.replace(new RegExp(`<${name}>.*?</${name}>`), '');
const sourceOf = (path: string): string => TRUSTED_FILES[path] ?? assert.fail(path);
const RETIRED = 'PublicKeyCertificate/Key_Retired.PublicKeyCertificate';
const SITE = 'EmbeddedServiceConfig/Old_Site.EmbeddedServiceConfig';
const [KEY_A = assert.fail()] = componentsIn([[ROGUE, keyXml('a')]]).values();
const SECOND = authorizationXml('Second', 'Keys');

const COMPARED: Readonly<Record<string, Comparison>> = {
  'MessagingChannel embeddedConfig.authMode': {
    source: { [WEB]: withoutTag(sourceOf(WEB), 'embeddedConfig') },
    org: {
      alsoTrusted: [{ component: 'PublicKeyCertificateSet:Keys', keys: thumbprintsOf(KEY_A), reason: 'A migration.' }],
    },
    change: (org) => edit(org, WEB, ['>Auth<', '>UnAuth<']),
    consequence: /User verification is off on Web, so anybody can start a chat without a token/,
  },
  'MessagingChannel embeddedConfig.messagingAuthorizations[]': {
    change: (org) => addAuthorization(org, WEB, SECOND),
    consequence: /signed with Key_A are accepted on Web for any customer \(Configuration Name Second\)/,
  },
  'MessagingChannel embeddedConfig.messagingAuthorizations[].authProviderName': {
    change: (org) => edit(org, WEB, ['<enabled>', '<authProviderName>Rogue_Login</authProviderName><enabled>']),
    consequence: /a key from Rogue_Login are accepted on Web/,
  },
  'MessagingChannel embeddedConfig.messagingAuthorizations[].enabled': {
    source: {
      [WEB]: sourceOf(WEB).replace('</embeddedConfig>', `${withoutTag(SECOND, 'enabled')}</embeddedConfig>`),
    },
    live: {
      [WEB]: sourceOf(WEB).replace(
        '</embeddedConfig>',
        `${authorizationXml('Second', 'Keys', false)}</embeddedConfig>`,
      ),
    },
    change: (org) => edit(org, WEB, ['<enabled>false<', '<enabled>true<']),
    consequence: /signed with Key_A are accepted on Web for any customer \(Configuration Name Second\)/,
  },
  'PublicKeyCertificateSet publicKeyCertificateSetKeys[]': {
    change: (org) => addKey(org, KEYS, 'Rogue'),
    consequence: /signed with Rogue are accepted on Mobile and Web/,
  },
  'PublicKeyCertificate isActive': {
    source: { [RETIRED]: withoutTag(sourceOf(RETIRED), 'isActive') },
    change: (org) => edit(org, RETIRED, ['>false<', '>true<']),
    consequence: /signed with Key_Retired are accepted on Mobile and Web/,
  },
  'EmbeddedServiceConfig isEnabled': {
    source: { [SITE]: sourceOf(SITE).replace('<isEnabled>false</isEnabled><masterLabel>', '<masterLabel>') },
    change: (org) => org.files.set(SITE, chatDeploymentXml('Mobile', true)),
  },
};

const PATHS = Object.entries(TRUST_SETTINGS).flatMap(([type, settings]) =>
  Object.entries(settings).map(([path, omission]) => [`${type} ${path}`, omission] as const),
);

test('every trust setting has a case', () => {
  assert.deepEqual([...Object.keys(REJECTED), ...Object.keys(COMPARED)].sort(), PATHS.map(([path]) => path).sort());
});

describe('a trust setting that source omits', () => {
  let validFiles: Files;
  before(async () => {
    validFiles = await validProject();
  });

  for (const [path, edits] of Object.entries(REJECTED))
    test(`is an error of the check: ${path}`, () => {
      assert.ok(PATHS.some(([each, omission]) => each === path && omission === 'rejected'));
      const errors = findingsIn(applyEdits(validFiles, edits)).filter(({ severity }) => severity === 'error');
      const name = path.split(/[ .]/).at(-1) ?? '';
      assert.ok(
        errors.some((each) => each.path.endsWith(name)),
        JSON.stringify(errors),
      );
    });

  for (const [path, { source, live, org: config, change, consequence }] of Object.entries(COMPARED))
    test(`${consequence ? 'is compared with the org' : 'is open, because it decides nothing about trust'}: ${path}`, async () => {
      const files = { ...TRUSTED_FILES, ...UNMANAGED_FILES, ...live };
      const sf = new FakeSf({ dev: { files, active: ['Web', 'Mobile', 'App', 'Guest', 'Partner'] } });
      const declared = componentsIn(Object.entries({ ...TRUSTED_FILES, ...source }));
      const desired = desiredState(sf, 'dev', [...declared.values()]);
      const state = { ...desired, org: { ...desired.org, ...config } };
      const trust = async () => {
        const [{ result, plan } = assert.fail()] = await planAll(sf, state);
        return [result.status, (plan?.undeclaredTrust ?? []).map((each) => each.consequence).join('\n')] as const;
      };
      assert.deepEqual(await trust(), ['unchanged', '']);
      change(sf.org('dev'));
      const [status, text] = await trust();
      assert.equal(status, consequence ? 'planned' : 'unchanged');
      assert.match(text, consequence ?? /^$/);
    });
});
