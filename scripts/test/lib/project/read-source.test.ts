import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXIT, ToolError } from '../../../lib/errors';
import { readSource, type Source } from '../../../lib/project';
import { withFolder } from './temp-folder';

type Files = Readonly<Record<string, string>>;

const project = (...paths: string[]): Files => ({
  'sfdx-project.json': JSON.stringify(
    { packageDirectories: paths.map((path) => ({ path })), sourceApiVersion: '67.0' },
    null,
    1,
  ),
});
const APP = 'force-app/main/default';
const queue = '<Queue>\n<name>Chat</name>\n</Queue>';
const readFiles = (files: Files): Source => withFolder({ ...project('force-app'), ...files }, readSource);
const findingLocations = ({ findings }: Source): readonly string[] =>
  findings.map(({ rule, file, line }) => `${rule} ${file}:${line}`);

test('reads each file of a known type in any folder of a package directory', () => {
  const source = readFiles({
    [`${APP}/queues/Chat.queue-meta.xml`]: queue,
    'force-app/else/where/Other.queue-meta.xml': queue,
    [`${APP}/PublicKeyCertificate/Key.PublicKeyCertificate-meta.xml`]: '<PublicKeyCertificate/>',
    [`${APP}/PublicKeyCertificateSet/Key.PublicKeyCertificateSet-meta.xml`]: '<PublicKeyCertificateSet/>',
  });
  assert.deepEqual(findingLocations(source), []);
  const keys = ['PublicKeyCertificate:Key', 'PublicKeyCertificateSet:Key', 'Queue:Chat', 'Queue:Other'];
  assert.deepEqual([...source.components.keys()].sort(), keys);
  const name = source.components.get('Queue:Chat')?.root.children[0];
  assert.deepEqual(name?.origin, { file: `${APP}/queues/Chat.queue-meta.xml`, line: 2 });
});

test('ignores files of other types and folders that the CLI ignores', () => {
  const source = readFiles({
    [`${APP}/classes/A.cls`]: 'class A {',
    [`${APP}/labels/Custom.labels-meta.xml`]: '<broken',
    [`${APP}/queues/Chat.queue-meta.xml.orig`]: '<broken',
    [`${APP}/queues/README.md`]: '&',
    ...Object.fromEntries(
      ['node_modules', '__tests__', '.sfdx', '.git'].map((name) => [`force-app/${name}/A.queue-meta.xml`, '<broken']),
    ),
  });
  assert.deepEqual(findingLocations(source), []);
  assert.equal(source.components.size, 0);
});

const INVALID_FILES: readonly (readonly [claim: string, files: Files, place: string])[] = [
  [
    'a malformed file',
    { [`${APP}/A.queue-meta.xml`]: '<Queue>\n<name></Queue>' },
    `ill-formed-xml ${APP}/A.queue-meta.xml:2`,
  ],
  ['an empty file', { [`${APP}/A.queue-meta.xml`]: '' }, `ill-formed-xml ${APP}/A.queue-meta.xml:1`],
  ['a file of another type', { [`${APP}/A.queue-meta.xml`]: '\n<Group/>' }, `wrong-root ${APP}/A.queue-meta.xml:2`],
  [
    'a second file for one component',
    { [`${APP}/A.queue-meta.xml`]: queue, [`${APP}/b/A.queue-meta.xml`]: queue.replace('Chat', 'Desk') },
    `duplicate-component ${APP}/b/A.queue-meta.xml:1`,
  ],
  [
    'a key with the suffix in another case',
    { [`${APP}/A.publicKeyCertificate-meta.xml`]: '<PublicKeyCertificate/>' },
    `wrong-suffix-case ${APP}/A.publicKeyCertificate-meta.xml:0`,
  ],
  [
    'a keyset with the suffix in another case',
    { [`${APP}/A.PublicKeyCertificateset-meta.xml`]: '<PublicKeyCertificateSet/>' },
    `wrong-suffix-case ${APP}/A.PublicKeyCertificateset-meta.xml:0`,
  ],
  ['a missing package directory', project('force-app', 'gone'), 'missing-package-directory sfdx-project.json:1'],
  [
    'a package directory that is a file',
    project('force-app', 'sfdx-project.json'),
    'missing-package-directory sfdx-project.json:1',
  ],
  ['a project without package directories', { 'sfdx-project.json': '{}' }, 'no-package-directory sfdx-project.json:1'],
  [
    'package directories that are not a list',
    { 'sfdx-project.json': '{"packageDirectories": "x"}' },
    'no-package-directory sfdx-project.json:1',
  ],
  ['a project file that is a list', { 'sfdx-project.json': '[]' }, 'no-package-directory sfdx-project.json:1'],
  ['a project file that is not JSON', { 'sfdx-project.json': '{\n"a": }' }, 'ill-formed-json sfdx-project.json:2'],
  ['an empty project file', { 'sfdx-project.json': '' }, 'ill-formed-json sfdx-project.json:1'],
];

for (const [claim, files, place] of INVALID_FILES) {
  test(`reports ${claim} with its location and a fix`, () => {
    const source = readFiles({ [`${APP}/Good.queue-meta.xml`]: queue, ...files });
    assert.deepEqual(findingLocations(source), [place]);
    assert.ok(source.findings.every(({ severity, fix }) => severity === 'error' && fix.endsWith('.')));
  });
}

test('reads the other files despite an invalid file', () => {
  const source = readFiles({ [`${APP}/A.queue-meta.xml`]: '<', [`${APP}/B.queue-meta.xml`]: queue });
  assert.deepEqual([...source.components.keys()], ['Queue:B']);
});

test('reads a component in nested package directories once', () => {
  const source = readFiles({ ...project('force-app', 'force-app/main'), [`${APP}/A.queue-meta.xml`]: queue });
  assert.deepEqual(findingLocations(source), []);
});

test('notes a second file for one component that says the same in another layout', () => {
  const copy = `\uFEFF${queue.replaceAll('\n', '\r\n  ')}`;
  const source = readFiles({ [`${APP}/A.queue-meta.xml`]: queue, [`${APP}/b/A.queue-meta.xml`]: copy });
  assert.deepEqual(
    source.findings.map(({ rule, severity }) => [rule, severity]),
    [['duplicate-component', 'note']],
  );
});

test('leaves out what .forceignore excludes, and knows where it is', () => {
  const source = readFiles({
    '.forceignore': '**/old/**',
    [`${APP}/old/A.queue-meta.xml`]: '<broken',
    [`${APP}/old/Route.flow-meta.xml`]: '',
    [`${APP}/B.queue-meta.xml`]: queue,
  });
  assert.deepEqual([[...source.components.keys()], source.findings], [['Queue:B'], []]);
  const ignored = (file: string) => ({ file: `${APP}/old/${file}`, reason: 'ignored' });
  assert.deepEqual(source.undeployed.get('Queue:A'), ignored('A.queue-meta.xml'));
  assert.deepEqual(source.undeployed.get('Flow:Route'), ignored('Route.flow-meta.xml'));
});

test('applies the replacements of sfdx-project.json before a file is read', () => {
  const replacements = [{ glob: '**/*.xml', stringToReplace: 'ROOT', replaceWithEnv: 'READ_SOURCE_ROOT' }];
  const file = { packageDirectories: [{ path: 'force-app' }], sourceApiVersion: '67.0', replacements };
  const read = (value: string): Source => {
    process.env['READ_SOURCE_ROOT'] = value;
    return readFiles({ 'sfdx-project.json': JSON.stringify(file), [`${APP}/A.queue-meta.xml`]: '<ROOT/>' });
  };
  assert.equal(read('Queue').components.get('Queue:A')?.root.name, 'Queue');
  assert.match(read('a&b').findings[0]?.message ?? '', /isn't well-formed XML after the replacements of sfdx-project/);
});

test('rejects a file name that is not a developer name, because paths and queries contain it', () => {
  const names = ['A%2FB', '..%2F..%2Fescaped', '100%', 'A B', '1st', '_a'];
  const source = readFiles(Object.fromEntries(names.map((name) => [`${APP}/${name}.queue-meta.xml`, queue])));
  assert.deepEqual([...source.components.keys()], []);
  assert.deepEqual([...new Set(source.findings.map(({ rule }) => rule))], ['bad-name']);
  assert.equal(source.findings.length, names.length);
});

test('ignores circular and broken links', () => {
  withFolder({ ...project('force-app'), [`${APP}/A.queue-meta.xml`]: queue }, (folder) => {
    mkdirSync(join(folder, APP, 'more'));
    symlinkSync(join(folder, 'force-app'), join(folder, APP, 'more', 'again'), 'junction');
    symlinkSync(join(folder, 'gone'), join(folder, APP, 'more', 'nothing'), 'junction');
    const source = readSource(folder);
    assert.deepEqual([...source.components.keys()], ['Queue:A']);
    assert.deepEqual(findingLocations(source), []);
  });
});

test('reports a component that is a link to a file', () => {
  withFolder({ ...project('force-app'), 'shared/A.xml': queue, [`${APP}/B.queue-meta.xml`]: queue }, (folder) => {
    symlinkSync(join(folder, 'shared/A.xml'), join(folder, APP, 'A.queue-meta.xml'));
    const source = readSource(folder);
    assert.deepEqual([...source.components.keys()], ['Queue:B']);
    assert.deepEqual(
      source.findings.map(({ rule, severity, component }) => [rule, severity, component]),
      [['linked-file', 'error', 'Queue:A']],
    );
  });
});

test('reports a linked folder, and a linked class of the member site', () => {
  const paths = { 'shared/queues/A.queue-meta.xml': queue, 'shared/Token.cls': '', [`${APP}/B.queue-meta.xml`]: queue };
  withFolder({ ...project('force-app', 'member-site'), ...paths }, (folder) => {
    mkdirSync(join(folder, 'member-site'));
    symlinkSync(join(folder, 'shared/queues'), join(folder, APP, 'queues'), 'junction');
    symlinkSync(join(folder, 'shared/Token.cls'), join(folder, 'member-site/Token.cls'));
    assert.deepEqual(
      readSource(folder).findings.map(({ rule, file }) => [rule, file]),
      [
        ['linked-file', `${APP}/queues`],
        ['linked-file', 'member-site/Token.cls'],
      ],
    );
  });
});

test('reads the API version with its line, or the newest version if the project declares none', () => {
  const place = { file: 'sfdx-project.json', line: 1 };
  assert.deepEqual(readFiles({}).apiVersion, { value: '67.0', isDefault: false, ...place, line: 7 });
  assert.deepEqual(readFiles({ 'sfdx-project.json': '{}' }).apiVersion, { value: '67.0', isDefault: true, ...place });
  assert.equal(readFiles({ 'sfdx-project.json': '{"sourceApiVersion": 67}' }).apiVersion.value, '67');
});

test('rejects a folder without a project', () => {
  withFolder({}, (folder) => {
    assert.throws(
      () => readSource(folder),
      (error) => error instanceof ToolError && error.code === 'no-project' && error.exit === EXIT.invalid,
    );
  });
});

test('rejects a package directory outside the project without reading its files', () => {
  for (const path of ['..', '../other', 'force-app/../../other', '/tmp']) {
    const source = withFolder({ ...project('force-app', path), 'force-app/a.txt': '' }, readSource);
    assert.deepEqual(findingLocations(source), ['package-directory-outside sfdx-project.json:2'], path);
  }
  for (const path of ['force-app', './force-app', 'a/../force-app', '..force-app'])
    assert.equal(
      withFolder({ ...project(path), [`${path}/a.txt`]: '' }, readSource).findings.some(
        ({ rule }) => rule === 'package-directory-outside',
      ),
      false,
      path,
    );
});

test('rejects a package directory that is, or is below, a symbolic link out of the project', () => {
  withFolder({ 'main/queues/Chat.queue-meta.xml': queue }, (outside) => {
    for (const path of ['linked', 'linked/main', './linked/../linked/main'])
      withFolder(project('force-app', path), (folder) => {
        mkdirSync(join(folder, 'force-app'));
        symlinkSync(outside, join(folder, 'linked'));
        const source = readSource(folder);
        assert.deepEqual(
          [source.findings.map(({ rule }) => rule), source.components.size],
          [['package-directory-outside'], 0],
          path,
        );
      });
  });
});

test('reads a package directory that is a symbolic link inside the project', () => {
  withFolder({ ...project('linked'), 'real/queues/Chat.queue-meta.xml': queue }, (folder) => {
    symlinkSync(join(folder, 'real'), join(folder, 'linked'));
    const source = readSource(folder);
    assert.deepEqual([source.findings, source.components.size], [[], 1]);
  });
});
