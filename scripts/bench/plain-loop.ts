import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT } from '../lib/errors';
import { writeManifest, writePackage } from '../lib/metadata';
import { loadProject } from '../lib/project';
import { ROOT } from './deploy-fleet';
import type { BenchFleet } from './fleet';
import { sumTimings, runTimed, type Timing } from './run-timed';

/** The loop of a script without this project: for each org, retrieve and deploy the same files with the sf CLI. */
export async function runPlainLoop({ project, folder, home, orgs }: BenchFleet): Promise<Timing> {
  const { orgs: desired, apiVersion } = loadProject(project, { orgs: [] }, new Date());
  const timings: Timing[] = [];
  for (const { alias } of orgs) {
    const { components } = desired.find(({ org }) => org.alias === alias) ?? { components: new Map() };
    const [bundle, manifest] = [join(folder, alias), join(folder, `${alias}.xml`)];
    for (const [path, content] of writePackage(components, apiVersion)) writeFileIn(join(bundle, path), content);
    writeFileIn(manifest, writeManifest(new Map(METADATA_TYPES.map((type) => [type, ['*']])), apiVersion));
    const target = ['--target-org', alias, '--api-version', apiVersion, '--json'];
    const into = ['--target-metadata-dir', join(folder, `${alias}-live`)];
    timings.push(
      await runSf(project, home, ['project', 'retrieve', 'start', '--manifest', manifest, ...into, ...target]),
    );
    timings.push(await runSf(project, home, ['project', 'deploy', 'start', '--metadata-dir', bundle, ...target]));
  }
  return sumTimings(timings);
}

const METADATA_TYPES = ['MessagingChannel', 'PublicKeyCertificate', 'PublicKeyCertificateSet'];

const runSf = (cwd: string, home: string, argv: readonly string[]): Promise<Timing> =>
  runTimed(process.execPath, [join(ROOT, 'node_modules/@salesforce/cli/bin/run.js'), ...argv], {
    cwd,
    env: cliEnvironment(home),
    exit: EXIT.done,
  });

/** The environment of the installed CLI without updates and telemetry, which need the internet. */
const cliEnvironment = (home: string): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: home,
  SF_DISABLE_AUTOUPDATE: 'true',
  SF_DISABLE_TELEMETRY: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true',
});

function writeFileIn(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
