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

const FORCE_APP = join(PROJECT, 'force-app');
const FILES = listFiles(FORCE_APP, '.xml');

const projectPath = (file: string): string => relative(PROJECT, file);

test('every metadata file of force-app is what the WSDL says it may be', () => {
  const types = WsdlTypes.installed();
  const problems = FILES.flatMap((file) => metadataProblems(projectPath(file), readFileSync(file, 'utf8'), types));
  assert.equal(formatProblems(problems), '');
  assert.ok(FILES.length > 20, `only ${FILES.length} files were found`);
});

/** What the check needs of the library with which the Salesforce CLI itself tells what a file is. */
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

test('the CLI recognises every file of force-app, as the type that the file says it is', () => {
  const components = [...ComponentSet.fromSource({ fsPaths: [FORCE_APP] }).getSourceComponents()];
  const all = components.flatMap((component) => [component, ...component.getChildren().filter(({ xml }) => xml)]);
  const claimed = all.flatMap((component) => [component.xml ?? '', ...component.walkContent()]);
  const shipped = listFiles(FORCE_APP, '').filter((file) => !file.includes('/__tests__/'));
  assert.deepEqual(new Set(claimed.filter(Boolean).map(projectPath)), new Set(shipped.map(projectPath)));
  for (const { xml, type } of components) {
    if (xml) assert.equal(readXml(readFileSync(xml, 'utf8')).name, type.name, projectPath(xml));
  }
});

test('the package manifest lists the component of every file, and nothing but these and the labels', async () => {
  const manifest = readXml(await ComponentSet.fromSource({ fsPaths: [FORCE_APP] }).getPackageXml());
  const types = manifest.children.filter(({ name }) => name === 'types');
  const listed = types.flatMap(({ children }) =>
    children
      .filter(({ name }) => name === 'members')
      .map(({ text }) => `${children.find(({ name }) => name === 'name')?.text}:${text}`),
  );
  const expected = FILES.map((file) => `${readXml(readFileSync(file, 'utf8')).name}:${fullNameOf(file)}`);
  assert.deepEqual(new Set(listed.filter((name) => !name.startsWith('CustomLabel:'))), new Set(expected));
});

/** The developer name is the file name without its endings; that of a field begins with its object, which is a folder. */
function fullNameOf(file: string): string {
  const [name, folder, parent] = file.split('/').reverse() as [string, string, string];
  const fullName = name.replace(/\.[^.]+-meta\.xml$/, '');
  return folder === 'fields' ? `${parent}.${fullName}` : fullName;
}
