import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { formatProblems } from './problem';
import { listFiles, PROJECT } from './list-files';
import { metadataProblems } from './wsdl-check';
import { WsdlTypes } from './wsdl-types';
import { readXml } from './xml';

const PACKAGES = ['force-app', 'member-site'].map((name) => join(PROJECT, name));
const FILES = PACKAGES.flatMap((folder) => listFiles(folder, '.xml'));

const projectPath = (file: string): string => relative(PROJECT, file);

test('accepts every metadata file of the package directories', () => {
  const types = WsdlTypes.installed();
  const problems = FILES.flatMap((file) => metadataProblems(projectPath(file), readFileSync(file, 'utf8'), types));
  assert.equal(formatProblems(problems), '');
  assert.ok(FILES.length > 20, `only ${FILES.length} files were found`);
});

/** The part of source-deploy-retrieve, the library of the Salesforce CLI, that this test uses. */
interface Registry {
  readonly ComponentSet: {
    fromSource(options: { fsPaths: string[] }): {
      getSourceComponents(): Iterable<Component>;
      getPackageXml(): Promise<string>;
    };
  };
}

interface Component {
  readonly fullName: string;
  readonly type: { readonly name: string };
  readonly xml?: string;
  walkContent(): string[];
  getChildren(): Component[];
}

const requireOfCli = createRequire(join(PROJECT, 'node_modules', '@salesforce', 'cli', 'package.json'));
const { ComponentSet } = requireOfCli('@salesforce/source-deploy-retrieve') as Registry;

test('recognizes every file of the package directories as the type in its content', () => {
  const components = [...ComponentSet.fromSource({ fsPaths: PACKAGES }).getSourceComponents()];
  const all = components.flatMap((component) => [component, ...component.getChildren().filter(({ xml }) => xml)]);
  const claimed = all.flatMap((component) => [component.xml ?? '', ...component.walkContent()]);
  const shipped = PACKAGES.flatMap((folder) => listFiles(folder, '')).filter((file) => !file.includes('/__tests__/'));
  assert.deepEqual(new Set(claimed.filter(Boolean).map(projectPath)), new Set(shipped.map(projectPath)));
  for (const { xml, type } of components) {
    if (xml) assert.equal(readXml(readFileSync(xml, 'utf8')).name, type.name, projectPath(xml));
  }
});

test('lists exactly the components of the files and the labels in the package manifest', async () => {
  const manifest = readXml(await ComponentSet.fromSource({ fsPaths: PACKAGES }).getPackageXml());
  const types = manifest.children.filter(({ name }) => name === 'types');
  const listed = types.flatMap(({ children }) =>
    children
      .filter(({ name }) => name === 'members')
      .map(({ text }) => `${children.find(({ name }) => name === 'name')?.text}:${text}`),
  );
  const expected = FILES.map((file) => `${readXml(readFileSync(file, 'utf8')).name}:${fullNameOf(file)}`);
  assert.deepEqual(new Set(listed.filter((name) => !name.startsWith('CustomLabel:'))), new Set(expected));
});

/**
 * The developer name is the file name without its suffix. The name of a field starts with the name of its object,
 * which is a folder.
 */
function fullNameOf(file: string): string {
  const [name, folder, parent] = file.split('/').reverse() as [string, string, string];
  const fullName = name.replace(/\.[^.]+-meta\.xml$/, '');
  return folder === 'fields' ? `${parent}.${fullName}` : fullName;
}
