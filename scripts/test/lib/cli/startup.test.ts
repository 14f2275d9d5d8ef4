/** The help of a command loads only what describes it: a command that loads all its code takes several times as long to start. */
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';
import { test } from 'node:test';
import { COMMANDS } from '../../../command-list';
import { PROJECT } from '../../gates/list-files';

const NAMES = [...Object.values(COMMANDS).flat(), 'generate', 'screenshots', 'bench'];

/** The packages that parse flags and print help, and p-limit, which the worker pool imports. */
const PACKAGES = ['commander', 'fast-wrap-ansi', 'p-limit'];

/** The model, the command line, and what it prints. A command adds its definition and its flags. */
const MAX_PROJECT_FILES = 70;

const loadModule = createRequire(__filename);

/** The files that are loaded when a command is loaded for its help, relative to the project. The first load compiles what has changed. */
const filesOf = (name: string): readonly string[] => [loadAlone(name), loadAlone(name)][1] ?? [];

function loadAlone(name: string): readonly string[] {
  const loaded = { ...loadModule.cache };
  for (const file of Object.keys(loadModule.cache)) delete loadModule.cache[file];
  try {
    loadModule(join(PROJECT, 'scripts', name));
    return Object.keys(loadModule.cache).map((file) => relative(PROJECT, file).split(sep).join('/'));
  } finally {
    Object.assign(loadModule.cache, loaded);
  }
}

/** The name of the package that a file belongs to; undefined for a file of the project. */
const packageOf = (file: string): string | undefined => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1];

for (const name of NAMES)
  test(`${name} --help loads no code of the command itself`, () => {
    const files = filesOf(name);
    const packages = new Set(files.flatMap((file) => packageOf(file) ?? []));
    assert.deepEqual(
      [...packages].filter((each) => !PACKAGES.includes(each)),
      [],
    );
    const own = files.filter((file) => packageOf(file) === undefined);
    assert.ok(own.length > 40 && own.length <= MAX_PROJECT_FILES, `${name} loads ${own.length} files of the project`);
  });
