import { toErrorDetails, EXIT, type ExitCode } from '../errors';
import { serializeDocument, type ResultDocument } from '../report/result-document';
import { formatError } from '../report/errors';
import type { OrgSettings, Report } from '../report/report';
import type { Context } from './context';
import { requestedReports, writeReport } from './report-files';
import { redactSecrets } from './sanitize';

type ReportContext = Pick<Context, 'flags' | 'layout' | 'now' | 'print' | 'printJson' | 'annotate'>;

/**
 * Ends a command: writes the reports that flags ask for, puts findings where a pipeline shows them, and prints the JSON
 * document. Answers the exit code, which is that of the document unless a report could not be written. Every command that
 * has a document calls this once; what the orgs hold makes the page complete.
 */
export async function writeReports(
  context: ReportContext,
  document: ResultDocument,
  orgSettings?: () => OrgSettings,
): Promise<ExitCode> {
  const exitCode = (await writeReportFiles(context, document, orgSettings))
    ? document.exitCode
    : withReportFailure(document.exitCode);
  context.annotate?.(document.findings);
  context.printJson(serializeDocument({ ...document, exitCode }));
  return exitCode;
}

/** A command that did its work and cannot tell of it has failed; any other failure says more than this one. */
const withReportFailure = (exitCode: ExitCode): ExitCode =>
  exitCode === EXIT.done || exitCode === EXIT.changes ? EXIT.failed : exitCode;

/** Whether all of them were written; one that was not keeps none of the others from it. */
async function writeReportFiles(
  { flags, layout, now, print }: ReportContext,
  document: ResultDocument,
  holdings?: () => OrgSettings,
): Promise<boolean> {
  let written = true;
  for (const [name, file] of requestedReports(flags)) {
    try {
      writeReport(file, redactSecrets(await REPORT_WRITERS[name]({ document, at: now }, holdings)));
      print(`Wrote ${file}.`);
    } catch (thrown) {
      print(formatError(layout, toErrorDetails(thrown)));
      written = false;
    }
  }
  return written;
}

/** Loaded when asked for: most runs want none of them. */
const REPORT_WRITERS = {
  junit: async (report: Report) =>
    (await import('../report/junit')).junitXml(report, (Date.now() - report.at.getTime()) / 1000),
  markdown: async (report: Report) => (await import('../report/markdown')).markdownText(report),
  html: async (report: Report, holdings?: () => OrgSettings) =>
    (await import('../report/html')).htmlPage(holdings ? { ...report, orgSettings: holdings() } : report),
} as const;
