import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, test } from 'node:test';
import { askText, askYesNo, layoutFor, terminalContext } from '../../../lib/cli/terminal';

const VARIABLES = ['CI', 'NO_COLOR', 'COLUMNS', 'TERM', 'GITHUB_ACTIONS'];
let saved: NodeJS.ProcessEnv = {};
beforeEach(() => {
  saved = Object.fromEntries(VARIABLES.map((name) => [name, process.env[name]]));
  VARIABLES.forEach((name) => delete process.env[name]);
});
afterEach(() => {
  VARIABLES.forEach((name) => delete process.env[name]);
  Object.assign(process.env, Object.fromEntries(Object.entries(saved).filter(([, value]) => value !== undefined)));
});

const stream = (properties: object): NodeJS.WriteStream => properties as NodeJS.WriteStream;

test('a terminal has its own width and colors, and a pipe has 120 columns or COLUMNS, without colors', () => {
  assert.deepEqual(layoutFor(stream({ isTTY: true, columns: 90 })), { columns: 90, color: true });
  assert.deepEqual(layoutFor(stream({ isTTY: true, columns: 0 })), { columns: 120, color: true });
  assert.deepEqual(layoutFor(stream({})), { columns: 120, color: false });
  process.env['COLUMNS'] = '77';
  assert.deepEqual(layoutFor(stream({})), { columns: 77, color: false });
});

test('CI and NO_COLOR turn colors off unless they are empty or false', () => {
  for (const name of ['CI', 'NO_COLOR']) {
    for (const [value, color] of Object.entries({ true: false, 1: false, false: true, '': true })) {
      process.env[name] = value;
      assert.equal(layoutFor(stream({ isTTY: true, columns: 90 })).color, color, `${name}=${value}`);
    }
    delete process.env[name];
  }
});

test('a command without a terminal is not interactive and shows no live progress', () => {
  const context = terminalContext({ org: [], project: '/project', json: false });
  assert.deepEqual([context.interactive, context.startProgress, context.annotate], [false, undefined, undefined]);
});

/** A terminal with input that was typed before the prompt, and input that is typed after it. */
function fakeTerminal(
  typedBefore: string,
  answer: string,
): { input: NodeJS.ReadStream; modes: boolean[]; output: PassThrough } {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), { setRawMode: (mode: boolean) => modes.push(mode) });
  const output = new PassThrough();
  if (typedBefore !== '') input.write(typedBefore);
  output.on('data', (text: Buffer) => {
    if (!text.toString().includes('[y/N]')) return;
    if (answer === '') input.end();
    else input.write(answer);
  });
  return { input: input as unknown as NodeJS.ReadStream, modes, output };
}

async function ask(typedBefore: string, answer: string): Promise<boolean> {
  const { input, modes, output } = fakeTerminal(typedBefore, answer);
  const confirmed = await askYesNo('Deploy?', input, output);
  assert.deepEqual(modes, [true, false], 'the terminal is left in raw mode');
  return confirmed;
}

test('only y and yes, in any case, confirm a question', async () => {
  for (const answer of ['y\n', 'YES\n', ' Yes \n']) assert.equal(await ask('', answer), true, answer);
  for (const answer of ['\n', 'n\n', 'yep\n', 'ye\n', 'y y\n']) assert.equal(await ask('', answer), false, answer);
});

test('ignores input that was typed before the prompt', async () => {
  assert.equal(await ask('y\n', 'n\n'), false);
  assert.equal(await ask('y', '\n'), false);
  assert.equal(await ask('n\nno\n', 'y\n'), true);
});

test('the end of the input is a no', async () => {
  assert.equal(await ask('', ''), false);
});

test('a text is read without the space around it, and the end of the input stops the command', async () => {
  const answerOf = async (typed: string | undefined): Promise<string> => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const answer = askText('Issuer:', input, output);
    if (typed === undefined) input.end();
    else input.write(typed);
    return answer;
  };
  assert.equal(await answerOf(' https://id.example.com \n'), 'https://id.example.com');
  assert.equal(await answerOf('\n'), '');
  await assert.rejects(answerOf(undefined), { code: 'interrupted' });
});

test('Ctrl+C before the prompt is a no, and no question is asked', async () => {
  const { input, modes, output } = fakeTerminal('y\n\u0003', 'y\n');
  assert.equal(await askYesNo('Deploy?', input, output), false);
  assert.deepEqual([modes, output.readableLength], [[true, false], 0]);
});
