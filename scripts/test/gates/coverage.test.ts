/** Checks that the coverage thresholds of `npm run test:lwc` reject a component with an untested branch. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { withProject, type ProjectFiles, type ToolResult } from './seeded-project';
import { PROJECT } from './list-files';

const readProjectFile = (path: string): string => readFileSync(join(PROJECT, path), 'utf8');

const { scripts } = JSON.parse(readProjectFile('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** Runs the npm script as npm does: in a shell, with node_modules/.bin in PATH. */
function testLwc(folder: string): ToolResult {
  const env = { ...process.env, PATH: [join(folder, 'node_modules/.bin'), process.env['PATH']].join(delimiter) };
  const script = scripts['test:lwc'] ?? assert.fail('there is no script test:lwc');
  const { status, stdout, stderr } = spawnSync(script, { cwd: folder, env, shell: true, encoding: 'utf8' });
  return { exitCode: status, output: stdout + stderr };
}

const BUNDLE = 'member-site/main/default/lwc/planted';

const component = (branches: number): string =>
  [
    "import { LightningElement, api } from 'lwc';",
    'export default class Planted extends LightningElement {',
    '  @api name;',
    `  get shown() { return ${"this.name === 'x' ? 1 : ".repeat(branches)}0; }`,
    '}',
  ].join('\n');

const TEST = `import { createElement } from 'lwc';
import Planted from 'c/planted';
it('shows its text', () => {
  const element = createElement('c-planted', { is: Planted });
  element.name = 'x';
  document.body.appendChild(element);
  expect(element.shadowRoot.textContent).toBe('1');
});
`;

const componentFiles = (branches: number, shown: string): ProjectFiles => ({
  'sfdx-project.json': readProjectFile('sfdx-project.json'),
  'package.json': '{}',
  [`${BUNDLE}/planted.js`]: component(branches),
  [`${BUNDLE}/planted.html`]: '<template>{shown}</template>',
  [`${BUNDLE}/__tests__/planted.test.js`]: TEST.replace("toBe('1')", `toBe('${shown}')`),
});

test('rejects a component with an untested branch', async () => {
  const { exitCode, output } = await withProject(componentFiles(3, '1'), testLwc);
  assert.notEqual(exitCode, 0, output);
  assert.match(output, /coverage threshold for branches \(95%\) not met/);
});

test('rejects a failing test and accepts a component without branches', async () => {
  const failing = await withProject(componentFiles(0, '1'), testLwc);
  assert.notEqual(failing.exitCode, 0);
  const passing = await withProject(componentFiles(0, '0'), testLwc);
  assert.equal(passing.exitCode, 0, passing.output);
});
