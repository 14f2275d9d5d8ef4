import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { toErrorDetails, asToolError, EXIT, ToolError, invalidFlagError } from '../errors';
import { commandSource, keySource, readPrivateKey, type TokenSource } from '../token';
import { chatApiUrlFor } from '../chat-api';
import { type Check, type ErrorDetails, npmRun, type OrgResult, TRUST_CHECK } from '../model';
import { readQueues } from '../org';
import { type VerifyOptions } from '../verification/context';
import { verifyOrg, type VerificationResult } from '../verification/verify-org';
import { CHECK_GROUPS, type CheckGroup } from '../verification/check';
import { pluralize } from '../report';
import type { Sf } from '../sf';
import type { VerifyFlags } from '../verification/verify-flags';
import type { PlannedOrg } from './plan-fleet';

/** Adds the checks of a verification to the result of an org. A failed check fails the org. */
export type OrgVerifier = (sf: Sf, planned: PlannedOrg, outcome: OrgResult) => Promise<OrgResult>;

let generatedKey: KeyObject | undefined;

/** The key that signs forged tokens. Generation takes a tenth of a second, so only a verification generates it, and once. */
const untrustedKey = (): KeyObject => (generatedKey ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

/** Creates a verifier. Throws `invalid-flag` before any org is contacted. */
export function createVerifier(flags: VerifyFlags, warn: (text: string) => void = () => undefined): OrgVerifier {
  const required = requiredGroups(flags.require ?? []);
  const source = createTokenSource(flags, warn);
  const options = {
    sub: flags.subject ?? 'verification-check',
    now: () => new Date(),
    allowLoopback: flags.allowLoopback === true,
  };
  return async (sf, planned, outcome) => {
    try {
      const verification = await verifyPlannedOrg(sf, planned, {
        ...options,
        untrustedKey: untrustedKey(),
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

/** The time between two checks whether a publication took effect, in milliseconds. */
const POLL_INTERVAL_MS = 15_000;

/** A publication can take up to 10 minutes to take effect (sf-skills: service-itsm-teams-debug). */
export const DEFAULT_PUBLISH_TIMEOUT_MS = 10 * 60_000;

/** The gate between waves: verifies an org, and again while only a publication hasn't taken effect. */
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
  return verifyOrg(
    { desired, live, changes: plan.changes, undeclaredTrust: plan.undeclaredTrust, queues, chatApiUrl: chatApiUrl },
    options,
  );
}

/** A private key is for tests only: a production org is verified with tokens of its own issuer. */
function tokenSourceFor({ desired, live }: PlannedOrg, { privateKey }: VerifyFlags, source: TokenSource | undefined) {
  const isProduction = desired.org.kind === 'production' || live?.facts.kind === 'production';
  if (privateKey !== undefined && isProduction)
    return { noTokenReason: "--private-key can't be used for a production org: add --token-command." };
  return {
    noTokenReason: "No token was given: add --token-command, or --private-key for an org that isn't a production org.",
    ...(source && { source }),
  };
}

function createTokenSource(
  { tokenCommand, privateKey }: VerifyFlags,
  warn: (text: string) => void,
): TokenSource | undefined {
  if (tokenCommand !== undefined && privateKey !== undefined)
    throw usageError('--token-command and --private-key exclude each other.', 'Omit one of them.');
  if (tokenCommand !== undefined) return commandSource(tokenCommand);
  return privateKey === undefined ? undefined : keySource(readPrivateKey(privateKey, warn));
}

function requiredGroups(names: readonly string[]): ReadonlySet<string> {
  const unknown = names.find((name) => !(CHECK_GROUPS as readonly string[]).includes(name));
  if (unknown === undefined) return new Set<CheckGroup>(names as readonly CheckGroup[]);
  throw usageError(`--require ${unknown} isn't valid.`, `Use one of: ${CHECK_GROUPS.join(', ')}.`);
}

const usageError = (why: string, fix: string): ToolError => invalidFlagError('Invalid flag or argument.', why, fix);

/** Checks of a plan that a verification has too. */
const VERIFIED_AGAIN = ['permissions', TRUST_CHECK];

function applyChecks(
  outcome: OrgResult,
  { checks, reached }: VerificationResult,
  required: ReadonlySet<string>,
): OrgResult {
  const withChecks = {
    ...outcome,
    checks: [...outcome.checks.filter(({ name }) => !VERIFIED_AGAIN.includes(name)), ...checks],
  };
  if (!reached) return { ...withChecks, status: 'unreachable', error: chatApiUnreachableDetails(outcome.alias) };
  const failed = checks.filter((check) => check.state === 'failed' || (!check.ok && required.has(check.part ?? '')));
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
