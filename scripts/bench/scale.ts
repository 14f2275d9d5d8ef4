import { loadavg } from 'node:os';
import { deployFleet, MIN_SECONDS, REALISTIC_LATENCY, withFleet } from './deploy-fleet';
import type { Timing } from './run-timed';

export const SIZES = [1, 5, 10, 25, 50];

/** How many times the server time of the slowest org a deploy may take at most, by the number of orgs. */
const MAX_RATIOS: ReadonlyMap<number, number> = new Map([
  [10, 1.25],
  [50, 1.5],
]);
/** Megabytes. */
const MAX_MEMORY_MB = 1_500;

/** A deploy to a fleet of one size. */
export interface ScaleResult extends Timing {
  readonly orgs: number;
  /** The time by the clock over the server time of the slowest org. */
  readonly ratio: number;
  /** The load of the machine before: above 0, others had a share of the processors. */
  readonly load: number;
  /** Goals that are missed, in words. */
  readonly missed: readonly string[];
}

/** Measures deploys to fleets of each size, one after the other. */
export async function measureScale(
  sizes: readonly number[],
  progress: (line: string) => void,
): Promise<readonly ScaleResult[]> {
  const results: ScaleResult[] = [];
  for (const size of sizes) {
    progress(`${REALISTIC_LATENCY}: deploy to ${size} fresh orgs`);
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

/** The goals that a deploy to so many orgs missed. */
export function missedTargets(orgs: number, ratio: number, memory: number | undefined): readonly string[] {
  const maxRatio = MAX_RATIOS.get(orgs) ?? Number.POSITIVE_INFINITY;
  return [
    ...(ratio > maxRatio ? [`${ratio.toFixed(2)} x instead of ${maxRatio} x`] : []),
    ...((memory ?? 0) >= MAX_MEMORY_MB ? [`${(memory ?? 0).toFixed(0)} MB instead of ${MAX_MEMORY_MB} MB`] : []),
  ];
}

/** The measurements as a table. */
export const scaleText = (results: readonly ScaleResult[]): string =>
  [
    `Deploy to fresh local orgs, ${REALISTIC_LATENCY}; nobody can be quicker than ${MIN_SECONDS} s.`,
    '  orgs      wall   of the floor   processor     memory   load before   goals',
    ...results.map(resultLine),
    'Processor and memory: the command and its CLI hosts. Memory shared by them counts for each. The orgs run beside them.',
  ].join('\n');

const resultLine = ({ orgs, wall, ratio, cpu, memory, load, missed }: ScaleResult): string =>
  [
    `  ${String(orgs).padStart(4)}`,
    `${wall.toFixed(1).padStart(8)} s`,
    `${ratio.toFixed(2).padStart(12)} x`,
    `${cpu.toFixed(1).padStart(10)} s`,
    (memory === undefined ? 'not known' : `${memory.toFixed(0)} MB`).padStart(11),
    load.toFixed(1).padStart(14),
    `   ${missed.length === 0 ? 'met' : `missed: ${missed.join(', ')}`}`,
  ].join('');
