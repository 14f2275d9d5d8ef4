import type { Command } from 'commander';
import { main, wholeNumber, type Context, type Verb } from './lib/cli';
import { EXIT, type ExitCode } from './lib/errors';
import { asker } from './bench/load/ask';
import { makeChat } from './bench/load/chat';
import { startOrgProcess } from './bench/load/org';
import { atRate, summaryOf, type Summary } from './bench/load/pace';
import { makeQuestions } from './bench/load/questions';

interface LoadFlags {
  readonly rate: number;
  readonly seconds: number;
}

/** Sends good and bad tokens to a local org at a fixed rate, and checks every answer. */
export const load: Verb<LoadFlags> = {
  name: 'load',
  summary: 'Loads the token exchange of a local org with good and bad tokens, and checks every answer.',
  flags: (program: Command) =>
    program
      .option('--rate <number>', 'requests a second', wholeNumber, 500)
      .option('--seconds <number>', 'for how long', wholeNumber, 60),
  run: runLoad,
};

async function runLoad({ flags, show, progress, document }: Context<LoadFlags>): Promise<ExitCode> {
  const { rate, seconds } = flags;
  progress(`${rate} requests a second for ${seconds} s, 12 good and 8 bad ones in turn`);
  const summary = await measured(rate, seconds);
  const held = summary.rate >= rate * 0.95;
  show(textOf(summary));
  if (!held) show(`It did not hold ${rate} requests a second.`);
  document(JSON.stringify({ command: 'load', rate, seconds, held, summary }));
  return held && summary.wrong === 0 ? EXIT.done : EXIT.failed;
}

async function measured(rate: number, seconds: number): Promise<Summary> {
  const { seed, privateKey } = await makeChat();
  const org = await startOrgProcess(seed);
  const client = asker(org.url);
  try {
    const questions = makeQuestions(org.orgId, privateKey);
    const one = (index: number) => client.ask(questions[index % questions.length] as (typeof questions)[number]);
    // The first requests open connections and read the keys; they are not counted.
    await atRate(50, 1, one);
    const start = performance.now();
    return summaryOf(await atRate(rate, seconds, one), performance.now() - start);
  } finally {
    client.close();
    await org.end();
  }
}

const textOf = ({ requests, wrong, rate, p50, p99, max }: Summary): string =>
  `${requests} requests, ${wrong} wrong answers, ${rate.toFixed(0)} a second\n` +
  `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms`;

main(load, module);
