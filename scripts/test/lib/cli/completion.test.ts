import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { COMMANDS, loadCommand } from '../../../command-list';
import { completionContexts, type CompletionContext } from '../../../lib/cli/completion';
import { completionScript, SHELLS, type Shell } from '../../../lib/cli/completion-scripts';

const folder = mkdtempSync(join(tmpdir(), 'completion-'));
let contexts: readonly CompletionContext[] = [];

before(async () => {
  contexts = completionContexts(await Promise.all(Object.values(COMMANDS).flat().map(loadCommand)));
  for (const shell of SHELLS) writeFileSync(join(folder, `script.${shell}`), completionScript(shell, contexts));
  for (const project of ['.', 'other']) mkdirSync(join(folder, project, 'config/orgs'), { recursive: true });
  for (const name of ['uat', 'us.prod', 'dev', '_defaults'])
    writeFileSync(join(folder, `config/orgs/${name}.json`), '{}');
  writeFileSync(join(folder, 'other/config/orgs/qa.json'), '{}');
  writeFileSync(join(folder, 'plan.json'), '{}');
});

after(() => rmSync(folder, { recursive: true, force: true }));

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** How each shell is asked for the completions of a command line. The last word is the one at the cursor. */
const COMPLETE: Readonly<Record<Shell, (words: readonly string[]) => readonly string[]>> = {
  bash: (words) => {
    const code =
      'source script.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _chat_verification; printf "%s\\n" "${COMPREPLY[@]}"';
    return lines(run('bash', ['--norc', '-c', code, 'bash', ...words]));
  },
  zsh: (words) => {
    // Outside the line editor, the functions of the completion system are missing. These print what they get.
    const stubs =
      'compdef() { :; }; compadd() { shift; print -l -- "$@"; }; _describe() { print -l -- "${(@P)2%%:*}"; }; _files() { print -l -- *(N); }';
    const code = `${stubs}; source script.zsh; words=("$@"); CURRENT=$#; _chat_verification`;
    return lines(run('zsh', ['-f', '-c', code, 'zsh', ...words])).filter((word) => word.startsWith(words.at(-1) ?? ''));
  },
  fish: (words) => {
    const line = words.join(' ');
    const code = `source script.fish; complete -C '${line}'`;
    return lines(run('fish', ['--no-config', '-c', code])).map((each) => each.split('\t')[0] ?? '');
  },
};

const run = (program: string, args: readonly string[]): string =>
  execFileSync(program, args, { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: folder } });

const isInstalled = (shell: Shell): boolean => spawnSync(shell, ['--version']).status === 0;

const CASES: readonly (readonly [words: string, expected: readonly string[]])[] = [
  ['pla', ['plan']],
  ['keys ro', ['rotate']],
  ['keys rotate st', ['stage', 'status']],
  ['help dep', ['deploy']],
  ['plan --mat', ['--matrix']],
  ['deploy --plan plan.js', ['plan.json']],
  // Without a value in this command, so that a flag follows.
  ['rollback --plan --ignore', ['--ignore-conflicts']],
  ['plan --org u', ['uat', 'us.prod']],
  ['plan -o de', ['dev']],
  ['plan --target-org de', ['dev']],
  ['plan --org _', []],
  ['plan --project other --org q', ['qa']],
  ['local-org --omitted-items ', ['kept', 'removed']],
  ['deploy --max-age 1', []],
  ['nope --o', []],
];

for (const shell of SHELLS)
  test(`${shell} completes commands, flags, values, and org aliases`, (context) => {
    if (!isInstalled(shell)) return context.skip(`${shell} isn't installed`);
    for (const [words, expected] of CASES)
      assert.deepEqual([...COMPLETE[shell](['chat-verification', ...words.split(' ')])].sort(), expected, words);
  });

test('bash completes after npx, and after an equals sign', (context) => {
  if (!isInstalled('bash')) return context.skip("bash isn't installed");
  assert.deepEqual(COMPLETE.bash(['npx', 'chat-verification', 'keys', 'ro']), ['rotate']);
  assert.deepEqual(COMPLETE.bash(['chat-verification', 'plan', '--org', '=', 'de']), ['dev']);
  assert.deepEqual(COMPLETE.bash(['chat-verification', 'plan', '--org', '=']), ['dev', 'uat', 'us.prod']);
});

test('every command, subcommand, and visible flag is in each script', () => {
  for (const shell of SHELLS) {
    const script = completionScript(shell, contexts);
    for (const { path, flags } of contexts) {
      assert.ok(script.includes(path), path);
      for (const { long } of flags) assert.ok(script.includes(shell === 'fish' ? `-l ${long}` : `--${long}`), long);
    }
  }
});
