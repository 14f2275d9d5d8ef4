import type { Context } from '../../lib/cli';
import { EXIT, type ExitCode } from '../../lib/errors';
import { createChatSeed } from './chat-seed';
import { createLoadClient } from './client';
import { createRequests } from './requests';
import { runAtRate, summarize, type Summary } from './run-at-rate';
import { startOrgProcess } from './start-org-process';

/** The flags of `load-test`. */
export interface LoadTestFlags {
  readonly rate: number;
  readonly seconds: number;
}

/** The exit code depends on the responses only: the rate depends on the machine, so it is reported. */
export async function runLoadTest({ flags, print, log, printJson }: Context<LoadTestFlags>): Promise<ExitCode> {
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
