import { main, reportFlags, writeReports, type Context, type Verb } from './lib/cli';
import { EXIT, type ExitCode } from './lib/errors';
import { hasError } from './lib/model';
import { loadProject } from './lib/project';
import { count, findingsSummary, findingsText } from './lib/report';

/** Checks source and configuration; needs no org. */
export const check: Verb = {
  name: 'check',
  summary: 'Checks force-app and config/orgs against the rules of the feature. Needs no org.',
  flags: reportFlags,
  run: runCheck,
};

export async function runCheck(context: Context): Promise<ExitCode> {
  const { flags, page, now, show } = context;
  const { findings, orgs } = loadProject(
    flags.project,
    { orgs: flags.org, ...(flags.wave && { wave: flags.wave }) },
    now,
  );
  const exitCode = hasError(findings) ? EXIT.invalid : EXIT.done;
  if (findings.length > 0) show(`${findingsText(page, findings)}\n`);
  const names = orgs.map(({ org }) => org.alias).join(', ');
  show(`${findingsSummary(findings)} ${count(orgs.length, 'org')} checked${names && `: ${names}`}.`);
  return writeReports(context, { command: 'check', exitCode, findings });
}

main(check, module);
