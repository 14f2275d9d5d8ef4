import type { KeyObject } from 'node:crypto';
import { reportStep, type Context } from '../cli';
import { toErrorDetails, asToolError, EXIT, ToolError, invalidFlagError } from '../errors';
import { UNPRINTED_COMMAND } from '../cli/printable-command';
import { commandSource, readPrivateKey, type TokenSource } from '../token';
import { chatApiUrlFor, TokenBudget, type TokenRate } from '../chat-api';
import { answersOf, evidenceFilesFor, readEvidence, type Evidence } from '../evidence';
import { npmRun, TRUST_CHECK, type Check, type ErrorDetails, type OrgConfig, type OrgResult } from '../model';
import { readQueues, readTrustAndSigners, undeclaredTrustOf } from '../org';
import { getAttacker } from '../verification/attacker';
import type { VerifyOptions } from '../verification/context';
import { verifyOrg, type VerificationResult } from '../verification/verify-org';
import { CHECK_GROUPS, type CheckGroup } from '../verification/check';
import { checksToleratedBy, TOLERABLE_CHECKS } from '../verification/rejection';
import { pluralize } from '../report';
import { cacheHoursOf, readRotations } from '../rotation';
import type { Sf } from '../sf';
import { parseTokenRate, type VerifyFlags } from '../verification/verify-flags';
import type { PlannedOrg } from './plan-fleet';

/**
 * Adds the checks of a verification to the result of an org. A failed check fails the org. `publishTimeoutMs`: how long to wait
 * until a publication takes effect; without it, outdated published settings fail at once.
 */
export type OrgVerifier = (
  sf: Sf,
  planned: PlannedOrg,
  outcome: OrgResult,
  publishTimeoutMs?: number,
) => Promise<OrgResult>;

/** A publication can take up to 10 minutes to take effect (sf-skills: service-itsm-teams-debug). */
export const DEFAULT_PUBLISH_TIMEOUT_MS = 10 * 60_000;

/** The flags and the output of a command that verifies. */
export interface VerifierContext {
  readonly flags: VerifyFlags & { readonly project: string };
  readonly log: Context['log'];
}

/** Creates a verifier. It reports when an org waits for its token budget. Throws `invalid-flag` before any org is contacted. */
export function createVerifier(context: VerifierContext): OrgVerifier {
  const { flags, log } = context;
  const required = requiredGroups(flags.require ?? []);
  const sources = tokenSources(flags, log);
  const tolerated = toleratedChecks(flags.tolerate ?? []);
  const budgetOf = budgets(parseTokenRate(flags.tokenBudget), (...step) => reportStep(context, ...step));
  const { rotations } = readRotations(flags.project);
  const evidence = readEvidence(flags.project);
  return async (sf, planned, outcome, publishTimeoutMs) => {
    try {
      const verification = await verifyPlannedOrg(sf, planned, {
        tolerated: new Map([...checksToleratedByEvidence(evidence, planned.desired.org.alias), ...tolerated]),
        attacker: await getAttacker(),
        budget: budgetOf(planned.desired.org),
        sub: flags.subject ?? 'verification-check',
        now: () => new Date(),
        allowLoopback: flags.allowLoopback === true,
        cacheHours: (keyset) => cacheHoursOf(rotations, keyset),
        ...(publishTimeoutMs !== undefined && { publishTimeoutMs }),
        ...tokenSourcesFor(planned, sources),
      });
      return verification ? applyChecks(outcome, verification, required) : outcome;
    } catch (thrown) {
      const { exit } = asToolError(thrown);
      return {
        ...outcome,
        status: exit === EXIT.unreachable ? 'unreachable' : 'failed',
        error: toErrorDetails(thrown),
      };
    }
  };
}

/** One budget for each org, because Salesforce's limit is one for each org. */
function budgets(
  rate: TokenRate,
  onWait: (alias: string, text: string) => void,
): (org: Pick<OrgConfig, 'alias' | 'orgId'>) => TokenBudget {
  const byOrg = new Map<string, TokenBudget>();
  return ({ alias, orgId }) => {
    const budget = byOrg.get(orgId) ?? new TokenBudget(rate, (text) => onWait(alias, text));
    byOrg.set(orgId, budget);
    return budget;
  };
}

async function verifyPlannedOrg(
  sf: Sf,
  { desired, live, plan, readAt }: PlannedOrg,
  options: Omit<VerifyOptions, 'readTrust'>,
): Promise<VerificationResult | undefined> {
  if (!live || !plan) return undefined;
  const { changes, undeclaredTrust } = plan;
  const chatApiUrl = await chatApiUrlFor(sf, desired.org);
  const queues = await readQueues(sf, desired.org.alias);
  const readTrust = async () => {
    const { components, signing } = await readTrustAndSigners(sf, desired);
    return { undeclaredTrust: undeclaredTrustOf(desired, components), signing };
  };
  return verifyOrg(
    { desired, live, readAt: new Date(readAt), changes, undeclaredTrust, queues, chatApiUrl },
    { ...options, readTrust },
  );
}

type TokenSources = Pick<VerifyOptions, 'tokenCommand' | 'privateKeys'>;

/** A private key is for tests only: a production org is verified with tokens of its own issuer. */
function tokenSourcesFor(
  { desired, live }: PlannedOrg,
  sources: TokenSources,
): TokenSources & Pick<VerifyOptions, 'noTokenReason'> {
  const isProduction = desired.org.kind === 'production' || live?.facts.kind === 'production';
  if (isProduction && sources.privateKeys.length > 0) return { privateKeys: [], noTokenReason: NOT_FOR_PRODUCTION };
  return { ...sources, noTokenReason: NO_TOKEN };
}

const NOT_FOR_PRODUCTION = "--private-key can't be used for a production org: use --token-command instead.";
const NO_TOKEN = "No token was given: add --token-command, or --private-key for an org that isn't a production org.";

function tokenSources({ tokenCommand, privateKey = [] }: VerifyFlags, warn: (text: string) => void): TokenSources {
  const files = [privateKey].flat();
  if (tokenCommand !== undefined && files.length > 0)
    throw usageError('--token-command and --private-key exclude each other.', 'Omit one of them.');
  if (tokenCommand === UNPRINTED_COMMAND)
    throw usageError(`${UNPRINTED_COMMAND} stands for your token command.`, 'Replace it with your token command.');
  const privateKeys: readonly KeyObject[] = files.map((file) => readPrivateKey(file, warn));
  const source: TokenSource | undefined = tokenCommand === undefined ? undefined : commandSource(tokenCommand);
  return { privateKeys, ...(source && { tokenCommand: source }) };
}

const checksToleratedByEvidence = (
  evidence: readonly Evidence[],
  alias: string,
): readonly (readonly [check: string, files: string])[] =>
  [...checksToleratedBy(answersOf(evidence, alias))].map(([check, question]) => [
    check,
    evidenceFilesFor(evidence, alias, question),
  ]);

function toleratedChecks(names: readonly string[]): ReadonlyMap<string, string> {
  const unknown = names.find((name) => !TOLERABLE_CHECKS.includes(name));
  if (unknown === undefined) return new Map(names.map((name) => [name, '--tolerate']));
  throw usageError(
    `--tolerate "${unknown}" isn't valid. Only checks that no Salesforce source requires can be tolerated.`,
    `Use one of: ${TOLERABLE_CHECKS.join(', ')}.`,
  );
}

function requiredGroups(names: readonly string[]): ReadonlySet<string> {
  const unknown = names.find((name) => !(CHECK_GROUPS as readonly string[]).includes(name));
  if (unknown === undefined) return new Set<CheckGroup>(names as readonly CheckGroup[]);
  throw usageError(`--require ${unknown} isn't valid.`, `Use one of: ${CHECK_GROUPS.join(', ')}.`);
}

const usageError = (why: string, fix: string): ToolError => invalidFlagError('Invalid flag or argument.', why, fix);

/** Checks of a plan that a verification has too. */
const VERIFIED_AGAIN = ['permissions', TRUST_CHECK];

/** A check that needs neither a token nor a login: if it's inconclusive, nothing shows that customers can chat. */
const PUBLISHED = 'published';

function applyChecks(
  outcome: OrgResult,
  { checks, scope, reached }: VerificationResult,
  required: ReadonlySet<string>,
): OrgResult {
  const withChecks = {
    ...outcome,
    verified: scope,
    checks: [...outcome.checks.filter(({ name }) => !VERIFIED_AGAIN.includes(name)), ...checks],
  };
  if (!reached) return { ...withChecks, status: 'unreachable', error: chatApiUnreachableDetails(outcome.alias) };
  const failed = checks.filter(
    ({ name, ok, part, state }) => state === 'failed' || (!ok && (name === PUBLISHED || required.has(part ?? ''))),
  );
  return failed.length === 0
    ? withChecks
    : { ...withChecks, status: 'failed', error: verifyFailedDetails(outcome.alias, failed) };
}

const verifyFailedDetails = (alias: string, failed: readonly Check[]): ErrorDetails => ({
  code: 'verify-failed',
  what: `"${alias}" failed its verification.`,
  why: `${pluralize(failed.length, 'check')} failed: ${[...new Set(failed.map(({ part, name }) => `${part ?? ''} (${name})`))].join(', ')}.`,
  fix: `Fix each failed check as it describes. To trace one token: ${npmRun('token', 'explain')} < token.txt`,
});

const chatApiUnreachableDetails = (alias: string): ErrorDetails => ({
  code: 'chat-api-unreachable',
  what: `The Enhanced Chat API of "${alias}" didn't respond.`,
  why: 'Without it, no token can be verified.',
  fix: 'Check scrt2URL in the org file, the proxy, and status.salesforce.com, then run the command again.',
});
