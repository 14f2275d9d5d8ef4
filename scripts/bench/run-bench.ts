import { positiveInteger, type Context } from '../lib/cli';
import { EXIT, type ExitCode } from '../lib/errors';
import { deployFleet, MIN_SECONDS, REALISTIC_LATENCY, withFleet } from './deploy-fleet';
import { checkLargeProject, largeProjectText, meetsTargets } from './large-project';
import { runCoreScript, runPlainCommands } from './plain-commands';
import type { Timing } from './run-timed';
import { measureScale, scaleText, SIZES } from './scale';

/** The flags of `bench`. */
export interface BenchFlags {
  readonly orgs: number;
  readonly scale: boolean;
  readonly size?: readonly string[];
  readonly largeProject: boolean;
}

/** Measures deploys, and `check` of a large project. With --scale or --large-project, the exit code says whether each target was met. */
export async function runBench(context: Context<BenchFlags>): Promise<ExitCode> {
  if (context.flags.scale) return runScale(context);
  return context.flags.largeProject ? runLargeProject(context) : runComparison(context);
}

async function runLargeProject({ print, log, printJson }: Context<BenchFlags>): Promise<ExitCode> {
  log('Writing a large project');
  const timing = await checkLargeProject();
  print(largeProjectText(timing));
  printJson(JSON.stringify({ command: 'bench', largeProject: timing }, null, 2));
  return meetsTargets(timing) ? EXIT.done : EXIT.failed;
}

async function runScale({ flags, print, log, printJson }: Context<BenchFlags>): Promise<ExitCode> {
  const sizes = await measureScale(flags.size?.map(positiveInteger) ?? SIZES, log);
  print(scaleText(sizes));
  printJson(JSON.stringify({ command: 'bench', floor: MIN_SECONDS, sizes }, null, 2));
  return sizes.every(({ missed }) => missed.length === 0) ? EXIT.done : EXIT.failed;
}

/** The cost of each way to retrieve, deploy, and read back the same orgs, in the order of the table. */
type Comparison = ReadonlyMap<string, Timing>;

const DEPLOY = 'deploy of this project';

async function runComparison(context: Context<BenchFlags>): Promise<ExitCode> {
  const { flags, print, printJson } = context;
  const scenarios: readonly (readonly [name: string, latency: string])[] = [
    ['no server time', ''],
    [`server time ${REALISTIC_LATENCY}`, REALISTIC_LATENCY],
  ];
  const results: Record<string, Record<string, Timing>> = {};
  for (const [name, latency] of scenarios) {
    const comparison = await compare(context, name, latency);
    print(comparisonText(`${flags.orgs} orgs, ${name}`, comparison));
    results[name] = Object.fromEntries(comparison);
  }
  print(`Memory is the peak of the sum of all processes. The server time of one org is ${MIN_SECONDS} s.`);
  printJson(JSON.stringify({ command: 'bench', orgs: flags.orgs, results }, null, 2));
  return runLargeProject({ ...context, printJson: () => undefined });
}

/** Measures each way with new orgs. */
async function compare(
  { flags: { orgs }, log }: Context<BenchFlags>,
  name: string,
  latency: string,
): Promise<Comparison> {
  const results = new Map<string, Timing>();
  log(`${name}: ${DEPLOY}, and again without changes`);
  await withFleet(orgs, latency, async (fleet) => {
    results.set(DEPLOY, await deployFleet(fleet));
    results.set('  again without changes', await deployFleet(fleet));
  });
  for (const [label, parallel] of PLAIN_WAYS) {
    log(`${name}: ${label}`);
    results.set(label, await withFleet(orgs, latency, (fleet) => runPlainCommands(fleet, parallel)));
  }
  log(`${name}: ${CORE_SCRIPT}`);
  return results.set(CORE_SCRIPT, await withFleet(orgs, latency, runCoreScript));
}

const PLAIN_WAYS: readonly (readonly [label: string, parallel: number])[] = [
  ['sf for one org after the other', 1],
  ['sf with xargs -P 4', 4],
  ['sf with xargs -P 10', 10],
];

const CORE_SCRIPT = 'script with @salesforce/core';

/** A table with each way as a multiple of the deploy of this project. */
export function comparisonText(title: string, comparison: Comparison): string {
  const own = comparison.get(DEPLOY);
  const cell = (value: number | undefined, base: number | undefined, unit: string): string => {
    if (value === undefined) return 'unknown'.padStart(18);
    const ratio = base === undefined ? '' : `${(value / base).toFixed(2)}x`;
    return `${value.toFixed(unit === 's' ? 1 : 0)} ${unit} ${ratio.padStart(7)}`.padStart(18);
  };
  const rows = [...comparison].map(
    ([label, { wall, cpu, memory }]) =>
      `  ${label.padEnd(32)}${cell(wall, own?.wall, 's')}${cell(cpu, own?.cpu, 's')}${cell(memory, own?.memory, 'MB')}`,
  );
  const heading = `${title.padEnd(34)}${['elapsed', 'processor', 'memory'].map((name) => name.padStart(18)).join('')}`;
  return [heading, ...rows, ''].join('\n');
}
