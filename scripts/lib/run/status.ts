import type { Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import type { Planned } from '../fleet';
import { matrixOf, type Column } from '../matrix';
import { documentText, faultText, matrixText } from '../report';
import type { HostPool } from '../sf';
import { exitOf } from './exit';
import { planProject } from './plan-project';

/** Shows what every org holds: settings as rows, orgs as columns, drift marked. */
export async function runStatus(context: Context, hosts: HostPool): Promise<ExitCode> {
  const { page, now, show, document } = context;
  const { valid, fleet, findings } = await planProject(context, hosts, 'in short');
  const orgs = fleet.map(({ outcome }) => outcome);
  const exitCode = valid ? exitOf(orgs) : EXIT.invalid;
  const matrix = matrixOf(fleet.map(columnOf), now);
  if (valid) show(matrixText(page, matrix));
  orgs.forEach(({ alias, error }) => error && show(`\n${alias}\n${faultText(page, error)}`));
  if (valid)
    show(exitCode === EXIT.done ? '\nNo drift.' : '\n! marks drift, as live > stated. Run plan to see what it means.');
  document(documentText({ command: 'status', exitCode, findings, orgs, matrix }));
  return exitCode;
}

function columnOf({ desired, live, plan }: Planned): Column {
  const { alias, kind } = desired.org;
  return { alias, kind, ...(live && plan && { read: { live, plan, desired: desired.components } }) };
}
