import { loadavg } from 'node:os';
import { deployFleet, MIN_SECONDS, REALISTIC_LATENCY, withFleet } from './deploy-fleet';
import type { Timing } from './run-timed';

export const SIZES = [1, 10, 50, 200, 500];

/** The target of a deploy as a multiple of the server time of the slowest org, by the number of orgs. */
const MAX_RATIOS: ReadonlyMap<number, number> = new Map([
  [10, 1.12],
  [50, 1.2],
  [200, 1.6],
  [500, 3],
]);
const MAX_MEMORY_MB = 1_500;

/** A deploy to a fleet of one size. */
export interface ScaleResult extends Timing {
  readonly orgs: number;
  /** The elapsed time as a multiple of the server time of the slowest org. */
  readonly ratio: number;
  /** The load average before the run. Above 0, other processes used the processors. */
  readonly load: number;
  /** The missed targets, as text. */
  readonly missed: readonly string[];
}

/** Measures deploys to fleets of each size, one at a time. */
export async function measureScale(
  sizes: readonly number[],
  progress: (line: string) => void,
): Promise<readonly ScaleResult[]> {
  const results: ScaleResult[] = [];
  for (const size of sizes) {
    progress(`${REALISTIC_LATENCY}: deploy to ${size} new orgs`);
    results.push(
      await withFleet(size, REALISTIC_LATENCY, async (fleet) =>
        toScaleResult(size, loadavg()[0] ?? 0, await deployFleet(fleet)),
      ),
    );
  }
  return results;
}

function toScaleResult(orgs: number, load: number, timing: Timing): ScaleResult {
  const ratio = timing.wall / MIN_SECONDS;
  return { ...timing, orgs, ratio, load, missed: missedTargets(orgs, ratio, timing.memory) };
}

/** The targets that a deploy to this number of orgs missed. */
export function missedTargets(orgs: number, ratio: number, memory: number | undefined): readonly string[] {
  const maxRatio = MAX_RATIOS.get(orgs) ?? Number.POSITIVE_INFINITY;
  return [
    ...(ratio > maxRatio ? [`${ratio.toFixed(2)}x instead of ${maxRatio}x`] : []),
    ...((memory ?? 0) >= MAX_MEMORY_MB ? [`${(memory ?? 0).toFixed(0)} MB instead of ${MAX_MEMORY_MB} MB`] : []),
  ];
}

/** The measurements as a table. */
export const scaleText = (results: readonly ScaleResult[]): string =>
  [
    `Deploy to new local orgs with ${REALISTIC_LATENCY}. Lower bound: ${MIN_SECONDS} s.`,
    '  orgs   elapsed    lower bound   processor     memory   load before   targets',
    ...results.map(resultLine),
    'Processor and memory: the command and its CLI workers. Shared memory counts for each. The orgs run on the same machine.',
  ].join('\n');

const resultLine = ({ orgs, wall, ratio, cpu, memory, load, missed }: ScaleResult): string =>
  [
    `  ${String(orgs).padStart(4)}`,
    `${wall.toFixed(1).padStart(8)} s`,
    `${ratio.toFixed(2).padStart(12)} x`,
    `${cpu.toFixed(1).padStart(10)} s`,
    (memory === undefined ? 'unknown' : `${memory.toFixed(0)} MB`).padStart(11),
    load.toFixed(1).padStart(14),
    `   ${missed.length === 0 ? 'met' : `missed: ${missed.join(', ')}`}`,
  ].join('');
