import { writeReports, type Context } from '../cli';
import { EXIT, type ExitCode } from '../errors';
import { hasError } from '../model';
import { loadProject } from '../project';
import { findingsSummary, findingsText } from '../report/findings';
import { pluralize, wrap } from '../report/text-layout';

/** Checks the source and the org files against the rules. Returns `EXIT.invalid` if there is an error. */
export async function runCheck(context: Context): Promise<ExitCode> {
  const { flags, layout, now, print } = context;
  const { findings, orgs } = loadProject(
    flags.project,
    { orgs: flags.org, ...(flags.wave && { wave: flags.wave }) },
    now,
  );
  const exitCode = hasError(findings) ? EXIT.invalid : EXIT.done;
  if (findings.length > 0) print(`${findingsText(layout, findings, flags.full)}\n`);
  const names = orgs.map(({ org }) => org.alias).join(', ');
  const summary = `${findingsSummary(findings)} ${pluralize(orgs.length, 'org')} checked${names && `: ${names}`}.`;
  print(wrap(layout, '  ', summary, ''));
  return writeReports(context, { command: 'check', exitCode, findings });
}
