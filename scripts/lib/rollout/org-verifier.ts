import { generateKeyPairSync } from 'node:crypto';
import { toErrorDetails, asToolError, EXIT, ToolError, invalidFlagError } from '../errors';
import { commandSource, keySource, readPrivateKey, type TokenSource } from '../token';
import { chatApiUrlFor } from '../chat-api';
import type { Check, ErrorDetails, OrgResult } from '../model';
import { readQueues } from '../org';
import { type VerifyOptions } from '../verification/context';
import { verifyOrg, type VerificationResult } from '../verification/verify-org';
import { CHECK_GROUPS, type CheckGroup } from '../verification/check';
import type { Sf } from '../sf';
import type { VerifyFlags } from '../verification/verify-flags';
import type { PlannedOrg } from './plan-fleet';

/** Adds to the outcome of an org what was proven of it; a failed check fails the org. */
export type OrgVerifier = (sf: Sf, planned: PlannedOrg, outcome: OrgResult) => Promise<OrgResult>;

/** Makes a prover; throws for flags that cannot be used before any org is contacted. */
export function createVerifier(flags: VerifyFlags): OrgVerifier {
  const required = requiredGroups(flags.require ?? []);
  const source = createTokenSource(flags);
  const untrustedKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const options = {
    untrustedKey,
    sub: flags.subject ?? 'verification-check',
    now: () => new Date(),
    allowLoopback: flags.allowLoopback === true,
  };
  return async (sf, planned, outcome) => {
    try {
      const verification = await verifyPlannedOrg(sf, planned, {
        ...options,
        ...tokenSourceFor(planned, flags, source),
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

/** How often a deploy looks whether its publication has arrived, in milliseconds. */
const POLL_INTERVAL_MS = 15_000;

/** A publication may take ten minutes to arrive (sf-skills: service-itsm-teams-debug). */
export const DEFAULT_PUBLISH_TIMEOUT_MS = 10 * 60_000;

/** The gate between waves: a prover that waits for the publication of a deployment to arrive, and for nothing else. */
export function waveGate(
  verifier: OrgVerifier,
  sf: Sf,
  timeoutMs = DEFAULT_PUBLISH_TIMEOUT_MS,
): (planned: PlannedOrg, outcome: OrgResult) => Promise<OrgResult> {
  return async (planned, outcome) => {
    const startedAt = Date.now();
    let result = await verifier(sf, planned, outcome);
    while (isPublishPending(result) && Date.now() - startedAt + POLL_INTERVAL_MS < timeoutMs) {
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
      result = await verifier(sf, planned, outcome);
    }
    return result;
  };
}

const isPublishPending = ({ checks }: OrgResult): boolean =>
  checks.some(({ name, state }) => name === 'published' && state === 'failed');

async function verifyPlannedOrg(
  sf: Sf,
  { desired, live, plan }: PlannedOrg,
  options: VerifyOptions,
): Promise<VerificationResult | undefined> {
  if (!live || !plan) return undefined;
  const chatApiUrl = await chatApiUrlFor(sf, desired.org);
  const queues = await readQueues(sf, desired.org.alias);
  return verifyOrg({ desired, live, changes: plan.changes, queues, chatApiUrl: chatApiUrl }, options);
}

/** A private key is for trying: production proves itself with tokens of its own issuer. */
function tokenSourceFor({ desired, live }: PlannedOrg, { privateKey }: VerifyFlags, source: TokenSource | undefined) {
  const isProduction = desired.org.kind === 'production' || live?.facts.kind === 'production';
  if (privateKey !== undefined && isProduction)
    return { noTokenReason: 'A private key is not used for production: give --token-command.' };
  return {
    noTokenReason: 'No token was at hand: give --token-command, or --private-key for an org that is not production.',
    ...(source && { source }),
  };
}

function createTokenSource({ tokenCommand, privateKey }: VerifyFlags): TokenSource | undefined {
  if (tokenCommand !== undefined && privateKey !== undefined)
    throw usageError(
      'Both --token-command and --private-key were given.',
      'Give one of them: it is one issuer that is proven.',
    );
  if (tokenCommand !== undefined) return commandSource(tokenCommand);
  return privateKey === undefined ? undefined : keySource(readPrivateKey(privateKey));
}

function requiredGroups(names: readonly string[]): ReadonlySet<string> {
  const unknown = names.find((name) => !(CHECK_GROUPS as readonly string[]).includes(name));
  if (unknown === undefined) return new Set<CheckGroup>(names as readonly CheckGroup[]);
  throw usageError(`--require ${unknown} is not known.`, `Use one of: ${CHECK_GROUPS.join(', ')}.`);
}

const usageError = (why: string, fix: string): ToolError =>
  invalidFlagError('The command line is not understood.', why, fix);

function applyChecks(
  outcome: OrgResult,
  { checks, reached }: VerificationResult,
  required: ReadonlySet<string>,
): OrgResult {
  const withChecks = {
    ...outcome,
    checks: [...outcome.checks.filter(({ name }) => name !== 'permissions'), ...checks],
  };
  if (!reached) return { ...withChecks, status: 'unreachable', error: chatApiUnreachableDetails(outcome.alias) };
  const failed = checks.filter((check) => check.state === 'failed' || (!check.ok && required.has(check.part ?? '')));
  return failed.length === 0
    ? withChecks
    : { ...withChecks, status: 'failed', error: verifyFailedDetails(outcome.alias, failed) };
}

const verifyFailedDetails = (alias: string, failed: readonly Check[]): ErrorDetails => ({
  code: 'verify-failed',
  what: `"${alias}" was not proven to verify its customers.`,
  why: `${failed.length} of the checks failed: ${[...new Set(failed.map(({ part, name }) => `${part ?? ''} (${name})`))].join(', ')}.`,
  fix: 'Each check says what was seen and what mends it. Why a token in hand is not accepted: npm run -s token -- explain < token.txt',
});

const chatApiUnreachableDetails = (alias: string): ErrorDetails => ({
  code: 'chat-api-unreachable',
  what: `The messaging runtime of "${alias}" did not answer.`,
  why: 'Without it nothing can be proven of tokens.',
  fix: 'Look at scrt2URL in the org file, a proxy, and status.salesforce.com; then run the command again.',
});
