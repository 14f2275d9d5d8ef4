import { writeReports, type Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { faultText, matrixText } from '../report';
import type { HostPool } from '../sf';
import { exitOf } from './exit';
import { holdingsOf } from './holdings';
import { planProject } from './plan-project';

/** Shows what every org holds: settings as rows, orgs as columns, drift marked. */
export async function runStatus(context: Context, hosts: HostPool): Promise<ExitCode> {
  const { page, now, show } = context;
  const { valid, fleet, findings } = await planProject(context, hosts, 'in short');
  const orgs = fleet.map(({ outcome }) => outcome);
  const exitCode = valid ? exitOf(orgs) : EXIT.invalid;
  const holdings = holdingsOf(fleet, now);
  if (valid) show(matrixText(page, holdings.matrix));
  orgs.forEach(({ alias, error }) => error && show(`\n${alias}\n${faultText(page, error)}`));
  if (valid)
    show(exitCode === EXIT.done ? '\nNo drift.' : '\n! marks drift, as live > stated. Run plan to see what it means.');
  return writeReports(
    context,
    { command: 'status', exitCode, findings, orgs, matrix: holdings.matrix },
    () => holdings,
  );
}
