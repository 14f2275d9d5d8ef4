import { follow, writeReports, type Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import type { Outcome } from '../model';
import { resultOf, verifyText } from '../report';
import type { HostPool } from '../sf';
import { exitOf } from './exit';
import { holdingsOf } from './holdings';
import { planProject } from './plan-project';
import type { ProofFlags } from './proof-flags';
import { proverOf } from './prove';

/** Proves that every org verifies its customers: a good token is accepted, every bad one is refused. */
export async function runVerify(context: Context<ProofFlags>, hosts: HostPool): Promise<ExitCode> {
  const { flags, page, now, show } = context;
  const prover = proverOf(flags);
  const { valid, fleet, findings, sf } = await planProject(context, hosts, 'in short');
  const followed = {
    verb: 'Verifying',
    first: 'verifying',
    atOnce: true,
    orgs: fleet.map(({ desired }) => desired.org),
  };
  const orgs = await follow(context, followed, (board) =>
    Promise.all(
      fleet.map(async (planned) => {
        const outcome = await prover(sf, planned, idle(planned.outcome));
        board.done(outcome.alias, resultOf(outcome).word);
        return outcome;
      }),
    ),
  );
  const exitCode = valid ? exitOf(orgs) : EXIT.invalid;
  if (valid) show(verifyText(page, orgs));
  return writeReports(context, { command: 'verify', exitCode, findings, orgs }, () => holdingsOf(fleet, now));
}

/** A proof changes nothing: what would be planned is one of its checks. */
const idle = (outcome: Outcome): Outcome =>
  outcome.outcome === 'planned' ? { ...outcome, outcome: 'unchanged', changes: [] } : outcome;
