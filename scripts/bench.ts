import type { Command } from 'commander';
import { deployTo, FLOOR, SLOW, withFleet } from './bench/command';
import { plainLoop } from './bench/plain-loop';
import { measureScale, scaleText, SIZES } from './bench/scale';
import type { Timing } from './bench/timed';
import { collect, main, wholeNumber, type Context, type Verb } from './lib/cli';
import { EXIT, type ExitCode } from './lib/errors';

interface BenchFlags {
  readonly orgs: number;
  readonly scale: boolean;
  readonly size?: readonly string[];
}

/** Measures deploys to fleets: against a plain loop over the sf CLI, or against their own goals as fleets grow. */
export const bench: Verb<BenchFlags> = {
  name: 'bench',
  summary: 'Measures deploys to local orgs against a plain loop of sf commands. Takes some minutes.',
  flags: (program: Command) =>
    program
      .option('--orgs <number>', 'how many orgs', wholeNumber, 10)
      .option('--scale', `measure fleets of ${SIZES.join(', ')} orgs instead; exit code 1 when a goal is missed`, false)
      .option('--size <number>', 'with --scale: a fleet of this size alone; repeat it for several', collect),
  run: (context) => (context.flags.scale ? runScale(context) : runComparison(context)),
};

async function runScale({ flags, show, progress, document }: Context<BenchFlags>): Promise<ExitCode> {
  const sizes = await measureScale(flags.size?.map(wholeNumber) ?? SIZES, progress);
  show(scaleText(sizes));
  document(JSON.stringify({ command: 'bench', floor: FLOOR, sizes }, null, 2));
  return sizes.every(({ missed }) => missed.length === 0) ? EXIT.done : EXIT.failed;
}

interface Measured {
  readonly scenario: string;
  readonly deploy: Timing;
  readonly unchanged: Timing;
  readonly loop: Timing;
}

async function runComparison({ flags, show, progress, document }: Context<BenchFlags>): Promise<ExitCode> {
  const one = await withFleet(1, '', deployTo);
  const quick = await measure('no server time', flags.orgs, '', progress);
  const slow = await measure(SLOW, flags.orgs, SLOW, progress);
  const perOrg = (quick.deploy.cpu - one.cpu) / (flags.orgs - 1);
  const ratios = {
    ofFloor: slow.deploy.wall / FLOOR,
    loopQuick: quick.loop.wall / quick.deploy.wall,
    loopSlow: slow.loop.wall / slow.deploy.wall,
  };
  [quick, slow].forEach((each) => show(text(flags.orgs, each)));
  show(
    `With server time: ${ratios.ofFloor.toFixed(2)} x the server time of one org (${FLOOR} s), and ${ratios.loopSlow.toFixed(1)} x faster than the loop.`,
  );
  show(
    `Without: ${ratios.loopQuick.toFixed(1)} x faster than the loop. One more org costs ${perOrg.toFixed(2)} s of processor time.`,
  );
  document(JSON.stringify({ command: 'bench', orgs: flags.orgs, quick, slow, ratios, cpuPerOrg: perOrg }, null, 2));
  return EXIT.done;
}

async function measure(
  scenario: string,
  size: number,
  latency: string,
  progress: (line: string) => void,
): Promise<Measured> {
  progress(`${scenario}: deploy to ${size} fresh orgs`);
  const [deploy, unchanged] = await withFleet(size, latency, async (fleet) => {
    const first = await deployTo(fleet);
    progress(`${scenario}: deploy again, nothing to do`);
    return [first, await deployTo(fleet)] as const;
  });
  progress(`${scenario}: the plain loop`);
  return { scenario, deploy, unchanged, loop: await withFleet(size, latency, plainLoop) };
}

const seconds = ({ wall, cpu }: Timing): string => `${wall.toFixed(1).padStart(7)} s   ${cpu.toFixed(1).padStart(6)} s`;

const text = (size: number, { scenario, deploy, unchanged, loop }: Measured): string =>
  [
    `${size} orgs, ${scenario}`.padEnd(40) + '   wall        processor',
    `  plan + deploy + read back`.padEnd(38) + seconds(deploy),
    `  again, nothing to do`.padEnd(38) + seconds(unchanged),
    `  plain loop of retrieve + deploy`.padEnd(38) + seconds(loop),
    '',
  ].join('\n');

main(bench, module);
