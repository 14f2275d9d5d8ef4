import { join } from 'node:path';
import { chatApiUrlFor, TokenBudget } from '../chat-api';
import { reportStep, type Context } from '../cli';
import { asToolError, EXIT, invalidFlagError, ToolError, type ExitCode } from '../errors';
import { conflictsIn, readEvidence, writeEvidence, type Conflict } from '../evidence';
import { isLoopback, joinNames, npmRun, pluralize } from '../model';
import { DEFAULT_TIMEOUTS, waitUntilIdle, withLock } from '../org';
import { serializeDocument, wrap } from '../report';
import type { CliWorkerPool } from '../sf';
import { parseTokenRate } from '../verification/verify-flags';
import { TokenRequests } from '../verification/token-requests';
import { Endpoint } from './endpoint';
import { documentsOf, serveDocuments } from './endpoint-experiments';
import { EXPERIMENTS, selectExperiments, type Selected } from './experiments';
import { PREFIX } from './prefix';
import type { Need } from './experiment';
import { generateTestKey } from './keys';
import { Lab, SYSTEM_CLOCK } from './lab';
import { cleanUp, findLeftovers, type Remainder } from './leftovers';
import { openRecord, type CreationRecord } from './record';
import { experimentJson, listText, resultJson, resultText, totalsText, type ExperimentResult } from './result';
import { runExperiments } from './run-experiments';
import { openTarget, type Target } from './target';

export interface CalibrateFlags {
  /** IDs of the experiments to run. Default: all. */
  readonly only?: readonly string[];
  /** IDs of the experiments not to run. */
  readonly skip?: readonly string[];
  /** Whether the experiments are listed and no org is contacted. */
  readonly list?: boolean;
  /** Whether only leftovers of an earlier run are deleted. */
  readonly cleanUp?: boolean;
  readonly yes?: boolean;
  /** Whether Web chat deployments are created, each with a site. */
  readonly web?: boolean;
  /** Public URL that a tunnel forwards to `listen`. */
  readonly endpoint?: string;
  /** Port of the endpoint on this machine. */
  readonly listen?: number;
  /** Developer name of an active Agentforce Service Agent. */
  readonly agent?: string;
  /** Alias of a login to the same org whose user lacks Configure Messaging. */
  readonly limitedUser?: string;
  /** Token requests to the org in a time, such as `60/1m`. */
  readonly tokenBudget?: string;
  /** Folder of the run journals, relative to the project. */
  readonly runs: string;
}

/** Runs the experiments in one org, and writes what it found to its evidence file. */
export async function runCalibrate(context: Context<CalibrateFlags>, workers: CliWorkerPool): Promise<ExitCode> {
  const { flags } = context;
  const rate = parseTokenRate(flags.tokenBudget);
  assertEndpoint(flags.endpoint);
  const selected = selectExperiments(flags.only ?? [], flags.skip ?? [], (need) => hasNeed(flags, need));
  const target = await openTarget(context, workers);
  const record = openRecord(join(flags.project, flags.runs), target.org.orgId);
  context.print(planText(context, target, selected));
  await assertConfirmed(context, target.org.alias);
  const endpoint = await openEndpoint(flags);
  const work: Work = {
    context,
    target,
    record,
    selected,
    budget: new TokenBudget(rate, (text) => reportStep(context, target.org.alias, text)),
    ...(endpoint && { endpoint }),
  };
  try {
    return await Promise.race([lockedRun(work), rejectWhenStopped(context, target.org.alias)]);
  } finally {
    endpoint?.close();
  }
}

/** Runs under the lock of the org, while no deploy job runs there. */
async function lockedRun(work: Work): Promise<ExitCode> {
  const { context, target } = work;
  const { alias, orgId } = target.org;
  const { lock: timeout } = DEFAULT_TIMEOUTS;
  const onWait = (why: string): void => context.log(`Waiting ${why}`);
  return withLock({ alias, orgId, home: target.sf.home, timeout, onWait }, async () => {
    await waitUntilIdle(target.sf, alias, timeout, onWait);
    return context.flags.cleanUp === true ? cleanUpOnly(work) : calibrate(work);
  });
}

const DEFAULT_PORT = 8790;

/** Throws `invalid-flag` for a URL that Salesforce doesn't accept. The message doesn't repeat it: it can contain a password. */
function assertEndpoint(text: string | undefined): void {
  if (text === undefined) return;
  const url = URL.parse(text);
  const isReadable = url !== null && (url.protocol === 'https:' || isLoopback(url));
  if (isReadable && url.search + url.hash + url.username + url.password === '') return;
  throw invalidFlagError(
    "The URL of --endpoint isn't valid. No org was contacted.",
    'Salesforce reads a JWKS endpoint over HTTPS. The URL has no user name, no password, and no query.',
    'Use the HTTPS URL of a tunnel to the port of --listen.',
  );
}

/** Listens if --endpoint is given. */
async function openEndpoint({ endpoint: text, listen = DEFAULT_PORT }: CalibrateFlags): Promise<Endpoint | undefined> {
  if (text === undefined) return undefined;
  const endpoint = new Endpoint(text);
  await endpoint.listen(listen);
  return endpoint;
}

/** Whether the user gave what experiments need. */
function hasNeed({ endpoint, web, agent, limitedUser }: CalibrateFlags, need: Need): boolean {
  const given: Readonly<Record<Need, boolean>> = {
    endpoint: endpoint !== undefined,
    web: web === true,
    agent: agent !== undefined,
    'limited-user': limitedUser !== undefined,
  };
  return given[need];
}

/** Lists the experiments. No org is contacted. */
export function listExperiments({ layout, print, printJson }: Context): ExitCode {
  print(EXPERIMENTS.map((experiment) => listText(layout, experiment)).join('\n\n'));
  print(`\n${pluralize(EXPERIMENTS.length, 'experiment')}. To run them: ${npmRun('calibrate', '--org', 'ORG')}`);
  const experiments = EXPERIMENTS.map(experimentJson);
  printJson(serializeDocument({ command: 'calibrate', exitCode: EXIT.done, findings: [], experiments }));
  return EXIT.done;
}

/** The text of what the run will do in the org. */
function planText(
  { flags, layout }: Context<CalibrateFlags>,
  { org, facts }: Target,
  selected: readonly Selected[],
): string {
  const name = `${org.alias} (${facts.kind}, ${org.orgId})`;
  if (flags.cleanUp === true)
    return wrap(layout, '', `${name}: deletes all components whose names start with ${PREFIX}.`);
  const running = selected.filter(({ skipped }) => skipped === undefined);
  const writes = [...new Set(running.flatMap(({ experiment }) => experiment.writes))];
  const shared = 'a queue, a routing configuration, a key, a keyset, a channel, and a chat deployment';
  return [
    wrap(layout, '', `${name}: runs ${pluralize(running.length, 'experiment')}.`),
    wrap(
      layout,
      '  ',
      `Creates, and deletes at the end: ${shared}, all named ${PREFIX}*${writes.length === 0 ? '.' : ', and:'}`,
    ),
    ...writes.map((key) => `    ${key}`),
    ...(flags.endpoint === undefined ? [] : [wrap(layout, '  ', endpointText(flags.endpoint, flags.listen))]),
    wrap(layout, '  ', 'Requests access tokens with valid and invalid identity tokens. Opens no conversation.\n'),
  ].join('\n');
}

/** Where the documents of the endpoint are, and where Salesforce must reach them. */
const endpointText = (url: string, port = DEFAULT_PORT): string =>
  `Serves JWKS documents on 127.0.0.1:${port}. Salesforce must reach them at ${url.replace(/\/$/, '')}/.`;

async function assertConfirmed(context: Context<CalibrateFlags>, alias: string): Promise<void> {
  const { flags, interactive, confirm } = context;
  if (flags.yes === true || (interactive && (await confirm(`Change ${alias}?`)))) return;
  throw new ToolError('not-accepted', {
    what: 'Nothing was changed.',
    why: interactive ? "You didn't confirm the changes." : "The terminal isn't interactive, so the command can't ask.",
    fix: 'Run the command again, and answer y or add --yes.',
  });
}

interface Work {
  readonly context: Context<CalibrateFlags>;
  readonly target: Target;
  readonly record: CreationRecord;
  readonly selected: readonly Selected[];
  readonly budget: TokenBudget;
  readonly endpoint?: Endpoint;
}

async function cleanUpOnly({ context, target, record }: Work): Promise<ExitCode> {
  const remaining = await cleanUp(target);
  if (remaining.length > 0) throw leftoversError(target.org.alias, remaining);
  record.remove();
  context.print(`Clean-up complete: ${target.org.alias} has no components named ${PREFIX}*.`);
  context.printJson(serializeDocument({ command: 'calibrate', exitCode: EXIT.done, findings: [], results: [] }));
  return EXIT.done;
}

async function calibrate(work: Work): Promise<ExitCode> {
  const { context, target, record, selected } = work;
  const { layout, print } = context;
  await assertNothingLeft(target, record);
  const lab = await openLab(work);
  const run = runExperiments(lab, selected, (result) => print(`${resultText(layout, result)}\n`));
  const results = await run.catch(async (thrown: unknown) => {
    throw await afterFailure(target, record, thrown);
  });
  const remaining = await cleanUp(target);
  if (remaining.length === 0) record.remove();
  const evidence = await saveEvidence(work, results);
  report(work, results, evidence);
  if (remaining.length > 0) throw leftoversError(target.org.alias, remaining);
  return EXIT.done;
}

/** Deletes what a failed run created. Returns its error, with a hint if something remains. */
async function afterFailure(target: Target, record: CreationRecord, thrown: unknown): Promise<ToolError> {
  const error = asToolError(thrown);
  const remaining = await cleanUp(target).catch(() => undefined);
  if (remaining?.length === 0) {
    record.remove();
    return error;
  }
  const fix = `${error.fix} Then delete what remains: ${cleanUpCommand(target.org.alias)}`;
  return new ToolError(error.code, { what: error.what, why: error.why, fix }, { cause: error.cause, exit: error.exit });
}

const cleanUpCommand = (alias: string): string => npmRun('calibrate', '--org', alias, '--clean-up');

async function assertNothingLeft(target: Target, record: CreationRecord): Promise<void> {
  const left = await findLeftovers(target);
  if (left.length > 0)
    throw new ToolError('already-exists', {
      what: `"${target.org.alias}" has ${pluralize(left.length, 'component')} named ${PREFIX}*: ${left.join(', ')}. Nothing was changed.`,
      why: 'An earlier run was interrupted, or another one is running.',
      fix: `Delete them: ${cleanUpCommand(target.org.alias)}`,
    });
  record.remove();
}

async function openLab({ context, target, record, budget, selected, endpoint }: Work): Promise<Lab> {
  const { sf, org, apiVersion } = target;
  const [chatApiUrl, { instanceUrl }, trusted, untrusted] = await Promise.all([
    chatApiUrlFor(sf, org),
    sf.loginOf(org.alias),
    generateTestKey('calibrate', context.now),
    generateTestKey('calibrate', context.now),
  ]);
  const { agent, limitedUser } = context.flags;
  const running = selected.filter(({ skipped }) => skipped === undefined).map(({ experiment }) => experiment);
  const lab = new Lab({
    sf,
    org,
    apiVersion,
    instanceUrl,
    chatApiUrl,
    record,
    keys: { trusted, untrusted },
    requests: new TokenRequests(budget),
    clock: SYSTEM_CLOCK,
    log: context.log,
    ...(endpoint && { endpoint, documents: documentsOf(running) }),
    ...(agent !== undefined && { agent }),
    ...(limitedUser !== undefined && { limitedUser }),
  });
  serveDocuments(lab);
  return lab;
}

/** The evidence file, or why none was written. */
type SavedEvidence = { readonly file: string } | { readonly reason: string };

/** Writes the answers. Those of a local org aren't written, because it behaves as this project assumes. */
async function saveEvidence({ context, target }: Work, results: readonly ExperimentResult[]): Promise<SavedEvidence> {
  const { alias } = target.org;
  const { instanceUrl } = await target.sf.loginOf(alias);
  if (isLoopback(new URL(instanceUrl))) return { reason: `${alias} is a local org.` };
  const answers = results.flatMap(({ experiment: { id, question }, answer, observation }) =>
    answer === undefined ? [] : [{ id, question, answer, observation }],
  );
  if (answers.length === 0) return { reason: 'No question was answered.' };
  const when = { apiVersion: target.apiVersion, date: context.now.toISOString().slice(0, 10) };
  const dated = answers.map((answer) => ({ ...answer, ...when }));
  return { file: writeEvidence(context.flags.project, alias, dated) };
}

function report({ context, target }: Work, results: readonly ExperimentResult[], evidence: SavedEvidence): void {
  const written = 'file' in evidence ? `Evidence: ${evidence.file}` : `No evidence was written: ${evidence.reason}`;
  const conflicts = conflictsIn(readEvidence(context.flags.project));
  conflicts.forEach((conflict) => context.print(wrap(context.layout, '', conflictText(conflict))));
  context.print(`${totalsText(results)} ${written}`);
  const org = { alias: target.org.alias, kind: target.facts.kind, apiVersion: target.apiVersion };
  const document = { command: 'calibrate', exitCode: EXIT.done, findings: [], org, results: results.map(resultJson) };
  const differing = conflicts.map(({ id, answers }) => ({ id, answers: Object.fromEntries(answers) }));
  context.printJson(
    serializeDocument({ ...document, conflicts: differing, ...('file' in evidence && { evidence: evidence.file }) }),
  );
}

/** A question to which orgs give different answers. Neither applies to a third org. */
const conflictText = ({ id, answers }: Conflict): string =>
  `Conflicting evidence about ${id}: ${[...answers].map(([answer, orgs]) => `${answer} in ${joinNames(orgs)}`).join('; ')}.`;

const leftoversError = (alias: string, remaining: readonly Remainder[]): ToolError =>
  new ToolError('deploy-failed', {
    what: `${pluralize(remaining.length, 'component')} named ${PREFIX}* can't be deleted in "${alias}": ${namesOf(remaining)}.`,
    why: remaining[0]?.why ?? '',
    fix: `Delete what refers to them in Setup, then run: ${cleanUpCommand(alias)}`,
  });

const namesOf = (remaining: readonly Remainder[]): string => remaining.map(({ component }) => component).join(', ');

/** Ends a run at a stop signal. The components that it created remain. */
async function rejectWhenStopped(context: Context, alias: string): Promise<never> {
  await context.untilStopped();
  throw new ToolError('interrupted', {
    what: `The command was stopped. Components named ${PREFIX}* may remain in "${alias}".`,
    why: 'It received a stop signal, or npm ended.',
    fix: `Delete them: ${cleanUpCommand(alias)}`,
  });
}
