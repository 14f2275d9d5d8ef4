import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { closeProgress, trackProgress } from '../../../lib/cli/track-progress';
import { startLiveProgress } from '../../../lib/cli/live-progress';

/** A terminal with a number of columns and rows that records its output. */
function fakeTerminal(
  columns: number,
  rows: number,
): { readonly stream: NodeJS.WriteStream; readonly written: () => string } {
  let written = '';
  const stream = new Writable({ write: (chunk: Buffer, _, next) => ((written += chunk.toString()), next()) });
  return { stream: Object.assign(stream, { isTTY: true, columns, rows }) as never, written: () => written };
}

const makeOrgs = (number: number) =>
  Array.from({ length: number }, (_, index) => ({ alias: `org-${index + 1}`, wave: (index % 2) + 1 }));
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150));
const work = { activity: 'Deploying', ignoreWaves: true };

for (const [columns, rows, number] of [
  [80, 24, 6],
  [40, 10, 50],
] as const) {
  test(`fits the tree of ${number} orgs into ${columns} columns and ${rows} rows, and removes it at the end`, async (t) => {
    const { stream, written } = fakeTerminal(columns, rows);
    const board = startLiveProgress(stream, { ...work, orgs: makeOrgs(number) });
    t.after(board.close);
    for (const { alias } of makeOrgs(number))
      board.onStep(alias, 'submitted 0Af000000000001AAA and a long way to go for a line');
    await pause();
    board.onResult('org-1', 'changed');
    board.onResult('org-2', 'failed');
    await pause();
    const frames = written().split('\u001B[?2026h').slice(1);
    for (const line of frames.flatMap((frame) => stripVTControlCharacters(frame).split(/\r?\n/)))
      assert.ok(line.length <= columns, `${line.length}: ${line}`);
    for (const frame of frames) assert.ok(frame.split('\n').length <= rows + 1, frame);
    assert.match(
      stripVTControlCharacters(written()),
      columns < 80 ? /org-3 +\d+s +submitted 0Af.*…/ : /org-3 +\d+s +submitted 0Af.* line/,
    );
    assert.match(stripVTControlCharacters(written()), /org-2 +\d+s +failed/);
    await board.close();
    const end = written();
    assert.ok(end.lastIndexOf('\u001B[?25h') > end.lastIndexOf('\u001B[?25l'), 'the cursor is left hidden');
    assert.equal(stripVTControlCharacters(end.slice(end.lastIndexOf('\u001B[?2026h'))).trim(), '');
  });
}

test('a progress board that is closed during work does not stop the work, and prints no more lines', async () => {
  const { stream, written } = fakeTerminal(80, 24);
  const startProgress = async () => startLiveProgress(stream, { ...work, orgs: makeOrgs(2) });
  const result = await trackProgress(
    { startProgress, log: assert.fail },
    { ...work, orgs: makeOrgs(2) },
    async (board) => {
      await pause();
      await closeProgress();
      const length = written().length;
      board.onStep('org-1', 'late');
      board.onResult('org-1', 'changed');
      await pause();
      assert.equal(written().length, length);
      return 'through';
    },
  );
  assert.equal(result, 'through');
});

test('prints one line per step without a terminal, after a line that names the work', async () => {
  const lines: string[] = [];
  const told = { ...work, startLine: 'Reading org-1 ...', orgs: makeOrgs(1) };
  await trackProgress({ log: (line) => void lines.push(line) }, told, async (board) => {
    board.onStep('org-1', 'submitted 0Af');
    board.onResult('org-1', 'changed');
  });
  assert.deepEqual(lines, ['Reading org-1 ...', '  org-1: submitted 0Af', '  org-1: changed']);
});

test('a command that is stopped during live progress removes the tree, shows the cursor, and reports the signal', async () => {
  const root = join(__dirname, '../../../..');
  const argv = ['-r', join(root, '.config/ts-node.cjs'), join(__dirname, 'hanging-command.ts')];
  const { CI: _, ...env } = process.env;
  const child = spawn(process.execPath, argv, {
    cwd: root,
    env: { ...env, TERM: 'xterm' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    if (said.includes('deploying')) child.kill('SIGINT');
  });
  const exit = await new Promise((resolve) => child.on('close', resolve));
  assert.equal(exit, 1, said);
  assert.match(said, /The command was stopped\./);
  assert.ok(said.lastIndexOf('\u001B[?25h') > said.lastIndexOf('\u001B[?25l'), 'the cursor is left hidden');
});

/** Runs a command in a pseudo-terminal. Types the first text while the command works, and the second one at its prompt. */
const TYPE_IN_TERMINAL = `
import os, pty, sys
early, late, command = sys.argv[1], sys.argv[2], sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0: os.execv(command[0], command)
shown = b""
def wait(text):
    global shown
    while text not in shown:
        try: part = os.read(terminal, 4096)
        except OSError: part = b""
        if not part: break
        shown += part
wait(b"working")
os.write(terminal, early.encode())
wait(b"[y/N] ")
os.write(terminal, late.encode())
wait(b"the end of the output")
os.waitpid(pid, 0)
print(shown.decode())
`;

const hasPty = spawnSync('python3', ['-c', 'import pty']).status === 0;

test(
  'a real terminal passes on only what is typed after the prompt appeared',
  { skip: hasPty ? false : 'python3 with the module pty is not installed' },
  () => {
    const root = join(__dirname, '../../../..');
    const command = [
      process.execPath,
      '-r',
      join(root, '.config/ts-node.cjs'),
      join(__dirname, 'confirming-command.ts'),
    ];
    const { CI: _, ...env } = process.env;
    const answerTo = (early: string, late: string): string | undefined => {
      const argv = ['-c', TYPE_IN_TERMINAL, early, late, ...command];
      const { stdout, stderr } = spawnSync('python3', argv, { env: { ...env, TERM: 'xterm' }, encoding: 'utf8' });
      return /answer: (\w+)/.exec(stdout)?.[1] ?? stdout + stderr;
    };
    assert.equal(answerTo('y\n', 'n\n'), 'no');
    assert.equal(answerTo('n\nn', 'y\n'), 'yes');
    // Without the end of its line.
    assert.equal(answerTo('y', '\n'), 'no');
  },
);
