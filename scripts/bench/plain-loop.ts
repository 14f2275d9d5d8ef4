import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { EXIT } from '../lib/errors';
import { writeManifest, writePackage } from '../lib/metadata';
import { loadProject } from '../lib/project';
import { ROOT } from './command';
import type { BenchFleet } from './fleet';
import { sum, timed, type Timing } from './timed';

/** What a script without this project does: for each org in turn, retrieve and deploy the same files. */
export async function plainLoop({ project, folder, home, orgs }: BenchFleet): Promise<Timing> {
  const { orgs: desired, apiVersion } = loadProject(project, { orgs: [] }, new Date());
  const timings: Timing[] = [];
  for (const { alias } of orgs) {
    const { components } = desired.find(({ org }) => org.alias === alias) ?? { components: new Map() };
    const [bundle, manifest] = [join(folder, alias), join(folder, `${alias}.xml`)];
    for (const [path, content] of writePackage(components, apiVersion)) write(join(bundle, path), content);
    write(manifest, writeManifest(new Map(WHOLE.map((type) => [type, ['*']])), apiVersion));
    const target = ['--target-org', alias, '--api-version', apiVersion, '--json'];
    const into = ['--target-metadata-dir', join(folder, `${alias}-live`)];
    timings.push(await sf(project, home, ['project', 'retrieve', 'start', '--manifest', manifest, ...into, ...target]));
    timings.push(await sf(project, home, ['project', 'deploy', 'start', '--metadata-dir', bundle, ...target]));
  }
  return sum(timings);
}

const WHOLE = ['MessagingChannel', 'PublicKeyCertificate', 'PublicKeyCertificateSet'];

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
