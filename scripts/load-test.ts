import type { Command } from 'commander';
import { main, positiveInteger, type Context, type CommandDef } from './lib/cli';
import { EXIT, type ExitCode } from './lib/errors';
import { createLoadClient } from './bench/load/client';
import { createChatSeed } from './bench/load/chat-seed';
import { startOrgProcess } from './bench/load/start-org-process';
import { runAtRate, summarize, type Summary } from './bench/load/run-at-rate';
import { createRequests } from './bench/load/requests';

interface LoadTestFlags {
  readonly rate: number;
  readonly seconds: number;
}

/** Sends good and bad tokens to a local org at a fixed rate, and checks every answer. */
export const loadTest: CommandDef<LoadTestFlags> = {
  name: 'load-test',
  summary: 'Loads the token exchange of a local org with good and bad tokens, and checks every answer.',
  flags: (program: Command) =>
    program
      .option('--rate <number>', 'requests a second', positiveInteger, 500)
      .option('--seconds <number>', 'for how long', positiveInteger, 60),
  run: runLoadTest,
};

async function runLoadTest({ flags, print, log, printJson }: Context<LoadTestFlags>): Promise<ExitCode> {
  const { rate, seconds } = flags;
  log(`${rate} requests a second for ${seconds} s, 12 good and 8 bad ones in turn`);
  const summary = await measure(rate, seconds);
  const held = summary.rate >= rate * 0.95;
  print(summaryText(summary));
  if (!held) print(`It did not hold ${rate} requests a second.`);
  printJson(JSON.stringify({ command: 'load-test', rate, seconds, held, summary }));
  return held && summary.wrong === 0 ? EXIT.done : EXIT.failed;
}

async function measure(rate: number, seconds: number): Promise<Summary> {
  const { seed, privateKey } = await createChatSeed();
  const org = await startOrgProcess(seed);
  const client = createLoadClient(org.url);
  try {
    const questions = createRequests(org.orgId, privateKey);
    const one = (index: number) => client.ask(questions[index % questions.length] as (typeof questions)[number]);
    // The first requests open connections and read the keys; they are not counted.
    await runAtRate(50, 1, one);
    const start = performance.now();
    return summarize(await runAtRate(rate, seconds, one), performance.now() - start);
  } finally {
    client.close();
    await org.stop();
  }
}

const summaryText = ({ requests, wrong, rate, p50, p99, max }: Summary): string =>
  `${requests} requests, ${wrong} wrong answers, ${rate.toFixed(0)} a second\n` +
  `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms`;

main(loadTest, module);
