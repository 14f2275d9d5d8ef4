import { generateKeyPairSync } from 'node:crypto';
import { asToolError, EXIT, ToolError } from '../errors';
import type { Planned } from '../fleet';
import { commandSource, keySource, readPrivateKey, type TokenSource } from '../issuer';
import { runtimeOf } from '../messaging';
import type { Check, Fault, OrgConfig, Outcome } from '../model';
import { readQueues } from '../org';
import { PARTS, proveOrg, type Means, type Part, type Proof } from '../proof';
import type { Sf } from '../sf';
import type { ProofFlags } from './proof-flags';

/** Adds to the outcome of an org what was proven of it; a failed check fails the org. */
export type Prover = (sf: Sf, planned: Planned, outcome: Outcome) => Promise<Outcome>;

/** Makes a prover; throws for flags that cannot be used before any org is contacted. */
export function proverOf(flags: ProofFlags): Prover {
  const required = requiredParts(flags.require ?? []);
  const source = sourceOf(flags);
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const means = {
    stranger,
    sub: flags.subject ?? 'verification-check',
    now: () => new Date(),
    allowLoopback: flags.allowLoopback === true,
  };
  return async (sf, planned, outcome) => {
    try {
      const proof = await proofOf(sf, planned, { ...means, ...sourceFor(planned, flags, source) });
      return proof ? concluded(outcome, proof, required) : outcome;
    } catch (thrown) {
      const { code, what, why, fix, exit } = asToolError(thrown);
      return {
        ...outcome,
        outcome: exit === EXIT.unreachable ? 'unreachable' : 'failed',
        error: { code, what, why, fix },
      };
    }
  };
}

/** How often a deploy looks whether its publication has arrived, in milliseconds. */
const PAUSE = 15_000;

/** A publication may take ten minutes to arrive (sf-skills: service-itsm-teams-debug). */
const WAIT = 10;

/** The gate between waves: a prover that waits for the publication of a deployment to arrive, and for nothing else. */
export function gateOf(
  prover: Prover,
  sf: Sf,
  minutes = WAIT,
): (planned: Planned, outcome: Outcome) => Promise<Outcome> {
  const until = minutes * 60_000;
  return async (planned, outcome) => {
    const start = Date.now();
    let proven = await prover(sf, planned, outcome);
    while (isUnderWay(proven) && Date.now() - start + PAUSE < until) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      proven = await prover(sf, planned, outcome);
    }
    return proven;
  };
}

const isUnderWay = ({ checks }: Outcome): boolean =>
  checks.some(({ name, state }) => name === 'published' && state === 'failed');

async function proofOf(sf: Sf, { desired, live, plan }: Planned, means: Means): Promise<Proof | undefined> {
  if (!live || !plan) return undefined;
  const runtime = await runtimeFor(sf, desired.org);
  const queues = await readQueues(sf, desired.org.alias);
  return proveOrg({ desired, live, changes: plan.changes, queues, runtime }, means);
}

/** As the org file says, or as the address of the login does; of a login nothing else is read. */
export async function runtimeFor(sf: Sf, { alias, scrt2URL, file }: OrgConfig): Promise<string> {
  if (scrt2URL !== undefined) return scrt2URL;
  const instanceUrl = (await sf.logins()).get(alias) ?? '';
  const runtime = runtimeOf(instanceUrl);
  if (runtime !== undefined) return runtime;
  throw new ToolError('runtime-unknown', {
    what: `It is not known where the messaging runtime of "${alias}" answers.`,
    why: `The login leads to ${instanceUrl === '' ? 'no address' : instanceUrl}, which is no My Domain (https://X.my.salesforce.com).`,
    fix: `State it in ${file}: "scrt2URL": "https://X.my.salesforce-scrt.com" (Setup: Embedded Service Deployments, code snippet).`,
  });
}

/** A private key is for trying: production proves itself with tokens of its own issuer. */
function sourceFor({ desired, live }: Planned, { privateKey }: ProofFlags, source: TokenSource | undefined) {
  const isProduction = desired.org.kind === 'production' || live?.facts.kind === 'production';
  if (privateKey !== undefined && isProduction)
    return { sourceless: 'A private key is not used for production: give --token-command.' };
  return {
    sourceless: 'No token was at hand: give --token-command, or --private-key for an org that is not production.',
    ...(source && { source }),
  };
}

function sourceOf({ tokenCommand, privateKey }: ProofFlags): TokenSource | undefined {
  if (tokenCommand !== undefined && privateKey !== undefined)
    throw badFlag(
      'Both --token-command and --private-key were given.',
      'Give one of them: it is one issuer that is proven.',
    );
  if (tokenCommand !== undefined) return commandSource(tokenCommand);
  return privateKey === undefined ? undefined : keySource(readPrivateKey(privateKey));
}

function requiredParts(names: readonly string[]): ReadonlySet<string> {
  const strange = names.find((name) => !(PARTS as readonly string[]).includes(name));
  if (strange === undefined) return new Set<Part>(names as readonly Part[]);
  throw badFlag(`--require ${strange} is not known.`, `Use one of: ${PARTS.join(', ')}.`);
}

const badFlag = (why: string, fix: string): ToolError =>
  new ToolError('bad-flag', { what: 'The command line is not understood.', why, fix }, { exit: EXIT.invalid });

function concluded(outcome: Outcome, { checks, reached }: Proof, required: ReadonlySet<string>): Outcome {
  const all = { ...outcome, checks: [...outcome.checks.filter(({ name }) => name !== 'permissions'), ...checks] };
  if (!reached) return { ...all, outcome: 'unreachable', error: notReached(outcome.alias) };
  const failed = checks.filter((check) => check.state === 'failed' || (!check.ok && required.has(check.part ?? '')));
  return failed.length === 0 ? all : { ...all, outcome: 'failed', error: notVerified(outcome.alias, failed) };
}

const notVerified = (alias: string, failed: readonly Check[]): Fault => ({
  code: 'verify-failed',
  what: `"${alias}" was not proven to verify its customers.`,
  why: `${failed.length} of the checks failed: ${[...new Set(failed.map(({ part, name }) => `${part ?? ''} (${name})`))].join(', ')}.`,
  fix: 'Each check says what was seen and what mends it. Why a token in hand is not accepted: npm run -s token -- explain < token.txt',
});

const notReached = (alias: string): Fault => ({
  code: 'runtime-unreachable',
  what: `The messaging runtime of "${alias}" did not answer.`,
  why: 'Without it nothing can be proven of tokens.',
  fix: 'Look at scrt2URL in the org file, a proxy, and status.salesforce.com; then run the command again.',
});
