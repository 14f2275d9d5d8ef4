import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Finding } from '../../../lib/model';
import { checkOrg } from '../../../lib/rules';
import { NOW } from '../jwk/test-keys';
import { desiredState, readComponent } from './org-components';
import {
  AUTHORIZATION,
  applyEdits,
  FILE,
  findingsIn,
  validProject,
  xml,
  type Edits,
  type Files,
} from './valid-project';

let validFiles: Files;
before(async () => {
  validFiles = await validProject();
});

const findingsAfter = (edits: Edits): readonly Finding[] => findingsIn(applyEdits(validFiles, edits));

test('reports a violation in source once for all orgs', () => {
  const findings = findingsAfter({ [FILE.guest]: [['UnAuth', 'unauth']] });
  assert.equal(findings.length, 1);
  assert.equal(findings[0]?.component, 'MessagingChannel:Guest');
  assert.equal(findings[0]?.path, 'embeddedConfig.authMode');
  assert.doesNotMatch(findings[0]?.message ?? '', /\(In /);
});

test('reports a violation caused by an override at its line of the org file', () => {
  const override = '"overrides": {\n"MessagingChannel": { "Guest": { "embeddedConfig": {\n"authMode": "Author" } } },';
  const [finding, ...others] = findingsAfter({ [FILE.dev]: [['"overrides": {', override]] });
  assert.deepEqual(others, []);
  assert.deepEqual([finding?.rule, finding?.file], ['auth-mode', FILE.dev]);
  const line = applyEdits(validFiles, { [FILE.dev]: [['"overrides": {', override]] })[FILE.dev]?.split('\n') ?? [];
  assert.match(line[(finding?.line ?? 0) - 1] ?? '', /"authMode"/);
});

test('a violation caused by a null override is reported in the source, with the org', () => {
  const override = '"overrides": {\n"MessagingChannel": { "Guest": { "masterLabel": null } },';
  const [finding, ...others] = findingsAfter({ [FILE.dev]: [['"overrides": {', override]] });
  assert.deepEqual(others, []);
  assert.deepEqual([finding?.rule, finding?.file], ['missing-element', FILE.guest]);
  assert.match(finding?.message ?? '', /\(In dev\.\)$/);
});

test('a finding about the channels of several orgs is reported once, with the orgs', () => {
  const [finding, ...others] = findingsAfter({
    [FILE.guest]: [['Guest channel', 'App: com.example.shop']],
    [FILE.mobile]: [['Mobile channel', 'App: com.example.shop']],
  });
  assert.deepEqual(others, []);
  assert.match(finding?.message ?? '', /Mobile with user verification on .* Guest with it off .* \(In dev, prod\.\)$/);
});

test('sorts findings by file and line', () => {
  const findings = findingsAfter({
    [FILE.web]: [
      ['>60<', '>59<'],
      ['>360<', '>59<'],
    ],
    [FILE.guest]: [['UnAuth', 'x']],
    [FILE.project]: [['67.0', 'x']],
  });
  const places = findings.map(({ file, line }) => `${file}:${String(line).padStart(4, '0')}`);
  assert.deepEqual(places, [...places].sort());
  assert.equal(findings.length, 4);
});

test('names every production org that trusts a key of another org, and the file of each', () => {
  const prod = (validFiles[FILE.prod] ?? '').replace('"kind"', '"include": ["PublicKeyCertificate:Key_A"], "kind"');
  const second = prod.replace('00D000000000002EAA', '00D000000000003EAA');
  const found = (edits: Edits) => findingsAfter(edits).find(({ rule }) => rule === 'shared-key');
  const [one, two] = [{ [FILE.prod]: prod }, { [FILE.prod]: prod, 'config/orgs/prod_us.json': second }].map(found);
  assert.match(one?.message ?? '', /^Production org prod trusts the same key as dev\. A test token/);
  assert.match(two?.message ?? '', /^Production orgs prod and prod_us trust the same key as dev\. A test token/);
  assert.match(two?.fix ?? '', /edit config\/orgs\/prod\.json and config\/orgs\/prod_us\.json\. To accept it there: /);
});

test('names a list item by its key', () => {
  const [finding] = findingsAfter({ [FILE.spareChannel]: [['>Partner<', '>2nd<']] });
  assert.equal(finding?.path, 'embeddedConfig.messagingAuthorizations[2nd].authIdentifier');
});

test('checks certificates at the given time', () => {
  const rules = (now: string) => new Set(findingsIn(validFiles, new Date(now)).map(({ rule }) => rule));
  assert.deepEqual(rules('2027-09-25T00:00:00Z'), new Set(['jwk-x5c-expires-soon']));
  assert.deepEqual(rules('2028-01-01T00:00:00Z'), new Set(['jwk-x5c-expired']));
  assert.deepEqual(rules('2026-01-01T00:00:00Z'), new Set(['jwk-x5c-not-yet-valid']));
});

const channel = (keyset: string, identifier = 'Customer'): string => {
  const authorization = AUTHORIZATION.replace('Customer', identifier).replace('>Uploaded<', `>${keyset}<`);
  return xml('MessagingChannel', `<embeddedConfig><authMode>Auth</authMode>${authorization}</embeddedConfig>`);
};

test('a conflict with a channel that only the org has is reported at the managed channel, in any order', () => {
  const ours = readComponent('MessagingChannel', 'Web', channel('Uploaded'), FILE.web);
  const theirs = readComponent('MessagingChannel', 'Someone_Elses', channel('Legacy'));
  for (const components of [
    [ours, theirs],
    [theirs, ours],
  ]) {
    const [finding, ...others] = checkOrg(desiredState(...components), NOW);
    assert.deepEqual(others, []);
    assert.deepEqual([finding?.rule, finding?.file], ['identifier-two-keysets', FILE.web]);
    assert.match(finding?.message ?? '', /keyset Uploaded here and to Legacy in Someone_Elses/);
  }
});

test('reports a conflict between two unmanaged channels without a file', () => {
  const live = ['A', 'B'].map((name) => readComponent('MessagingChannel', name, channel('Legacy', name)));
  const findings = checkOrg(desiredState(...live), NOW);
  assert.deepEqual(
    findings.map(({ rule, file, line }) => [rule, file, line]),
    [['keyset-two-identifiers', '', 0]],
  );
});

test('the check of an org does not report violations of single components', () => {
  const broken = readComponent(
    'MessagingChannel',
    'Broken',
    xml('MessagingChannel', '<sessionHandlerQueue>None</sessionHandlerQueue>'),
  );
  assert.deepEqual(checkOrg(desiredState(broken), NOW), []);
});

test('checks the keys of a keyset only if the org has all of them', () => {
  const keyset = validFiles[FILE.uploaded] ?? '';
  const inactive = readComponent(
    'PublicKeyCertificate',
    'Key_A',
    (validFiles[FILE.keyA] ?? '').replace('>true<', '>false<'),
  );
  const set = readComponent('PublicKeyCertificateSet', 'Uploaded', keyset, FILE.uploaded);
  assert.deepEqual(checkOrg(desiredState(set, inactive), NOW), []);
  const other = readComponent(
    'PublicKeyCertificate',
    'Key_B',
    (validFiles[FILE.keyB] ?? '').replace('>true<', '>false<'),
  );
  assert.deepEqual(
    checkOrg(desiredState(set, inactive, other), NOW).map(({ rule }) => rule),
    ['keyset-without-active-key'],
  );
});
