import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRsaPrivateKey } from '../../../lib/key-files';
import { parsePublicKey } from '../../../lib/keys/parse-public-key';
import { createOpensslFiles } from './openssl-files';
import { rejectedFiles, type RejectedFile } from './rejected-files';

const GOLDEN = join(__dirname, 'golden', 'rejected-files.txt');

const files = createOpensslFiles();
const rejected = rejectedFiles(files);

interface Rejection {
  readonly message: string;
  readonly fix: string;
}

/** The errors for a file, or none if it was accepted. */
function errorsOf({ use, content }: RejectedFile): readonly Rejection[] {
  const bytes = Buffer.from(content);
  if (use === 'import') {
    const result = parsePublicKey({ from: 'FILE', bytes }, { now: new Date() });
    return result.jwk ? [] : result.findings.filter(({ severity }) => severity === 'error');
  }
  const reading = readRsaPrivateKey(bytes);
  return 'problem' in reading ? [reading.problem] : [];
}

const textOf = (file: RejectedFile): string =>
  [
    `${file.use}: ${file.name}`,
    ...errorsOf(file).flatMap(({ message, fix }) => [`  ${message}`, `  Fix: ${fix}`]),
  ].join('\n');

test('each of at least 60 rejected files has a message and an action for its owner (UPDATE_GOLDEN=1 rewrites them)', () => {
  assert.ok(rejected.length >= 60);
  const text = `${rejected.map(textOf).join('\n\n')}\n`;
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, text);
  assert.equal(text, readFileSync(GOLDEN, 'utf8'));
});

test('every rejected file has an error with a message and an action', () => {
  for (const file of rejected) {
    const errors = errorsOf(file);
    assert.ok(errors.length > 0, `${file.name} was accepted`);
    for (const { message, fix } of errors) assert.ok(message.length > 10 && fix.length > 10, file.name);
  }
});

test('no message repeats a line of a private key or a certificate', () => {
  const secrets = ['signer.key', 'signer.crt', 'ec.key', 'signer.encrypted.key'].flatMap((name) =>
    files
      .text(name)
      .split('\n')
      .filter((line) => line.length >= 30 && !line.startsWith('-')),
  );
  for (const file of rejected) {
    const said = JSON.stringify(errorsOf(file));
    assert.ok(!secrets.some((secret) => said.includes(secret)), file.name);
  }
});
