import assert from 'node:assert/strict';
import { createRequire, findPackageJSON } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { readForceIgnore } from '../../../lib/project/force-ignore';
import { withFolder } from './temp-folder';

/** The class of the CLI's own library that decides which files are left out. */
interface CliForceIgnore {
  findAndCreate(path: string): { denies(path: string): boolean };
}

const library = findPackageJSON(
  '@salesforce/source-deploy-retrieve',
  findPackageJSON('@salesforce/cli', __filename) ?? '',
);
const { ForceIgnore } = createRequire(library ?? '')('./lib/src/resolve/forceIgnore.js') as {
  ForceIgnore: CliForceIgnore;
};

const FILES = [
  'force-app/main/default/queues/Chat.queue-meta.xml',
  'force-app/main/default/queues/Old_Chat.queue-meta.xml',
  'force-app/main/default/queues/old/Chat.queue-meta.xml',
  'force-app/main/default/messagingChannels/Web.messagingChannel-meta.xml',
  'force-app/main/default/EmbeddedServiceConfig/Old_Web.EmbeddedServiceConfig-meta.xml',
  'force-app/.hidden/queues/Chat.queue-meta.xml',
  'force-app/main/default/queues/Copy.queue-meta.xml.dup',
  'other/Chat.queue-meta.xml',
];

/** The files that both leave out, after they were compared. */
function ignored(patterns: string, location = '.forceignore'): readonly string[] {
  const files = { ...Object.fromEntries(FILES.map((file) => [file, ''])), [location]: patterns };
  return withFolder(files, (folder) => {
    const isIgnored = readForceIgnore(join(folder, 'force-app'));
    const cli = ForceIgnore.findAndCreate(join(folder, 'force-app'));
    const paths = FILES.filter((file) => file.startsWith('force-app/')).map((file) => join(folder, file));
    assert.deepEqual(
      paths.map((path) => [path, isIgnored(path)]),
      paths.map((path) => [path, cli.denies(path)]),
      JSON.stringify(patterns),
    );
    return paths.filter(isIgnored).map((path) => path.slice(folder.length + 1));
  });
}

const PATTERNS: readonly (readonly [claim: string, patterns: string, files: readonly string[]])[] = [
  ['a pattern with a folder', '**/EmbeddedServiceConfig/Old_*', [FILES[4] ?? '']],
  ['a folder, and its files', 'force-app/main/default/queues/', [1, 0, 2, 6].map((index) => FILES[index] ?? '').sort()],
  ['a name, in any folder', 'Chat.queue-meta.xml', [FILES[0] ?? '', FILES[2] ?? '']],
  ['a folder, in any place', 'old', [FILES[2] ?? '']],
  ['a pattern without the exceptions after it', '*.queue-meta.xml\n!Chat.queue-meta.xml', [FILES[1] ?? '']],
  ['no file for a comment or an empty line', '# *.xml\n\n', []],
  ['a pattern with a Windows line end', '**/messagingChannels/*\r\n', [FILES[3] ?? '']],
];

for (const [claim, patterns, files] of PATTERNS) {
  test(`leaves out ${claim}, as the CLI does`, () => {
    const always = [FILES[5] ?? '', FILES[6] ?? ''];
    assert.deepEqual([...ignored(patterns)].sort(), [...new Set([...files, ...always])].sort());
  });
}

test('leaves out no file without a .forceignore', () => {
  withFolder({ 'force-app/.hidden/Chat.queue-meta.xml': '' }, (folder) => {
    const path = join(folder, 'force-app/.hidden/Chat.queue-meta.xml');
    assert.equal(readForceIgnore(join(folder, 'force-app'))(path), false);
    assert.equal(ForceIgnore.findAndCreate(join(folder, 'force-app')).denies(path), false);
  });
});

test('uses the .forceignore of the package directory if it has one', () => {
  assert.ok(ignored('main/default/queues/Chat.queue-meta.xml', 'force-app/.forceignore').includes(FILES[0] ?? ''));
});

test('names a .forceignore that is a folder', () => {
  withFolder({ 'force-app/.forceignore/x': '' }, (folder) =>
    assert.throws(() => readForceIgnore(join(folder, 'force-app')), {
      code: 'unreadable-file',
      exit: 3,
      what: `${join(folder, 'force-app/.forceignore')} can't be read.`,
      why: 'It is a folder.',
    }),
  );
});

test('agrees with the CLI about any patterns', () => {
  const parts = fc.constantFrom(
    '**',
    '*',
    'force-app',
    'queues',
    'old',
    '*.queue-meta.xml',
    'Old_*',
    'Web*',
    '.hidden',
    'main',
  );
  const pattern = fc
    .tuple(
      fc.constantFrom('', '!', '#', '/'),
      fc.array(parts, { minLength: 1, maxLength: 4 }),
      fc.constantFrom('', '/', ' '),
    )
    .map(([start, names, end]) => `${start}${names.join('/')}${end}`);
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 4 }), fc.constantFrom('\n', '\r\n'), (lines, lineEnd) => {
      ignored(lines.join(lineEnd));
    }),
    { numRuns: 60 },
  );
});
