import { loadavg } from 'node:os';
import { deployTo, FLOOR, SLOW, withFleet } from './command';
import type { Timing } from './timed';

export const SIZES = [1, 5, 10, 25, 50];

/** How many times the server time of the slowest org a deploy may take at most, by the number of orgs. */
const LONGEST: ReadonlyMap<number, number> = new Map([
  [10, 1.25],
  [50, 1.5],
]);
/** Megabytes. */
const MOST_MEMORY = 1_500;

/** A deploy to a fleet of one size. */
export interface Scaled extends Timing {
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
): Promise<readonly Scaled[]> {
  const measured: Scaled[] = [];
  for (const size of sizes) {
    progress(`${SLOW}: deploy to ${size} fresh orgs`);
    measured.push(await withFleet(size, SLOW, async (fleet) => scaled(size, loadavg()[0] ?? 0, await deployTo(fleet))));
  }
  return measured;
}

function scaled(orgs: number, load: number, timing: Timing): Scaled {
  const ratio = timing.wall / FLOOR;
  return { ...timing, orgs, ratio, load, missed: missedBy(orgs, ratio, timing.memory) };
}

/** The goals that a deploy to so many orgs missed. */
export function missedBy(orgs: number, ratio: number, memory: number | undefined): readonly string[] {
  const longest = LONGEST.get(orgs) ?? Number.POSITIVE_INFINITY;
  return [
    ...(ratio > longest ? [`${ratio.toFixed(2)} x instead of ${longest} x`] : []),
    ...((memory ?? 0) >= MOST_MEMORY ? [`${(memory ?? 0).toFixed(0)} MB instead of ${MOST_MEMORY} MB`] : []),
  ];
}

/** The measurements as a table. */
export const scaleText = (measured: readonly Scaled[]): string =>
  [
    `Deploy to fresh local orgs, ${SLOW}; nobody can be quicker than ${FLOOR} s.`,
    '  orgs      wall   of the floor   processor     memory   load before   goals',
    ...measured.map(lineOf),
    'Processor and memory: the command and its CLI hosts. Memory shared by them counts for each. The orgs run beside them.',
  ].join('\n');

const lineOf = ({ orgs, wall, ratio, cpu, memory, load, missed }: Scaled): string =>
  [
    `  ${String(orgs).padStart(4)}`,
    `${wall.toFixed(1).padStart(8)} s`,
    `${ratio.toFixed(2).padStart(12)} x`,
    `${cpu.toFixed(1).padStart(10)} s`,
    (memory === undefined ? 'not known' : `${memory.toFixed(0)} MB`).padStart(11),
    load.toFixed(1).padStart(14),
    `   ${missed.length === 0 ? 'met' : `missed: ${missed.join(', ')}`}`,
  ].join('');
