import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Finding } from '../../lib/model';
import { privateMembers } from '../lib/jwk/test-keys';
import { malformedInputs, type MalformedInput } from './malformed-inputs';
import { folderDigest, temporaryFolder, createProject, writeFixture } from './test-project';
import { runKeysCommand, type KeysCommandFlags } from './run-keys-command';

const folder = temporaryFolder();
let project: string;
let digestBefore: string;
let inputs: readonly MalformedInput[];
before(async () => {
  project = createProject(folder);
  digestBefore = folderDigest(project);
  inputs = await malformedInputs();
});

function importFlags({ content, certificate, kid }: MalformedInput): KeysCommandFlags {
  const from = writeFixture(folder, 'input', content);
  const certificateFlags =
    certificate === undefined ? {} : { certificate: writeFixture(folder, 'certificate', certificate) };
  return { verb: 'import', name: 'Imported', from, ...certificateFlags, ...(kid !== undefined && { kid }) };
}

test('rejects each of at least 60 malformed inputs with a finding and a fix and writes nothing', async () => {
  assert.ok(inputs.length >= 60, String(inputs.length));
  for (const malformed of inputs) {
    const { exit, document, shown } = await runKeysCommand(project, importFlags(malformed));
    const findings = (document['findings'] ?? []) as readonly Finding[];
    assert.equal(exit, 3, `${malformed.name}: ${shown}`);
    assert.ok(
      findings.some(({ rule }) => rule === malformed.rule),
      `${malformed.name}: ${findings.map(({ rule }) => rule).join()}`,
    );
    assert.ok(
      findings.every(({ message, fix }) => message.length > 10 && fix.length > 10),
      malformed.name,
    );
  }
  assert.equal(folderDigest(project), digestBefore);
});

test('repeats no private member of a malformed input in a finding', async () => {
  const secrets = Object.values(privateMembers()).map(String);
  for (const malformed of inputs) {
    const { shown, document } = await runKeysCommand(project, importFlags(malformed));
    const said = shown + JSON.stringify(document);
    assert.ok(!secrets.some((secret) => said.includes(secret)), malformed.name);
  }
});

test('rejects a missing file and a folder as a key file', async () => {
  for (const from of [`${folder}/missing`, folder]) {
    const { exit, code } = await runKeysCommand(project, { verb: 'import', name: 'Imported', from });
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

test('rejects an invalid developer name', async () => {
  for (const name of NAMES) {
    assert.equal((await runKeysCommand(project, { verb: 'import', name, from: 'x' })).code, 'invalid-flag', name);
    assert.equal(
      (await runKeysCommand(project, { verb: 'new', name, privateKey: `${folder}/key.pem` })).code,
      'invalid-flag',
      name,
    );
  }
  assert.equal(folderDigest(project), digestBefore);
});
