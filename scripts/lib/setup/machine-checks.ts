import { ToolError } from '../errors';
import { HttpError, proxyFor } from '../http';
import { npmRun, pluralize } from '../model';
import { readProjectFiles, type ProjectFiles } from '../project';
import { attempt, failed, passed, skipped, type Checkup } from './checkup';
import type { Machine } from './machine';

const MACHINE = 'This machine';
const PROJECT = 'Project';

/** Checks the programs that commands use. Contacts no org. */
export async function machineChecks(machine: Machine, project: string): Promise<readonly Checkup[]> {
  const cliVersion = machine.cliVersion();
  const version = await machine.git('--version');
  const isRepository = await machine.git('-C', project, 'rev-parse', '--is-inside-work-tree');
  return [
    passed(MACHINE, 'Node.js', machine.nodeVersion),
    cliVersion === undefined
      ? failed(MACHINE, 'Salesforce CLI', "@salesforce/cli isn't installed.", 'Install the dependencies: npm ci')
      : passed(MACHINE, 'Salesforce CLI', `${cliVersion}, of this project`),
    version === undefined
      ? failed(MACHINE, 'git', 'The command git was not found.', 'Install git. It keeps private keys out of commits.')
      : isRepository === 'true'
        ? passed(MACHINE, 'git', version.replace(/^git version /, ''))
        : skipped(MACHINE, 'git', "The project isn't in a git repository, so changes to it aren't recorded."),
  ];
}

/** Checks that the files of a project can be read, and that there is an org file. */
export async function projectChecks(
  folder: string,
): Promise<{ readonly files?: ProjectFiles; readonly checks: readonly Checkup[] }> {
  let files: ProjectFiles | undefined;
  const source = await attempt(PROJECT, 'Source', () => {
    files = readProjectFiles(folder);
    return `${pluralize(files.source.components.size, 'component')}, API version ${files.source.apiVersion.value}`;
  });
  if (!files) return { checks: [source] };
  return { files, checks: [source, orgFilesCheck(files)] };
}

function orgFilesCheck({ orgFiles: { orgs, findings } }: ProjectFiles): Checkup {
  if (orgs.length === 0)
    return failed(PROJECT, 'Org files', 'config/orgs has no valid org file.', `Create one: ${npmRun('setup')}`);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors > 0)
    return failed(PROJECT, 'Org files', `They have ${pluralize(errors, 'error')}.`, `Show them: ${npmRun('check')}`);
  return passed(PROJECT, 'Org files', orgs.map(({ alias, kind }) => `${alias} (${kind})`).join(', '));
}

/** A token has times, and a verifier allows for a few minutes of clock skew at most (RFC 7519, section 4.1.4). */
const MAX_SKEW_SECONDS = 60;

/** Checks that a host responds, and compares this clock with the one of the host. */
export async function hostChecks(machine: Machine, topic: string, address: string): Promise<readonly Checkup[]> {
  const url = new URL(address);
  let date: string | null = null;
  const network = await attempt(topic, 'Network', async () => {
    ({ date } = await readDate(machine, url));
    return `${url.host} responds${proxyText(url)}`;
  });
  if (network.status === 'failed')
    return [{ ...network, isAccess: true }, skipped(topic, 'Clock', `${url.host} returned no time.`)];
  return [network, clockCheck(topic, url, date, machine.now())];
}

async function readDate(machine: Machine, url: URL): Promise<{ readonly date: string | null }> {
  try {
    return { date: (await machine.request(url)).headers.get('date') };
  } catch (thrown) {
    const { why, fix } = thrown instanceof HttpError ? thrown.failure : { why: String(thrown), fix: undefined };
    throw new ToolError('org-unreachable', {
      what: `${url.host} doesn't respond.`,
      why,
      fix: fix ?? 'Check the network and the variables HTTPS_PROXY and NO_PROXY. A local org must be running.',
    });
  }
}

/** The proxy without its user name and password. */
function proxyText(url: URL): string {
  const proxy = proxyFor(url);
  return proxy ? ` through the proxy ${proxy.host}` : '';
}

function clockCheck(topic: string, { host }: URL, date: string | null, now: Date): Checkup {
  const time = Date.parse(date ?? '');
  if (Number.isNaN(time)) return skipped(topic, 'Clock', `${host} returned no time.`);
  const seconds = Math.round((now.getTime() - time) / 1000);
  const text =
    seconds === 0
      ? `the same time as ${host}`
      : `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} ${host}`;
  return Math.abs(seconds) <= MAX_SKEW_SECONDS
    ? passed(topic, 'Clock', text)
    : failed(
        topic,
        'Clock',
        `${text}. Tokens that are signed here look expired or not yet valid.`,
        'Synchronize the clock of this machine with a time server.',
      );
}
