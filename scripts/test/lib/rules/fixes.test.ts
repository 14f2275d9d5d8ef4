/** Does what the fixes of rules say, and checks again: the finding is gone, and nothing else is reported. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { before, test } from 'node:test';
import type { Context } from '../../../lib/cli';
import { runKeys } from '../../../lib/keys';
import type { KeysFlags } from '../../../lib/keys/flags';
import { commandsIn, type Finding } from '../../../lib/model';
import { filesBelow, pemOf, temporaryFolder } from '../../commands-keys/test-project';
import { testContext } from '../../commands/run-command';
import { parseRecommended } from '../command-definitions';
import { createCertificate, keyPair, NOW, type Jwk } from '../jwk/test-keys';
import { AUTHORIZATION_CASES, CHANNEL_CASES } from './cases/channel';
import { FLEET_CASES } from './cases/fleet';
import { KEY_CASES } from './cases/key';
import { ENDPOINT_CASES, KEYSET_CASES } from './cases/keyset';
import type { RuleCase } from './cases/rule-case';
import { SCHEMA_CASES } from './cases/schema';
import { applyEdits, FILE, findingsIn, key, validProject, type Edits, type Files } from './valid-project';

const CASES: readonly RuleCase[] = [
  ...[...SCHEMA_CASES, ...CHANNEL_CASES, ...AUTHORIZATION_CASES, ...KEYSET_CASES],
  ...[...ENDPOINT_CASES, ...KEY_CASES, ...FLEET_CASES],
];

/** The files after somebody did what a part of the fix says. The parts are checked one by one: a fix can offer several. */
type Step = (files: Files, finding: Finding) => Files | Promise<Files>;

interface Instruction {
  readonly rule: string;
  /** The part of the fix that is followed. */
  readonly says: string;
  readonly step: Step;
  /** Only the case with this text, if the cases of a rule differ. */
  readonly when?: string;
  /** An accepted finding stays, with a lower severity. */
  readonly accepted?: true;
}

const edit =
  (edits: Edits): Step =>
  (files) =>
    applyEdits(files, edits);

/** Removes a text wherever the files contain it. */
const remove =
  (pattern: RegExp, ...names: readonly string[]): Step =>
  (files) => {
    const changed = names.map((name) => [name, (files[name] ?? '').replace(pattern, '')] as const);
    assert.ok(changed.some(([name, text]) => files[name] !== text));
    return { ...files, ...Object.fromEntries(changed) };
  };

const deleteFile = (files: Files, name: string): Files => {
  assert.ok(name in files, name);
  return Object.fromEntries(Object.entries(files).filter(([file]) => file !== name));
};

const JWK_TEXT = /<jsonWebKey>(.*)<\/jsonWebKey>/s;

/** Removes members from the JSON web key of the third key. */
const removeMembers =
  (...names: readonly string[]): Step =>
  (files) => {
    const jwk = JSON.parse(JWK_TEXT.exec(files[FILE.keyC] ?? '')?.[1] ?? '') as Jwk;
    const kept = Object.entries(jwk).filter(([name]) => !names.includes(name));
    assert.ok(kept.length < Object.keys(jwk).length);
    return { ...files, [FILE.keyC]: key(Object.fromEntries(kept)) };
  };

const parent = temporaryFolder();

/** Runs a command of the fix in a folder with these files. `values` stand for the words in capitals. */
async function run(files: Files, command: string, values: Readonly<Record<string, string>>): Promise<Files> {
  const folder = mkdtempSync(join(parent, 'project-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const filled = command.replace(/\b[A-Z]{4,}\b/g, (word) => values[word] ?? word);
  const { flags } = parseRecommended(filled);
  const output = { shown: [], documents: [], progress: [], questions: [] };
  const context = { ...testContext(folder, {}, output), now: NOW, flags: { ...flags, project: folder } };
  assert.equal(await runKeys(context as unknown as Context<KeysFlags>), 0, output.shown.join('\n'));
  return Object.fromEntries(filesBelow(folder).map((name) => [relative(folder, name), readFileSync(name, 'utf8')]));
}

const commandWith = ({ fix }: Finding, part: string): string =>
  commandsIn(fix).find((command) => command.includes(part)) ?? assert.fail(`no ${part} in: ${fix}`);

const outside = (name: string): string => join(mkdtempSync(join(parent, 'outside-')), name);

/** Imports a valid certificate of the key pair of the third key. */
const importCertificate: Step = async (files, finding) => {
  const file = outside('new.pem');
  writeFileSync(file, pemOf('CERTIFICATE', await createCertificate(keyPair('third'))));
  return run(files, commandWith(finding, 'keys -- import Key_C'), { FILE: file });
};

/** Imports the certificate of another key pair, and lists that key. */
const importOther: Step = async (files, finding) => {
  const file = outside('other.pem');
  writeFileSync(file, pemOf('CERTIFICATE', await createCertificate(keyPair('fourth'))));
  const after = await run(files, commandWith(finding, 'import NAME'), { NAME: 'Other', FILE: file });
  // The old key is listed nowhere now, and `key-unused` says to delete it.
  return deleteFile(applyEdits(after, { [FILE.spare]: [['Key_C', 'Other']] }), FILE.keyC);
};

const createKey = (files: Files, finding: Finding): Promise<Files> =>
  run(files, commandWith(finding, 'keys -- new'), { NAME: 'Own', FILE: outside('own.pem') });

/** Creates a key, lists it instead of the sample, and deletes the file of the sample. */
const replaceSample =
  (orgFile: string): Step =>
  async (files, finding) => {
    const after = await createKey(files, finding);
    return deleteFile(applyEdits(after, { [orgFile]: [['Certificate:Sample', 'Certificate:Own']] }), finding.file);
  };

/** Adds the entry of the fix to an org file. */
const accept = (rule: string): Instruction => ({
  ...{ rule, says: `"accept": [{ "rule": "${rule}", "reason": "..." }]`, accepted: true },
  step: (files, { fix }) => {
    const [entry = ''] = /"accept": \[.*?\]/.exec(fix) ?? [];
    return applyEdits(files, { [FILE.prod]: [['"kind"', `${entry}, "kind"`]] });
  },
});

/** Adds the line of the fix to both org files. */
const addExisting: Step = (files, { fix }) => {
  const [, line = ''] = /: ("existing": \[.*?\])\.$/.exec(fix) ?? [];
  const edits = [['"kind"', `${line}, "kind"`]] as const;
  return applyEdits(files, { [FILE.dev]: edits, [FILE.prod]: edits });
};

const setVersion =
  (version: string): Step =>
  (files) => ({ ...files, [FILE.project]: (files[FILE.project] ?? '').replace(/"\d+\.0"/, `"${version}"`) });

const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];
const KEYSET_ITEM = /<publicKeyCertificateSetKeys>.*?<\/publicKeyCertificateSetKeys>\n/gs;
const AUTHORIZATIONS = /<messagingAuthorizations>.*?<\/messagingAuthorizations>/gs;

const INSTRUCTIONS: readonly Instruction[] = [
  { rule: 'unknown-element', says: 'Remove it, because', step: remove(/<masterLable>.*<\/masterLable>/, FILE.web) },
  { rule: 'newer-element', says: '"sourceApiVersion" to "66.0"', when: 'an element', step: setVersion('66.0') },
  {
    ...{ rule: 'newer-element', says: 'remove the element', when: 'an element' },
    step: remove(/<shouldShowAgentforceTagline>.*\n/, FILE.app),
  },
  { rule: 'newer-element', says: '"sourceApiVersion" to "64.0"', when: 'a value', step: setVersion('64.0') },
  {
    ...{ rule: 'newer-element', says: 'use another value', when: 'a value' },
    step: edit({ [FILE.web]: [['>AgentforceServiceAgent<', '>Queue<']] }),
  },
  { rule: 'repeated-element', says: 'Keep one of them', step: remove(/<masterLabel >.*\n/, FILE.web) },
  {
    ...{ rule: 'duplicate-list-item', says: 'Keep one of them' },
    step: remove(/<publicKeyCertificateSetKeys>[^\n]*again[^\n]*\n/, FILE.spare),
  },
  { rule: 'undeployed-reference', says: 'add this line', step: addExisting },
  { rule: 'ignored-reference', says: 'Remove the pattern', step: (files) => ({ ...files, '.forceignore': '' }) },
  { rule: 'ignored-reference', says: 'add this line', step: addExisting },
  { rule: 'org-value', says: 'Remove the element', step: remove(/<site>.*<\/site>\n/, FILE.app) },
  {
    // The override of production has configurations too.
    ...{ rule: 'not-enhanced-chat', says: 'set authMode to UnAuth and remove messagingAuthorizations' },
    step: async (files, finding) => {
      const after = await remove(AUTHORIZATIONS, FILE.web)(files, finding);
      const prod = JSON.parse(files[FILE.prod] ?? '') as { overrides: { MessagingChannel: { Web?: object } } };
      delete prod.overrides.MessagingChannel.Web;
      return { ...applyEdits(after, { [FILE.web]: [['>Auth<', '>UnAuth<']] }), [FILE.prod]: JSON.stringify(prod) };
    },
  },
  {
    ...{ rule: 'app-mixed-verification', says: 'remove the app from one of them' },
    step: remove(/\n?App: \S+(?=<)/, FILE.guest),
  },
  {
    ...{ rule: 'authorization-without-auth', says: 'remove messagingAuthorizations' },
    step: remove(AUTHORIZATIONS, FILE.spareChannel),
  },
  {
    ...{ rule: 'authorization-provider', says: 'Remove authProviderName' },
    step: remove(/<authProviderName>.*\n/, FILE.web),
  },
  {
    ...{ rule: 'keyset-endpoint-unused', says: 'Remove jwksEndPoint' },
    step: remove(/<jwksEndPoint>.*\n/, FILE.spare),
  },
  {
    ...{ rule: 'keyset-endpoint-unused', says: 'set type to JWKS_URL and remove the keys' },
    step: async (files, finding) =>
      applyEdits(await remove(KEYSET_ITEM, FILE.spare)(files, finding), {
        [FILE.spare]: [['>JWKS<', '>JWKS_URL<']],
      }),
  },
  {
    ...{ rule: 'keyset-keys-unused', says: 'Remove publicKeyCertificateSetKeys' },
    step: remove(KEYSET_ITEM, FILE.spareFetched),
  },
  {
    ...{ rule: 'keyset-keys-unused', says: 'set type to JWKS and remove jwksEndPoint' },
    step: async (files, finding) =>
      applyEdits(await remove(/<jwksEndPoint>.*\n/, FILE.spareFetched)(files, finding), {
        [FILE.spareFetched]: [['>JWKS_URL<', '>JWKS<']],
      }),
  },
  { rule: 'endpoint-credentials', says: 'remove the credentials', step: remove(/u:p@/, FILE.spareFetched) },
  {
    rule: 'endpoint-fragment',
    says: 'Remove the "#" and everything after it',
    step: remove(/#[^<]*/, FILE.spareFetched),
  },
  {
    ...{ rule: 'compromised-key', says: 'Set isActive to false', when: 'gets an active key' },
    step: edit({ [FILE.keyA]: [['<isActive>true<', '<isActive>false<']] }),
  },
  {
    ...{ rule: 'compromised-key', says: 'Set isActive to false', when: 'an override' },
    step: edit({ [FILE.dev]: [['"isActive": true', '"isActive": false']] }),
  },
  {
    ...{ rule: 'compromised-key', says: 'To replace the key, create a key pair', when: 'gets an active key' },
    step: async (files, finding) =>
      applyEdits(await createKey(files, finding), {
        [FILE.uploaded]: [['Key_A', 'Own']],
        [FILE.keyA]: [['<isActive>true<', '<isActive>false<']],
      }),
  },
  { rule: 'duplicate-key', says: 'Remove one of them', step: remove(/<public\w+><public\w+>Key_C<.*\n/, FILE.spare) },
  { rule: 'jwk-duplicate-member', says: 'Remove the duplicate', step: remove(/"kid":"other",/, FILE.keyC) },
  { rule: 'jwk-private-key', says: 'Remove it from all files', step: removeMembers(...PRIVATE_MEMBERS) },
  { rule: 'jwk-placeholder-members', says: 'You can remove them', step: removeMembers('y', 'crv', 'd', 'k') },
  { rule: 'jwk-key-ops', says: 'Remove key_ops', step: removeMembers('key_ops') },
  { rule: 'jwk-x5c-ca', says: 'import it: npm run', step: importCertificate },
  { rule: 'jwk-x5c-ca', says: 'list that key instead of Key_C', step: importOther },
  { rule: 'jwk-x5c-expired', says: 'import it: npm run', step: importCertificate },
  { rule: 'jwk-x5c-expires-soon', says: 'import it: npm run', step: importCertificate },
  accept('shared-issuer'),
  accept('shared-endpoint'),
  accept('shared-endpoint-other-issuer'),
  accept('shared-key'),
  { rule: 'sample-key', says: 'Create your own key (npm run', step: replaceSample(FILE.prod) },
  { rule: 'sample-key-in-use', says: 'Create your own key (npm run', step: replaceSample(FILE.dev) },
  { rule: 'chat-api-host', says: 'Remove scrt2URL', step: remove(/"scrt2URL": "[^"]*", /, FILE.dev) },
];

/** A fix without these words is prose only: the reader chooses a value, and the cases of a rule show a valid one. */
const NAMES_A_STEP = /\b(?:remove|delete|keep one)\b|npm run|npx |"accept"/i;

let validFiles: Files;
before(async () => {
  validFiles = await validProject();
});

const violated = async ({ violation }: RuleCase): Promise<Files> =>
  applyEdits(validFiles, typeof violation === 'function' ? await violation() : violation);

const casesOf = ({ rule, when }: Instruction): readonly RuleCase[] =>
  CASES.filter((each) => each.rule === rule && (when === undefined || each.violatedWhen.includes(when)));

for (const instruction of INSTRUCTIONS)
  for (const ruleCase of casesOf(instruction))
    test(`${instruction.rule}: "${instruction.says}" works if ${ruleCase.violatedWhen}`, async () => {
      const files = await violated(ruleCase);
      const finding = findingsIn(files)[0] ?? assert.fail('no finding');
      assert.ok(finding.fix.includes(instruction.says), finding.fix);
      const left = findingsIn(await instruction.step(files, finding));
      if (instruction.accepted) {
        assert.deepEqual([...new Set(left.map(({ rule }) => rule))], [finding.rule]);
        assert.ok(left.every(({ severity }) => severity !== finding.severity && severity !== 'error'));
      } else assert.deepEqual(left, []);
    });

/** The rules whose fixes name no command and no deletion. */
const PROSE = `
  api-version api-version-not-set auth-identifier auth-mode auth-without-authorization authorization-enabled-not-set
  authorization-keyset authorization-type bad-value channel-without-queue duplicate-kid endpoint-discovery endpoint-not-clean
  endpoint-not-https endpoint-not-url endpoint-private endpoint-salesforce identifier-two-keysets issuer-lookalike issuer-missing
  issuer-whitespace jwk-alg jwk-kid jwk-not-json jwk-not-one-key jwk-not-rsa jwk-numbers jwk-too-short jwk-use jwk-x5c-encoding
  jwk-x5c-missing jwk-x5c-not-yet-valid jwk-x5c-other-key key-active-not-set keyset-two-identifiers keyset-without-active-key
  keyset-without-endpoint keyset-without-keys missing-element placeholder queue-without-routing queue-without-sessions
  session-based-chat unresolved-reference unverified-expiration verified-expiration verified-expiration-disputed`;

test('every fix of a rule that names a command or a deletion is followed by a test', async () => {
  const unfollowed: string[] = [];
  for (const ruleCase of CASES) {
    const { fix = '' } = findingsIn(await violated(ruleCase))[0] ?? {};
    if (NAMES_A_STEP.test(fix) && !INSTRUCTIONS.some((each) => casesOf(each).includes(ruleCase)))
      unfollowed.push(`${ruleCase.rule}: ${fix}`);
  }
  assert.deepEqual(unfollowed, []);
  assert.ok(INSTRUCTIONS.every((each) => casesOf(each).length > 0));
  const followed = new Set(INSTRUCTIONS.map(({ rule }) => rule));
  const prose = [...new Set(CASES.map(({ rule }) => rule))].filter((rule) => !followed.has(rule));
  assert.deepEqual(prose.sort(), PROSE.trim().split(/\s+/));
});
