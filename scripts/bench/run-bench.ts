import { positiveInteger, type Context } from '../lib/cli';
import { EXIT, type ExitCode } from '../lib/errors';
import { deployFleet, MIN_SECONDS, REALISTIC_LATENCY, withFleet } from './deploy-fleet';
import { runPlainLoop } from './plain-loop';
import type { Timing } from './run-timed';
import { measureScale, scaleText, SIZES } from './scale';

/** The flags of `bench`. */
export interface BenchFlags {
  readonly orgs: number;
  readonly scale: boolean;
  readonly size?: readonly string[];
}

/** Measures deploys. With --scale, the exit code says whether each target was met. */
export const runBench = (context: Context<BenchFlags>): Promise<ExitCode> =>
  context.flags.scale ? runScale(context) : runComparison(context);

async function runScale({ flags, print, log, printJson }: Context<BenchFlags>): Promise<ExitCode> {
  const sizes = await measureScale(flags.size?.map(positiveInteger) ?? SIZES, log);
  print(scaleText(sizes));
  printJson(JSON.stringify({ command: 'bench', floor: MIN_SECONDS, sizes }, null, 2));
  return sizes.every(({ missed }) => missed.length === 0) ? EXIT.done : EXIT.failed;
}

/** The cost of the first deploy, of a second one without changes, and of the plain loop. */
interface Comparison {
  readonly scenario: string;
  readonly deploy: Timing;
  readonly unchanged: Timing;
  readonly loop: Timing;
}

async function runComparison({ flags, print, log, printJson }: Context<BenchFlags>): Promise<ExitCode> {
  const single = await withFleet(1, '', deployFleet);
  const withoutLatency = await measureScenario('no server time', flags.orgs, '', log);
  const withLatency = await measureScenario(REALISTIC_LATENCY, flags.orgs, REALISTIC_LATENCY, log);
  const perOrg = (withoutLatency.deploy.cpu - single.cpu) / (flags.orgs - 1);
  const ratios = {
    ofFloor: withLatency.deploy.wall / MIN_SECONDS,
    loopQuick: withoutLatency.loop.wall / withoutLatency.deploy.wall,
    loopSlow: withLatency.loop.wall / withLatency.deploy.wall,
  };
  [withoutLatency, withLatency].forEach((each) => print(comparisonText(flags.orgs, each)));
  print(
    `With server time: ${ratios.ofFloor.toFixed(2)}x the server time of one org (${MIN_SECONDS} s), ${ratios.loopSlow.toFixed(1)}x faster than the loop.`,
  );
  print(
    `Without server time: ${ratios.loopQuick.toFixed(1)}x faster than the loop, ${perOrg.toFixed(2)} s of processor time per additional org.`,
  );
  printJson(
    JSON.stringify(
      { command: 'bench', orgs: flags.orgs, quick: withoutLatency, slow: withLatency, ratios, cpuPerOrg: perOrg },
      null,
      2,
    ),
  );
  return EXIT.done;
}

async function measureScenario(
  scenario: string,
  size: number,
  latency: string,
  log: (line: string) => void,
): Promise<Comparison> {
  log(`${scenario}: deploying to ${size} new orgs`);
  const [deploy, unchanged] = await withFleet(size, latency, async (fleet) => {
    const first = await deployFleet(fleet);
    log(`${scenario}: deploying again without changes`);
    return [first, await deployFleet(fleet)] as const;
  });
  log(`${scenario}: running the plain loop`);
  return { scenario, deploy, unchanged, loop: await withFleet(size, latency, runPlainLoop) };
}

const timingColumns = ({ wall, cpu }: Timing): string =>
  `${wall.toFixed(1).padStart(7)} s   ${cpu.toFixed(1).padStart(6)} s`;

const comparisonText = (size: number, { scenario, deploy, unchanged, loop }: Comparison): string =>
  [
    `${size} orgs, ${scenario}`.padEnd(40) + 'elapsed   processor',
    `  plan, deploy and read back`.padEnd(38) + timingColumns(deploy),
    `  again without changes`.padEnd(38) + timingColumns(unchanged),
    `  plain loop of retrieve and deploy`.padEnd(38) + timingColumns(loop),
    '',
  ].join('\n');
