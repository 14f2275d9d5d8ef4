import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeEdits } from '../../../lib/keys/source-files';
import { withFolder } from '../project/temp-folder';

const FILE = 'force-app/Keys.PublicKeyCertificateSet-meta.xml';
const OTHER = 'force-app/Other.PublicKeyCertificateSet-meta.xml';
const PROJECT_FILE = JSON.stringify({
  packageDirectories: [{ path: 'force-app' }],
  replacements: [{ glob: '**/*.xml', stringToReplace: 'ISSUER', replaceWithEnv: 'SOURCE_FILES_ISSUER' }],
});

test('rejects an edit of a file with a text that sfdx-project.json replaces, and writes no file', () => {
  process.env['SOURCE_FILES_ISSUER'] = 'https://id.uat.example.com';
  withFolder({ 'sfdx-project.json': PROJECT_FILE, [FILE]: '<a>ISSUER</a>', [OTHER]: '<a>x</a>' }, (folder) => {
    const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
    const edits = new Map([OTHER, FILE].map((file) => [file, '<a>y</a>']));
    assert.throws(() => writeEdits(folder, edits), { code: 'replaced-text', exit: 3 });
    assert.deepEqual([read(FILE), read(OTHER)], ['<a>ISSUER</a>', '<a>x</a>']);
    writeEdits(folder, new Map([[OTHER, '<a>y</a>']]));
    assert.equal(read(OTHER), '<a>y</a>');
  });
});
