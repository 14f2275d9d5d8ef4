import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Finding } from '../../lib/model';
import { privateMembersOf } from '../lib/jwk/keyring';
import { malformedInputs, type Malformed } from './malformed-inputs';
import { fingerprint, ownFolder, projectIn, put } from './project';
import { runVerb, type Told } from './ran';

const folder = ownFolder();
let project: string;
let untouched: string;
let inputs: readonly Malformed[];
before(async () => {
  project = projectIn(folder);
  untouched = fingerprint(project);
  inputs = await malformedInputs();
});

function toldOf({ content, certificate, kid }: Malformed): Told {
  const from = put(folder, 'input', content);
  const beside = certificate === undefined ? {} : { certificate: put(folder, 'certificate', certificate) };
  return { verb: 'import', name: 'Imported', from, ...beside, ...(kid !== undefined && { kid }) };
}

test('each of at least sixty malformed inputs has its finding, with a way out, and nothing is written', async () => {
  assert.ok(inputs.length >= 60, String(inputs.length));
  for (const malformed of inputs) {
    const { exit, document, shown } = await runVerb(project, toldOf(malformed));
    const findings = (document['findings'] ?? []) as readonly Finding[];
    assert.equal(exit, 3, `${malformed.what}: ${shown}`);
    assert.ok(
      findings.some(({ rule }) => rule === malformed.rule),
      `${malformed.what}: ${findings.map(({ rule }) => rule).join()}`,
    );
    assert.ok(
      findings.every(({ message, fix }) => message.length > 10 && fix.length > 10),
      malformed.what,
    );
  }
  assert.equal(fingerprint(project), untouched);
});

test('no finding repeats a private member', async () => {
  const secrets = Object.values(privateMembersOf()).map(String);
  for (const malformed of inputs) {
    const { shown, document } = await runVerb(project, toldOf(malformed));
    const said = shown + JSON.stringify(document);
    assert.ok(!secrets.some((secret) => said.includes(secret)), malformed.what);
  }
});

test('a file that is not there, and a folder, are no key', async () => {
  for (const from of [`${folder}/missing`, folder]) {
    const { exit, code } = await runVerb(project, { verb: 'import', name: 'Imported', from });
    assert.deepEqual([exit, code], [3, 'unreadable-file']);
  }
});

const NAMES = [
  '',
  '1st',
  'With-Dash',
  'with space',
  'Ends_',
  'Two__Underscores',
  '../Escape',
  'A'.repeat(81),
  'Ünïcode',
];

test('a name that is no developer name is refused', async () => {
  for (const name of NAMES) {
    assert.equal((await runVerb(project, { verb: 'import', name, from: 'x' })).code, 'bad-flag', name);
    assert.equal(
      (await runVerb(project, { verb: 'new', name, privateKey: `${folder}/key.pem` })).code,
      'bad-flag',
      name,
    );
  }
  assert.equal(fingerprint(project), untouched);
});
