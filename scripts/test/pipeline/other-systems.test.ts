import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { waveOutputs } from '../../lib/pipeline/job-matrix';
import type { OrgConfig } from '../../lib/model';
import { PROJECT } from '../gates/list-files';
import { parseArguments } from '../lib/command-definitions';

const readGuide = (name: string): string => readFileSync(join(PROJECT, 'scripts/guides/pipelines', name), 'utf8');

type Node = Readonly<Record<string, unknown>>;

/** All texts below a YAML value whose key is one of `keys`. */
function textsAt(value: unknown, keys: readonly string[]): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item: unknown) => textsAt(item, keys));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]: [string, unknown]) =>
    keys.includes(key) ? [child].flat().filter((each) => typeof each === 'string') : textsAt(child, keys),
  );
}

/** The shell scripts of a Jenkinsfile. */
const jenkinsScripts = (text: string): readonly string[] =>
  [...text.matchAll(/(?:sh |script: )('''|'|")(.*)\1/g)].map(([, , script = '']) =>
    script.replaceAll('\\"', '"').replaceAll('\\$', '$'),
  );

const FILES: readonly (readonly [name: string, scriptsOf: (text: string) => readonly string[]])[] = [
  ['gitlab-ci.yml', (text) => textsAt(parse(text), ['script', 'before_script', 'after_script'])],
  ['azure-pipelines.yml', (text) => textsAt(parse(text), ['script'])],
  ['Jenkinsfile', jenkinsScripts],
];

/** The values that the systems insert. A wave is a number, and every other one is a file. */
const inserted = (script: string): string =>
  script
    .replace(/\$\{\{ wave\.number \}\}|\$\{wave\}|"\$WAVE"/g, '2')
    .replace(/\$\{selection\}/g, '--wave 2')
    .replace(/\$\([\w.]+\)/g, 'FILE')
    .replace(/"\$\w+(\/[\w.]+)?"/g, 'FILE');

/** The commands of this project in a script, as arguments. */
const commandsIn = (script: string): readonly (readonly string[])[] =>
  [...inserted(script).matchAll(/npm run -s ([\w-]+) -- ([^|>\n]*)/g)].map(([, name = '', flags = '']) => [
    name,
    ...flags.replaceAll('"', '').trim().split(/\s+/),
  ]);

for (const [name, scriptsOf] of FILES) {
  const scripts = scriptsOf(readGuide(name));

  test(`the commands of ${name} are commands of this project, with valid flags`, () => {
    const commands = scripts.flatMap(commandsIn);
    const names = new Set(commands.map(([command]) => command));
    for (const expected of ['check', 'login', 'plan', 'deploy']) assert.ok(names.has(expected), expected);
    for (const [command = '', ...args] of commands)
      assert.doesNotThrow(() => parseArguments(command, args), `${command} ${args.join(' ')}`);
  });

  test(`the shell scripts of ${name} are valid, and remove the key`, () => {
    for (const script of scripts) {
      const { status, stderr } = spawnSync('bash', ['-n', '-c', inserted(script)], { encoding: 'utf8' });
      assert.equal(status, 0, `${script}\n${stderr}`);
    }
    assert.ok(scripts.some((script) => script.startsWith('rm -f ')));
  });

  test(`${name} passes no secret as an argument`, () => {
    for (const script of scripts) assert.doesNotMatch(script, /SF_JWT_KEY|SF_LOGINS/);
  });
}

const ORGS = [1, 2, 4].map((wave) => ({ alias: `org${wave}`, wave })) as unknown as readonly OrgConfig[];

test('the GitLab file skips a wave without orgs, and has a job for eight waves that need each other', () => {
  const pipeline = parse(readGuide('gitlab-ci.yml')) as Readonly<Record<string, Node>>;
  const skip = textsAt(pipeline['.wave'], ['script']).find((line) => line.startsWith('if grep')) ?? assert.fail();
  const exitOf = (wave: number): string =>
    spawnSync('bash', ['-c', `cd "$(mktemp -d)"; cat > waves.txt; WAVE=${wave}; ${skip}; echo deploys`], {
      input: waveOutputs(ORGS, 10, 8),
      encoding: 'utf8',
    }).stdout.trim();
  assert.deepEqual([1, 2, 3, 4, 8].map(exitOf), [
    ...['deploys', 'deploys', 'Wave 3 has no orgs.', 'deploys', 'Wave 8 has no orgs.'],
  ]);
  for (const wave of [2, 3, 4, 5, 6, 7, 8])
    assert.deepEqual(pipeline[`wave-${wave}`]?.['needs'], ['plan', `wave-${wave - 1}`]);
});

test('the Azure file sets one output for each wave with orgs', () => {
  const script = textsAt(parse(readGuide('azure-pipelines.yml')), ['script']).find((each) => each.includes('sed -n'));
  const sed = /^sed .*$/m.exec(script ?? '')?.[0].replace('waves.txt', '') ?? assert.fail();
  const { stdout } = spawnSync('bash', ['-c', sed], { input: waveOutputs(ORGS, 10, 8), encoding: 'utf8' });
  assert.deepEqual(
    stdout.trim().split('\n'),
    [1, 2, 4].map((wave) => `##vso[task.setvariable variable=wave_${wave};isOutput=true]true`),
  );
});

test('the Jenkinsfile has balanced brackets, and reads the waves of the org files', () => {
  const text = readGuide('Jenkinsfile');
  for (const [open, close] of ['{}', '()', '[]'].map((pair) => pair.split('')))
    assert.equal(text.split(open ?? '').length, text.split(close ?? '').length, `${open} ${close}`);
  const command = jenkinsScripts(text).find((script) => script.includes('node -p')) ?? assert.fail();
  const json = JSON.stringify({ include: ORGS });
  const { stdout } = spawnSync('bash', ['-c', command.replace(/^.*? \| /, '')], { input: json, encoding: 'utf8' });
  assert.equal(stdout, '1 2 4\n');
});

test('the GitLab file keeps the runs of a wave for later pipelines', () => {
  const { cache } = (parse(readGuide('gitlab-ci.yml')) as Readonly<Record<string, Node>>)['.wave'] as {
    readonly cache: Node;
  };
  assert.deepEqual(cache, { key: 'runs-$CI_JOB_NAME_SLUG', when: 'always', paths: ['runs'] });
});

test('the Azure file restores the runs of the last pipeline run with the tag of the wave, then those of earlier attempts', () => {
  const text = readGuide('azure-pipelines.yml');
  const [tag] = textsAt(parse(text), ['tags']);
  assert.ok(textsAt(parse(text), ['script']).includes(`echo "##vso[build.addbuildtag]${tag}"`), tag);
  const restore = textsAt(parse(text), ['script']).find((each) => each.includes('cp -R')) ?? assert.fail();
  const prepare = 'cd "$(mktemp -d)"; mkdir -p previous/runs-1-1/a earlier/runs-1-1/a earlier/runs-1-2/a';
  const write =
    'echo 1 > previous/runs-1-1/a/x; echo 2 > earlier/runs-1-1/a/x; echo 3 > earlier/runs-1-2/a/x; mkdir previous/runs-1-1/b';
  const { stdout } = spawnSync('bash', ['-ec', `${prepare}; ${write}\n${restore}\nls runs; cat runs/a/x`], {
    encoding: 'utf8',
  });
  assert.equal(stdout, 'a\nb\n3\n');
});

test('the Jenkinsfile copies the archived runs of the last build', () => {
  const text = readGuide('Jenkinsfile');
  const filter = /copyArtifacts .*selector: lastCompleted\(\), filter: '([^']+)', optional: true/.exec(text)?.[1];
  assert.match(/artifacts: '([^']+)'/.exec(text)?.[1] ?? '', new RegExp(`(^|, )${filter?.replaceAll('*', '\\*')}$`));
});

/** https://learn.microsoft.com/azure/devops/pipelines/process/expressions: the functions, without arithmetic. */
const AZURE_FUNCTIONS =
  'and coalesce contains containsValue convertToJson counter endsWith eq format ge gt in iif join le length lower lt ne not notIn or replace split startsWith trim upper xor always canceled failed succeeded succeededOrFailed';

test('the Azure file uses only functions that Azure has, and each wave depends on the plan and all waves before it', () => {
  const text = readGuide('azure-pipelines.yml');
  const expressions = [...text.matchAll(/\$\{\{(.*?)\}\}|condition: (.*)/g)].map(([found]) => found);
  const functions = expressions.flatMap((each) => [...each.matchAll(/(\w+)\(/g)].map(([, name]) => name));
  for (const name of functions) assert.ok(AZURE_FUNCTIONS.split(' ').includes(name ?? ''), name);
  const { parameters } = parse(text) as {
    readonly parameters: readonly { readonly default: readonly { number: string; after: readonly string[] }[] }[];
  };
  assert.deepEqual(
    parameters[0]?.default.map(({ number }) => number),
    ['1', '2', '3', '4', '5', '6', '7', '8'],
  );
  for (const { number, after } of parameters[0]?.default ?? [])
    assert.deepEqual(after, ['plan', ...Array.from({ length: Number(number) - 1 }, (_, at) => `wave_${at + 1}`)]);
});
