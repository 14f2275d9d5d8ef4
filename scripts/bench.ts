import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { startFleet, type BenchFleet } from './bench/fleet';
import { sum, timed, type Timing } from './bench/timed';
import { main, wholeNumber, type Context, type Verb } from './lib/cli';
import { EXIT, type ExitCode } from './lib/errors';
import { writeManifest, writePackage } from './lib/metadata';
import { loadProject } from './lib/project';
import type { Latency } from './local-org/index';

interface BenchFlags {
  readonly orgs: number;
}

/** Measures a deploy to a fleet against a plain loop over the sf CLI. */
export const bench: Verb<BenchFlags> = {
  name: 'bench',
  summary: 'Measures deploys to local orgs against a plain loop of sf commands. Takes some minutes.',
  flags: (program: Command) => program.option('--orgs <number>', 'how many orgs', wholeNumber, 10),
  run: runBench,
};

const ROOT = join(__dirname, '..');
const SLOW: Latency = { deploy: 8_000, retrieve: 3_000 };
/** Retrieve, deploy and read back of one org: nobody can be quicker. */
const FLOOR = 14;

interface Measured {
  readonly scenario: string;
  readonly deploy: Timing;
  readonly unchanged: Timing;
  readonly loop: Timing;
}

async function runBench({ flags, show, progress, document }: Context<BenchFlags>): Promise<ExitCode> {
  const one = await withFleet(1, {}, (fleet) => ours(fleet, 'deploy', EXIT.done));
  const quick = await measure('no server time', flags.orgs, {}, progress);
  const slow = await measure('deploy=8s, retrieve=3s', flags.orgs, SLOW, progress);
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
  latency: Latency,
  progress: (line: string) => void,
): Promise<Measured> {
  progress(`${scenario}: deploy to ${size} fresh orgs`);
  const [deploy, unchanged] = await withFleet(size, latency, async (fleet) => {
    const first = await ours(fleet, 'deploy', EXIT.done);
    progress(`${scenario}: deploy again, nothing to do`);
    return [first, await ours(fleet, 'deploy', EXIT.done)] as const;
  });
  progress(`${scenario}: the plain loop`);
  return { scenario, deploy, unchanged, loop: await withFleet(size, latency, plainLoop) };
}

async function withFleet<T>(size: number, latency: Latency, use: (fleet: BenchFleet) => Promise<T>): Promise<T> {
  const fleet = await startFleet(ROOT, size, latency);
  try {
    return await use(fleet);
  } finally {
    await fleet.end();
  }
}

/** The command as a user runs it: a process of its own, everything included. */
const ours = ({ project, home }: BenchFleet, verb: string, exit: ExitCode): Promise<Timing> =>
  timed(
    process.execPath,
    [...['-r', join(ROOT, '.config/ts-node.cjs')], join(__dirname, `${verb}.ts`), '--project', project, '--json'],
    { cwd: ROOT, env: { ...process.env, HOME: home }, exit },
  );

/** What a script without this project does: for each org in turn, retrieve and deploy the same files. */
async function plainLoop({ project, folder, home, orgs }: BenchFleet): Promise<Timing> {
  const { orgs: desired, apiVersion } = loadProject(project, { orgs: [] }, new Date());
  const timings: Timing[] = [];
  for (const { alias } of orgs) {
    const { components } = desired.find(({ org }) => org.alias === alias) ?? { components: new Map() };
    const bundle = join(folder, alias);
    for (const [path, content] of writePackage(components, apiVersion)) write(join(bundle, path), content);
    const manifest = join(folder, `${alias}.xml`);
    write(
      manifest,
      writeManifest(
        new Map([
          ['MessagingChannel', ['*']],
          ['PublicKeyCertificate', ['*']],
          ['PublicKeyCertificateSet', ['*']],
        ]),
        apiVersion,
      ),
    );
    const target = ['--target-org', alias, '--api-version', apiVersion, '--json'];
    timings.push(
      await sf(project, home, [
        'project',
        'retrieve',
        'start',
        '--manifest',
        manifest,
        '--target-metadata-dir',
        join(folder, `${alias}-live`),
        ...target,
      ]),
    );
    timings.push(await sf(project, home, ['project', 'deploy', 'start', '--metadata-dir', bundle, ...target]));
  }
  return sum(timings);
}

const sf = (cwd: string, home: string, argv: readonly string[]): Promise<Timing> =>
  timed(process.execPath, [join(ROOT, 'node_modules/@salesforce/cli/bin/run.js'), ...argv], {
    cwd,
    env: plainEnvironment(home),
    exit: EXIT.done,
  });

/** The CLI as it is installed; only what would reach for the internet is off. */
const plainEnvironment = (home: string): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: home,
  SF_DISABLE_AUTOUPDATE: 'true',
  SF_DISABLE_TELEMETRY: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true',
});

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
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
