import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { MAX_KEY_FILE_BYTES, readKeyFileBytes } from '../../../lib/key-files';

const folder = mkdtempSync(join(tmpdir(), 'read-file-'));
after(() => rmSync(folder, { recursive: true }));

const write = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content, { mode: 0o640 });
  return join(folder, name);
};

test('reads a file and a link to it, with the permissions of the file', () => {
  const file = write('key.pem', 'content');
  symlinkSync(file, join(folder, 'link.pem'));
  for (const path of [file, join(folder, 'link.pem')]) {
    const { bytes, mode, isFile } = readKeyFileBytes(path);
    assert.deepEqual([bytes.toString(), mode, isFile], ['content', 0o640, true]);
  }
});

test('reads at most one byte beyond the limit, also of a device that never ends', () => {
  assert.equal(
    readKeyFileBytes(write('large', Buffer.alloc(MAX_KEY_FILE_BYTES + 9))).bytes.length,
    MAX_KEY_FILE_BYTES + 1,
  );
  assert.equal(readKeyFileBytes('/dev/zero').bytes.length, MAX_KEY_FILE_BYTES + 1);
});

test('reads a pipe of the shell, whose writer can be slow', () => {
  const script = `const { readKeyFileBytes } = require('./scripts/lib/key-files'); console.log(readKeyFileBytes(process.argv[1]).bytes.toString())`;
  const command = `"$0" -r ./.config/ts-node.cjs -e "$1" <(printf first; sleep 0.1; printf second)`;
  const output = execFileSync('bash', ['-c', command, process.execPath, script], { encoding: 'utf8' });
  assert.equal(output.trim(), 'firstsecond');
});

test('rejects a folder, a missing file, a link without a target, and a pipe without a writer', () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  symlinkSync(join(folder, 'nowhere'), join(folder, 'dangling'));
  for (const [file, why] of [
    [folder, /It is a folder/],
    [join(folder, 'none'), /ENOENT/],
    [join(folder, 'dangling'), /ENOENT/],
    [join(folder, 'pipe'), /nothing was written/],
  ] as const)
    assert.throws(() => readKeyFileBytes(file), { code: 'unreadable-file', exit: 3, why });
});
