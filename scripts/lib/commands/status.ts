import { writeReports, type Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { formatError, groupErrors, MATRIX_LEGEND, matrixText, pluralize, undeclaredTrustText, wrap } from '../report';
import type { CliWorkerPool } from '../sf';
import { printIncompleteRuns } from '../rollout/incomplete-runs';
import { exitCodeOf } from '../rollout/org-result';
import { orgSettings } from '../rollout/org-settings';
import { planProject } from '../rollout/plan-project';

/** Shows the live settings of each org: settings as rows, orgs as columns, with drift marked. */
export async function runStatus(context: Context, workers: CliWorkerPool): Promise<ExitCode> {
  const { layout, now, print } = context;
  const { valid, fleet, findings } = await planProject(context, workers, 'summary');
  const orgs = fleet.map(({ result }) => result);
  const exitCode = valid ? exitCodeOf(orgs) : EXIT.invalid;
  const settings = orgSettings(fleet, now);
  const trust = undeclaredTrustText(layout, orgs);
  if (trust !== '') print(`${trust}\n`);
  if (valid) print(matrixText(layout, settings.matrix));
  groupErrors(orgs).forEach((error) => print(`\n${formatError(layout, error)}`));
  if (valid)
    print(
      `\n${exitCode === EXIT.done ? `No drift in ${pluralize(orgs.length, 'org')}.` : wrap(layout, '', MATRIX_LEGEND)}`,
    );
  printIncompleteRuns(context, orgs);
  return writeReports(
    context,
    { command: 'status', exitCode, findings, orgs, matrix: settings.matrix },
    () => settings,
  );
}
