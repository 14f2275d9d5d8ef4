import { main, addReportFlags, writeReports, type Context, type CommandDef } from './lib/cli';
import { EXIT, type ExitCode } from './lib/errors';
import { hasError } from './lib/model';
import { loadProject } from './lib/project';
import { pluralize, findingsSummary, findingsText } from './lib/report';

/** Checks source and configuration; needs no org. */
export const check: CommandDef = {
  name: 'check',
  summary: 'Checks force-app and config/orgs against the rules of the feature. Needs no org.',
  flags: addReportFlags,
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
  if (findings.length > 0) print(`${findingsText(layout, findings)}\n`);
  const names = orgs.map(({ org }) => org.alias).join(', ');
  print(`${findingsSummary(findings)} ${pluralize(orgs.length, 'org')} checked${names && `: ${names}`}.`);
  return writeReports(context, { command: 'check', exitCode, findings });
}

main(check, module);
