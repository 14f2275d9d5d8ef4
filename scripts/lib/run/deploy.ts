import type { Context } from '../cli';
import type { ExitCode } from '../errors';
import type { HostPool } from '../sf';
import { carryOut, verifyAccept, type CarryOutFlags } from './carry-out';
import { planProject } from './plan-project';
import { planSealed } from './sealed';

export interface DeployFlags extends CarryOutFlags {
  /** A sealed plan to apply instead of a new one. */
  readonly plan?: string;
  /** How old that may be, such as `24h`. */
  readonly maxAge?: string;
}

/** Brings every org to what source and configuration state, or to what a sealed plan says: asks, applies wave by wave, and reads back. */
export async function runDeploy(context: Context<DeployFlags>, hosts: HostPool): Promise<ExitCode> {
  const { accept, plan, maxAge } = context.flags;
  verifyAccept(accept);
  const prepared =
    plan === undefined ? await planProject(context, hosts) : await planSealed(context, hosts, plan, maxAge);
  return carryOut(context, prepared, { command: 'deploy' });
}
