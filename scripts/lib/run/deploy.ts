import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import type { HostPool } from '../sf';
import { carryOut, verifyAccept, type CarryOutFlags } from './carry-out';
import { planProject } from './plan-project';
import { proverOf, type Prover } from './prove';
import { planSealed } from './sealed';

export interface DeployFlags extends CarryOutFlags {
  /** A sealed plan to apply instead of a new one. */
  readonly plan?: string;
  /** How old that may be, such as `24h`. */
  readonly maxAge?: string;
  /** Whether each org is proven before the next wave. */
  readonly verify?: boolean;
}

/** Brings every org to what source and configuration state, or to what a sealed plan says: asks, applies wave by wave, and reads back. */
export async function runDeploy(context: Context<DeployFlags>, hosts: HostPool): Promise<ExitCode> {
  const { accept, plan, maxAge } = context.flags;
  verifyAccept(accept);
  const prover = proverFor(context.flags);
  const prepared =
    plan === undefined ? await planProject(context, hosts) : await planSealed(context, hosts, plan, maxAge);
  return carryOut(context, prepared, { command: 'deploy', ...(prover && { prover }) });
}

function proverFor(flags: DeployFlags): Prover | undefined {
  if (flags.verify === true) return proverOf(flags);
  const { tokenCommand, privateKey, require: parts = [] } = flags;
  if (tokenCommand === undefined && privateKey === undefined && parts.length === 0) return undefined;
  const explanation = {
    what: 'A flag is missing.',
    why: '--token-command, --private-key and --require say how to verify, and nothing was to be verified.',
    fix: 'Add --verify.',
  };
  throw new ToolError('bad-flag', explanation, { exit: EXIT.invalid });
}
