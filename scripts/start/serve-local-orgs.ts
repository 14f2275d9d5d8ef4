import { basename, resolve } from 'node:path';
import type { Context } from '../lib/cli';
import { asToolError, EXIT, ToolError, type ExitCode, invalidFlagError } from '../lib/errors';
import { readAnswers } from '../lib/evidence';
import { npmRun, sfCommand } from '../lib/model';
import { loadOrgFiles } from '../lib/project';
import { tableText, wrap } from '../lib/report';
import { withCliWorkers } from '../lib/rollout';
import { Sf, type CliWorkerPool } from '../lib/sf';
import {
  parseFaults,
  parseLatency,
  parseChatApiSettings,
  parseTraffic,
  parseWebDeploymentSettings,
  type AnswersByQuestion,
  type LocalOrg,
} from '../local-org/index';
import { startLocalOrgs, type LocalOrgs, type LocalOrgsOptions } from '../local-org/orgs';

/** The flags of `local-org`. */
export interface LocalOrgFlags {
  readonly latency?: string;
  readonly chatApi?: string;
  readonly webDeployments?: string;
  readonly omittedItems?: 'removed' | 'kept';
  readonly agentRouting?: 'dropped' | 'bound';
  readonly sourceTracking?: boolean;
  readonly evidence?: string;
  readonly fault?: string;
  readonly traffic?: string;
  readonly state: string;
}

/** Starts local orgs, logs the CLI in to them, and serves them until the user stops the command. */
export async function serveLocalOrgs(context: Context<LocalOrgFlags>): Promise<ExitCode> {
  const stopped = context.untilStopped();
  const local = await startOrgs(context);
  try {
    await withCliWorkers(context, (workers) => logIn(workers, local));
    announce(context, local.orgs);
    await stopped;
  } finally {
    await local.close();
  }
  return EXIT.done;
}

async function startOrgs({ flags, print }: Context<LocalOrgFlags>): Promise<LocalOrgs> {
  const aliases = flags.org.length > 0 ? flags.org : ['dev', 'uat', 'prod'];
  const { orgs } = loadOrgFiles(flags.project);
  const kinds = new Map(orgs.map(({ alias, kind }) => [alias, kind]));
  const folder = resolve(flags.project, flags.state);
  const requested = aliases.map((alias) => ({ alias: assertAlias(alias), kind: kindOf(kinds.get(alias), alias) }));
  return startLocalOrgs({ orgs: requested, folder, onUnsupported: printOnce(print), ...orgOptions(flags) }).catch(
    (failure: unknown) => {
      throw startFailedError(failure);
    },
  );
}

/** Prints each line once: the CLI repeats some requests for each of 300 metadata types. */
function printOnce(print: (line: string) => void): (line: string) => void {
  const printed = new Set<string>();
  return (line) => {
    if (printed.has(line)) return;
    printed.add(line);
    print(line);
  };
}

/** Returns the kind in the org file. Without an org file, an alias that starts with "prod" is a production org. */
const kindOf = (kind: string | undefined, alias: string): 'production' | 'sandbox' =>
  (kind ?? (alias.startsWith('prod') ? 'production' : 'sandbox')) === 'production' ? 'production' : 'sandbox';

function assertAlias(alias: string): string {
  if (/^[A-Za-z0-9][\w.-]*$/.test(alias) && basename(alias) === alias) return alias;
  throw usageError(`"${alias}" isn't a valid alias.`, 'Use letters, digits, _, -, and dots.');
}

function orgOptions({
  latency,
  chatApi,
  webDeployments,
  omittedItems,
  agentRouting,
  sourceTracking,
  evidence,
  fault,
  traffic,
}: LocalOrgFlags): Omit<LocalOrgsOptions, 'orgs' | 'folder' | 'anyPort'> {
  if (fault !== undefined) readSpec(fault, (spec) => parseFaults(spec, ''), 'deploy.submit:no-response@1');
  return {
    ...(fault !== undefined && { faults: fault }),
    ...(evidence !== undefined && { answers: answersIn(evidence) }),
    ...(omittedItems !== undefined && { omittedItems }),
    ...(agentRouting !== undefined && { agentRouting }),
    ...(sourceTracking !== undefined && { sourceTracking }),
    ...(latency !== undefined && { latency: readSpec(latency, parseLatency, 'deploy=8s,retrieve=3s') }),
    ...(traffic !== undefined && {
      traffic: readSpec(traffic, parseTraffic, 'verified=40/m,unverified=2/m,broken-after=10m'),
    }),
    ...(chatApi !== undefined && {
      chatApi: readSpec(chatApi, parseChatApiSettings, 'badToken=unverified,jwksCache=10m'),
    }),
    ...(webDeployments !== undefined && {
      webDeployments: readSpec(webDeployments, parseWebDeploymentSettings, 'metadataUpdate=immutable'),
    }),
  };
}

/** The answers in an evidence file by question. Throws `invalid-flag` if it can't be read. */
function answersIn(file: string): AnswersByQuestion {
  return Object.fromEntries(readAnswers(resolve(file), file).map(({ id, answer }) => [id, answer]));
}

function readSpec<T>(spec: string, parse: (spec: string) => T, example: string): T {
  try {
    return parse(spec);
  } catch (failure) {
    throw usageError(failure instanceof Error ? failure.message : String(failure), `Use this format: ${example}`);
  }
}

/** Logs in to one org after the other. Never replaces the alias of an org that isn't local. */
export async function logIn(workers: CliWorkerPool, { orgs, loginKeyFile }: LocalOrgs): Promise<void> {
  const sf = new Sf(workers, '67.0');
  for (const { alias } of orgs) {
    const url = await instanceUrlOf(sf, alias);
    if (url !== undefined && !url.startsWith('http://127.0.0.1:')) throw aliasTakenError(alias, url);
  }
  for (const { alias, username, clientId, url } of orgs)
    await sf.login({ alias, username, clientId, url, keyFile: loginKeyFile });
}

/** The instance URL of the login with an alias; undefined if there is no such login. */
const instanceUrlOf = (sf: Sf, alias: string): Promise<string | undefined> =>
  sf.loginOf(alias).then(
    ({ instanceUrl }) => instanceUrl,
    (thrown: unknown) => {
      if (asToolError(thrown).code === 'login-missing') return undefined;
      throw thrown;
    },
  );

/** Shows the orgs and the next command: an org without an org file needs a setup first. */
function announce({ flags, layout, print, printJson }: Context<LocalOrgFlags>, orgs: readonly LocalOrg[]): void {
  const rows = orgs.map(({ alias, orgId, kind, url, username }) => ({ alias, orgId, kind, url, username }));
  printJson(JSON.stringify({ command: 'local-org', orgs: rows }));
  if (flags.json) return;
  print(
    tableText(
      layout,
      rows.map(({ alias, orgId, kind, url }) => [alias, orgId, kind, url].map((text) => ({ text }))),
    ),
  );
  const settings = settingsText(flags);
  if (settings !== '') print(`\n${wrap(layout, '  ', settings, '')}`);
  const declared = new Set(loadOrgFiles(flags.project).orgs.map(({ alias }) => alias));
  const added = orgs.find(({ alias }) => !declared.has(alias));
  const next = added === undefined ? npmRun('plan') : npmRun('setup', '--org', added.alias);
  print(
    `\nThe sf CLI is logged in to these aliases. In another terminal, run any sf command, or: ${next}\nTo stop the orgs, press Ctrl+C. Their state is kept for the next start.`,
  );
}

/** The settings that differ from the defaults, as flags; empty if there are none. */
export function settingsText(flags: LocalOrgFlags): string {
  const { latency, chatApi, webDeployments, omittedItems, agentRouting, sourceTracking, evidence, fault, traffic } =
    flags;
  const settings = { fault, latency, chatApi, webDeployments, omittedItems, agentRouting, evidence, traffic };
  const given = Object.entries(settings).flatMap(([name, value]) =>
    value === undefined ? [] : [`${flagOf(name)} ${value}`],
  );
  const all = [...given, ...(sourceTracking === true ? ['--source-tracking'] : [])];
  return all.length === 0 ? '' : `Settings that differ from the defaults: ${all.join(', ')}`;
}

/** `chatApi` -> `--chat-api` */
const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const aliasTakenError = (alias: string, url: string): ToolError =>
  new ToolError('alias-taken', {
    what: `The alias "${alias}" already belongs to ${url}. No local org was logged in.`,
    why: "A local org can't replace the login of another org.",
    fix: `Choose another alias with --org, or run: ${sfCommand('alias', 'unset', alias)}`,
  });

const startFailedError = (failure: unknown): ToolError =>
  new ToolError(
    'port-taken',
    {
      what: "The local orgs can't be started.",
      why: failure instanceof Error ? failure.message : String(failure),
      fix: `Stop the other local orgs, and run the command again. Until then, a login to these aliases is rejected. Or use other ports: ${npmRun('local-org', '--state', 'FOLDER')}`,
    },
    { cause: failure },
  );

const usageError = (why: string, fix: string): ToolError => invalidFlagError('Invalid flag or argument.', why, fix);
