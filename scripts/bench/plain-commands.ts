import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../lib/errors';
import { writeManifest, writePackage } from '../lib/metadata';
import { loadProject } from '../lib/project';
import { pack } from '../lib/sf/archive';
import { ROOT } from './deploy-fleet';
import type { BenchFleet } from './fleet';
import { runTimed, type Timing } from './run-timed';

const METADATA_TYPES = ['MessagingChannel', 'PublicKeyCertificate', 'PublicKeyCertificateSet'];

/** The commands that a team without this project runs for each org: retrieve, deploy the same files, and read back. */
const orgScript = (folder: string, apiVersion: string): string => `set -e
cd "${folder}/project"
alias=$1
run() { "${process.execPath}" "${join(ROOT, 'node_modules/@salesforce/cli/bin/run.js')}" project "$@" --target-org "$alias" --api-version ${apiVersion} --json; }
run retrieve start --manifest "${folder}/package.xml" --target-metadata-dir "${folder}/$alias-before"
run deploy start --metadata-dir "${folder}/$alias.zip"
run retrieve start --manifest "${folder}/package.xml" --target-metadata-dir "${folder}/$alias-after"
`;

/** Runs the commands of plain sf for each org of a new fleet, for at most `parallel` orgs at the same time. */
export function runPlainCommands(fleet: BenchFleet, parallel: number): Promise<Timing> {
  const { folder, home, orgs } = fleet;
  const apiVersion = writePackages(fleet);
  writeFileSync(
    join(folder, 'package.xml'),
    writeManifest(new Map(METADATA_TYPES.map((type) => [type, ['*']])), apiVersion),
  );
  writeFileSync(join(folder, 'org.sh'), orgScript(folder, apiVersion));
  writeFileSync(join(folder, 'aliases'), orgs.map(({ alias }) => `${alias}\n`).join(''));
  const command = `xargs -P ${parallel} -n 1 sh "${folder}/org.sh" < "${folder}/aliases"`;
  return runTimed('sh', ['-c', command], { cwd: folder, env: cliEnvironment(home), exit: EXIT.done });
}

/** Runs a short script with @salesforce/core for all orgs of a new fleet: the lower bound of what a deploy costs. */
export function runCoreScript(fleet: BenchFleet): Promise<Timing> {
  const { folder, home, orgs } = fleet;
  const apiVersion = writePackages(fleet);
  const argv = [folder, apiVersion, METADATA_TYPES.join(','), ...orgs.map(({ alias }) => alias)];
  const script = join(__dirname, 'core-script.mjs');
  return runTimed(process.execPath, [script, ...argv], { cwd: folder, env: cliEnvironment(home), exit: EXIT.done });
}

/** Writes the desired state of each org as a metadata package, and returns the API version. */
function writePackages({ project, folder, orgs }: BenchFleet): string {
  const { orgs: desired, apiVersion } = loadProject(project, { orgs: [] }, new Date());
  for (const { alias } of orgs) {
    const { components } = desired.find(({ org }) => org.alias === alias) ?? { components: new Map() };
    writeFileSync(join(folder, `${alias}.zip`), pack(writePackage(components, apiVersion)));
  }
  return apiVersion;
}

/** The environment of the installed CLI without updates and telemetry, which need the internet. */
const cliEnvironment = (home: string): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: home,
  SF_DISABLE_AUTOUPDATE: 'true',
  SF_DISABLE_TELEMETRY: 'true',
  SF_SKIP_NEW_VERSION_CHECK: 'true',
});
