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

export const loadTest: CommandDef<LoadTestFlags> = {
  name: 'load-test',
  summary: 'Send valid and forged tokens to a local org at a fixed rate, and check every response.',
  examples: [
    ['Send 500 requests a second for 60 seconds:', 'npm run load-test'],
    ['Send 100 requests a second for 10 seconds:', 'npm run load-test -- --rate 100 --seconds 10'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  flags: (program: Command) =>
    program
      .option('--rate <number>', 'Requests a second.', positiveInteger, 500)
      .option('--seconds <number>', 'Duration in seconds.', positiveInteger, 60),
  run: runLoadTest,
};

/** The exit code depends on the responses only: the rate depends on the machine, so it is reported. */
async function runLoadTest({ flags, print, log, printJson }: Context<LoadTestFlags>): Promise<ExitCode> {
  const { rate, seconds } = flags;
  log(`Sending ${rate} requests per second for ${seconds} s: 12 valid and 8 invalid tokens in turn ...`);
  const summary = await measure(rate, seconds);
  const rateReached = summary.rate >= rate * MIN_RATE_SHARE;
  print(summaryText(summary));
  if (!rateReached) print(`The rate of ${rate} requests per second was not reached.`);
  printJson(JSON.stringify({ command: 'load-test', rate, seconds, rateReached, summary }));
  return summary.wrong === 0 ? EXIT.done : EXIT.failed;
}

/** A run that reaches this share of the rate counts as reaching it. */
const MIN_RATE_SHARE = 0.95;

async function measure(rate: number, seconds: number): Promise<Summary> {
  const { seed, privateKey } = await createChatSeed();
  const org = await startOrgProcess(seed);
  const client = createLoadClient(org.url);
  try {
    const requests = createRequests(org.orgId, privateKey);
    const send = (index: number) => client.send(requests[index % requests.length] as (typeof requests)[number]);
    // The first requests open connections and load the keys, so they are not measured.
    await runAtRate(50, 1, send);
    const start = performance.now();
    return summarize(await runAtRate(rate, seconds, send), performance.now() - start);
  } finally {
    client.close();
    await org.stop();
  }
}

const summaryText = ({ requests, wrong, rate, p50, p99, max }: Summary): string =>
  `${requests} requests, ${wrong} wrong responses, ${rate.toFixed(0)} per second\n` +
  `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms`;

main(loadTest, module);
