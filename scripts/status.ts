import { main, type Context, type Verb } from './lib/cli';
import { EXIT, type ExitCode } from './lib/errors';
import type { Planned } from './lib/fleet';
import { matrixOf, type Column } from './lib/matrix';
import { documentText, faultText, matrixText } from './lib/report';
import { planProject, withHosts } from './lib/run';
import type { HostPool } from './lib/sf';
import { exitOf } from './plan';

/** Shows every setting in every org, drift marked. */
export const status: Verb = {
  name: 'status',
  summary: 'Shows what every org holds: settings as rows, orgs as columns, drift marked. Writes nothing.',
  run: (context) => withHosts((hosts) => runStatus(context, hosts)),
};

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

main(status, module);
