import { resolve } from 'node:path';
import { trackProgress, writeReports, type Context } from '../cli';
import { download, type DownloadOptions } from '../verification/endpoint';
import { asToolError, EXIT, toErrorDetails, type ExitCode } from '../errors';
import type { Check, ErrorDetails, MonitoredOrg, MonitorRun, OrgResult } from '../model';
import { npmRun, pluralize } from '../model';
import { certificateChecks, endpointUrlsOf, expirationsOf, type EndpointReading } from '../monitor/certificates';
import { shareLimitsFrom, windowSince, type MonitorFlags } from '../monitor/flags';
import { readHistory, writeHistory } from '../monitor/history';
import { MONITOR_GROUPS } from '../monitor/monitor-check';
import type { ShareLimits } from '../monitor/share';
import { trafficChecks, trafficOf } from '../monitor/traffic-checks';
import { countChats, type TrafficWindow } from '../monitor/traffic';
import { checkStateOf, resultLabel } from '../report/report';
import { monitorText, verificationTextWithErrors } from '../report';
import { incompleteRunChecks, type RunsFlags } from '../rollout/incomplete-runs';
import { exitCodeOf } from '../rollout/org-result';
import { orgSettings } from '../rollout/org-settings';
import { createVerifier, type OrgVerifier } from '../rollout/org-verifier';
import type { PlannedOrg } from '../rollout/plan-fleet';
import { planProject } from '../rollout/plan-project';
import type { CliWorkerPool, Sf } from '../sf';
import { channelsInScope } from '../verification/scope';
import type { VerifyFlags } from '../verification/verify-flags';

export type RunMonitorFlags = MonitorFlags & VerifyFlags & Pick<RunsFlags, 'runs'>;

/**
 * Checks every org once: verification with tokens, drift and undeclared trust, certificates, incomplete runs, and the share of
 * verified chats. Writes nothing to any org and opens no conversation.
 */
export async function runMonitor(context: Context<RunMonitorFlags>, workers: CliWorkerPool): Promise<ExitCode> {
  const { flags, layout, now, print } = context;
  const options = monitorOptions(context);
  const history = flags.history === undefined ? [] : readHistory(historyFolder(flags));
  const { valid, fleet, findings, sf } = await planProject(context, workers, 'summary');
  const monitored = await monitorFleet(context, sf, fleet, options);
  const orgs = monitored.map(({ result }) => result);
  const monitor = {
    at: now.toISOString(),
    since: options.window.from.toISOString(),
    orgs: monitored.map(({ entry }) => entry),
  };
  if (valid && flags.history !== undefined) writeHistory(historyFolder(flags), monitor);
  if (valid) print(reportText(layout, orgs, monitor));
  const document = { command: 'monitor', exitCode: valid ? exitCodeOf(orgs) : EXIT.invalid, findings, orgs, monitor };
  return writeReports(context, document, () => ({ ...orgSettings(fleet, now), history: [...history, monitor] }));
}

const historyFolder = ({ project, history = '' }: Context<MonitorFlags>['flags']): string => resolve(project, history);

const reportText = (layout: Context['layout'], orgs: readonly OrgResult[], monitor: MonitorRun): string =>
  `${verificationTextWithErrors(layout, orgs)}\n\n${monitorText(layout, orgs, monitor)}`;

export interface MonitorOptions {
  readonly verifier: OrgVerifier;
  readonly limits: ShareLimits;
  readonly window: TrafficWindow;
  /** Check groups of the monitor in which an inconclusive check counts as failed. */
  readonly required: ReadonlySet<string>;
  readonly readEndpoint: ReadEndpoint;
}

/** Throws `invalid-flag` before an org is contacted. With a token command, a token that can't be tested is a failure. */
export function monitorOptions({ flags, now, log }: Context<RunMonitorFlags>): MonitorOptions {
  const own: readonly string[] = MONITOR_GROUPS;
  const requested = flags.require ?? [];
  const hasTokens = flags.tokenCommand !== undefined;
  const verification = requested.filter((group) => !own.includes(group));
  return {
    verifier: createVerifier({
      flags: { ...flags, require: [...verification, ...(hasTokens ? ['acceptance'] : [])] },
      log,
    }),
    limits: shareLimitsFrom(flags),
    window: windowSince(flags.since, now),
    required: new Set(requested.filter((group) => own.includes(group))),
    readEndpoint: endpointReader({ allowLoopback: flags.allowLoopback === true }),
  };
}

interface Monitored {
  readonly result: OrgResult;
  readonly entry: MonitoredOrg;
}

/** Checks the orgs of a planned fleet at the same time. */
export function monitorFleet(
  context: Context<RunMonitorFlags>,
  sf: Sf,
  fleet: readonly PlannedOrg[],
  options: MonitorOptions,
): Promise<readonly Monitored[]> {
  const work = {
    activity: 'Monitoring',
    firstStep: 'verifying',
    ignoreWaves: true,
    orgs: fleet.map(({ desired }) => desired.org),
  };
  return trackProgress(context, work, (board) =>
    Promise.all(
      fleet.map(async (planned) => {
        const monitored = await monitorOrg(context, sf, planned, options);
        board.onResult(monitored.result.alias, resultLabel(monitored.result, 'monitor').word);
        return monitored;
      }),
    ),
  );
}

type ReadEndpoint = (url: string) => Promise<EndpointReading>;

/** Reads each endpoint once for all orgs. A failure is reported by the verification. */
function endpointReader(options: DownloadOptions): ReadEndpoint {
  const known = new Map<string, ReturnType<ReadEndpoint>>();
  return (url) => {
    const response =
      known.get(url) ?? download(url, options).catch((thrown: unknown) => ({ problem: asToolError(thrown).why }));
    known.set(url, response);
    return response;
  };
}

async function monitorOrg(
  context: Context<RunMonitorFlags>,
  sf: Sf,
  planned: PlannedOrg,
  options: MonitorOptions,
): Promise<Monitored> {
  const verified = await options.verifier(sf, planned, planned.result);
  const facts = await readFacts(context, sf, planned, options).catch((thrown: unknown) => ({
    ...NO_FACTS,
    error: toErrorDetails(thrown),
  }));
  const result = withChecks(verified, [...facts.checks, ...runChecks(context, planned)], options.required, facts.error);
  const { traffic, expirations } = facts;
  return { result, entry: { ...entryOf(result), traffic, expirations } };
}

interface Facts extends Pick<MonitoredOrg, 'traffic' | 'expirations'> {
  readonly checks: readonly Check[];
  readonly error?: ErrorDetails;
}

const NO_FACTS: Facts = { traffic: [], expirations: [], checks: [] };

async function readFacts(
  { flags, now }: Context<RunMonitorFlags>,
  sf: Sf,
  { desired, live, plan }: PlannedOrg,
  { limits, window, readEndpoint }: MonitorOptions,
): Promise<Facts> {
  if (!live || !plan) return NO_FACTS;
  const channels = channelsInScope({ desired, live }).flatMap(({ name, kind }) => (kind === 'verified' ? [name] : []));
  const counts = channels.length === 0 ? undefined : await countChats(sf, desired.org.alias, window);
  const traffic = counts ? trafficOf(channels, live, counts, window) : [];
  const urls = endpointUrlsOf(live);
  const responses = new Map(await Promise.all(urls.map(async (url) => [url, await readEndpoint(url)] as const)));
  const expirations = expirationsOf(desired, live, responses, now);
  return {
    traffic,
    expirations,
    checks: [...certificateChecks(expirations, flags.within), ...trafficChecks(traffic, limits)],
  };
}

const runChecks = (context: Context<RunMonitorFlags>, { desired }: PlannedOrg): readonly Check[] =>
  incompleteRunChecks(context, desired.org);

/** Adds checks to the result of an org. A failed check, or a required one that is inconclusive, fails the org. */
function withChecks(
  result: OrgResult,
  checks: readonly Check[],
  required: ReadonlySet<string>,
  error: ErrorDetails | undefined,
): OrgResult {
  const failed = checks.filter((check) => check.state === 'failed' || (!check.ok && required.has(check.part ?? '')));
  const all = { ...result, checks: [...result.checks, ...checks] };
  if (result.error) return all;
  if (error) return { ...all, status: 'failed', error };
  return failed.length === 0 ? all : { ...all, status: 'failed', error: monitorFailedDetails(result.alias, failed) };
}

const monitorFailedDetails = (alias: string, failed: readonly Check[]): ErrorDetails => ({
  code: 'monitor-failed',
  what: `The monitor found problems in "${alias}".`,
  why: `${pluralize(failed.length, 'check')} failed: ${failed.map(({ part, name }) => `${part ?? ''} (${name})`).join(', ')}.`,
  fix: `Fix each failed check as it describes, then run: ${npmRun('monitor', '--org', alias)}`,
});

function entryOf(result: OrgResult): Omit<MonitoredOrg, 'traffic' | 'expirations'> {
  const inState = (state: string): readonly string[] =>
    result.checks.flatMap((check) => (checkStateOf(check) === state ? [labelOf(check)] : []));
  return {
    alias: result.alias,
    status: result.status,
    failed: inState('failed'),
    inconclusive: inState('inconclusive'),
  };
}

const labelOf = ({ part, channel, name }: Check): string =>
  [part, channel, name].filter((each) => each !== undefined).join(': ');
