import { main, addFullFlag, addOrgFlags, addReportFlags, writeReports, type Context, type CommandDef } from './lib/cli';
import { EXIT, type ExitCode } from './lib/errors';
import { hasError } from './lib/model';
import { loadProject } from './lib/project';
import { pluralize, findingsSummary, findingsText, wrap } from './lib/report';

export const check: CommandDef = {
  name: 'check',
  summary: 'Check the source and the org files against the rules of user verification, without an org.',
  examples: [
    ['Check the desired state of every org:', 'npm run check'],
    ['Check one org, and write the findings for a pipeline:', 'npm run check -- --org uat --junit check.xml'],
  ],
  exitCodes: [EXIT.done, EXIT.failed, EXIT.invalid],
  flags: (program) => addReportFlags(addFullFlag(addOrgFlags(program))),
  run: runCheck,
};

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

main(check, module);
