import { writeReports, type Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { formatError, matrixText } from '../report';
import type { CliWorkerPool } from '../sf';
import { exitCodeOf } from '../rollout/exit-code';
import { orgSettings } from '../rollout/org-settings';
import { planProject } from '../rollout/plan-project';

/** Shows what every org holds: settings as rows, orgs as columns, drift marked. */
export async function runStatus(context: Context, hosts: CliWorkerPool): Promise<ExitCode> {
  const { layout, now, print } = context;
  const { valid, fleet, findings } = await planProject(context, hosts, 'summary');
  const orgs = fleet.map(({ result }) => result);
  const exitCode = valid ? exitCodeOf(orgs) : EXIT.invalid;
  const settings = orgSettings(fleet, now);
  if (valid) print(matrixText(layout, settings.matrix));
  orgs.forEach(({ alias, error }) => error && print(`\n${alias}\n${formatError(layout, error)}`));
  if (valid)
    print(exitCode === EXIT.done ? '\nNo drift.' : '\n! marks drift, as live > stated. Run plan to see what it means.');
  return writeReports(
    context,
    { command: 'status', exitCode, findings, orgs, matrix: settings.matrix },
    () => settings,
  );
}
