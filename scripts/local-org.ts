import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { main, type Context, type Verb } from './lib/cli';
import { readOrgs } from './lib/config';
import { EXIT, ToolError, type ExitCode } from './lib/errors';
import { withHosts } from './lib/run';
import { Sf, type HostPool } from './lib/sf';
import { parseFaults, parseLatency, parseRuntime, type LocalOrg } from './local-org/index';
import { startLocalOrgs, type LocalOrgs, type LocalOrgsOptions } from './local-org/orgs';

export interface LocalOrgFlags {
  readonly latency?: string;
  readonly runtime?: string;
  readonly fault?: string;
  readonly state: string;
}

/** Serves Salesforce orgs on loopback and logs the CLI in to them. */
export const localOrg: Verb<LocalOrgFlags> = {
  name: 'local-org',
  summary: 'Serves Salesforce orgs on this machine, for trying and testing, and logs the sf CLI in to them.',
  flags: (program: Command) =>
    program
      .option('--latency <spec>', 'server time, e.g. deploy=8s,retrieve=3s')
      .option('--runtime <spec>', 'how the messaging runtime behaves, e.g. badToken=guest,jwksCache=10m')
      .option('--fault <spec>', 'what goes wrong, e.g. deploy.submit:lost,uat/query:503@1-2')
      .option('--state <folder>', 'where the orgs keep their state, relative to the project', '.local-org'),
  run: serve,
};

async function serve(context: Context<LocalOrgFlags>): Promise<ExitCode> {
  const stopped = context.untilStopped();
  const local = await start(context);
  try {
    await withHosts(context, (hosts) => logIn(hosts, local));
    announce(context, local.orgs);
    await stopped;
  } finally {
    await local.close();
  }
  return EXIT.done;
}

async function start({ flags }: Context<LocalOrgFlags>): Promise<LocalOrgs> {
  const aliases = flags.org.length > 0 ? flags.org : ['dev', 'uat', 'prod'];
  const { orgs } = readOrgs(flags.project);
  const kinds = new Map(orgs.map(({ alias, kind }) => [alias, kind]));
  const folder = resolve(flags.project, flags.state);
  const wanted = aliases.map((alias) => ({ alias: verifiedAlias(alias), kind: kindOf(kinds.get(alias), alias) }));
  return startLocalOrgs({ orgs: wanted, folder, ...settingsOf(flags) }).catch((failure: unknown) => {
    throw notStarted(failure);
  });
}

/** As the org file says; without one, an alias that starts with "prod" is production. */
const kindOf = (kind: string | undefined, alias: string): 'production' | 'sandbox' =>
  (kind ?? (alias.startsWith('prod') ? 'production' : 'sandbox')) === 'production' ? 'production' : 'sandbox';

function verifiedAlias(alias: string): string {
  if (/^[A-Za-z0-9][\w.-]*$/.test(alias) && basename(alias) === alias) return alias;
  throw badFlag(`"${alias}" is no alias.`, 'Use letters, digits, _, - and dots.');
}

function settingsOf({
  latency,
  runtime,
  fault,
}: LocalOrgFlags): Pick<LocalOrgsOptions, 'latency' | 'runtime' | 'faults'> {
  if (fault !== undefined) readSpec(fault, (spec) => parseFaults(spec, ''), 'deploy.submit:lost@1');
  return {
    ...(fault !== undefined && { faults: fault }),
    ...(latency !== undefined && { latency: readSpec(latency, parseLatency, 'deploy=8s,retrieve=3s') }),
    ...(runtime !== undefined && { runtime: readSpec(runtime, parseRuntime, 'badToken=guest,jwksCache=10m') }),
  };
}

function readSpec<T>(spec: string, parse: (spec: string) => T, example: string): T {
  try {
    return parse(spec);
  } catch (failure) {
    throw badFlag(failure instanceof Error ? failure.message : String(failure), `Write it as ${example}.`);
  }
}

/** Logs in one after the other. An alias that leads to a real org is never taken over. */
export async function logIn(hosts: HostPool, { orgs, loginKeyFile }: LocalOrgs): Promise<void> {
  const sf = new Sf(hosts, '67.0');
  const logins = await sf.logins();
  const taken = orgs.find(({ alias }) => !/^(http:\/\/127\.0\.0\.1:|$)/.test(logins.get(alias) ?? ''));
  if (taken) throw aliasTaken(taken.alias, logins.get(taken.alias) ?? '');
  for (const { alias, username, clientId, url } of orgs)
    await sf.login({ alias, username, clientId, url, keyFile: loginKeyFile });
}

function announce({ flags, show, document }: Context, orgs: readonly LocalOrg[]): void {
  const rows = orgs.map(({ alias, orgId, kind, url, username }) => ({ alias, orgId, kind, url, username }));
  document(JSON.stringify({ command: 'local-org', orgs: rows }));
  if (flags.json) return;
  rows.forEach(({ alias, orgId, kind, url }) => show(`${alias.padEnd(12)} ${orgId}  ${kind.padEnd(10)}  ${url}`));
  show(
    '\nThe aliases are logged in. In another terminal: npm run plan, or any sf command.\nStop with Ctrl+C; what was deployed is kept for the next start.',
  );
}

const aliasTaken = (alias: string, url: string): ToolError =>
  new ToolError('alias-taken', {
    what: `The alias "${alias}" already leads to ${url}.`,
    why: 'A local org would take the login of a real org over.',
    fix: `Name the local org otherwise, or run: sf alias unset ${alias}.`,
  });

const notStarted = (failure: unknown): ToolError =>
  new ToolError(
    'port-taken',
    {
      what: 'The local orgs could not be started.',
      why: failure instanceof Error ? failure.message : String(failure),
      fix: 'End the other local orgs, or keep this state in another folder with --state.',
    },
    { cause: failure },
  );

const badFlag = (why: string, fix: string): ToolError =>
  new ToolError('bad-flag', { what: 'The command line is not understood.', why, fix }, { exit: EXIT.invalid });

main(localOrg, module);
