import { toErrorDetails, EXIT, type ExitCode } from '../errors';
import { serializeDocument, type ResultDocument } from '../report/result-document';
import { formatError } from '../report/errors';
import type { OrgSettings, Report } from '../report/report';
import type { Context } from './context';
import { requestedReports, writeReport } from './report-files';
import { redactSecrets } from './sanitize';

type ReportContext = Pick<Context, 'flags' | 'layout' | 'now' | 'print' | 'printJson' | 'annotate'>;

/**
 * Writes the requested reports, annotates the findings in a pipeline, and prints the JSON document. Returns the exit code
 * of the document, or 1 if a successful command can't write a report. Every command with a document calls this once.
 * `orgSettings` adds the live state of the orgs to the HTML page.
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
  const { command, ...rest } = document;
  context.printJson(serializeDocument({ command, startedAt: context.now.toISOString(), ...rest, exitCode }));
  return exitCode;
}

/** A missing report fails a successful command. A failed command keeps its own exit code. */
const withReportFailure = (exitCode: ExitCode): ExitCode =>
  exitCode === EXIT.done || exitCode === EXIT.changes ? EXIT.failed : exitCode;

/** Writes every report, also after one of them failed. Returns whether all were written. */
async function writeReportFiles(
  { flags, layout, now, print }: ReportContext,
  document: ResultDocument,
  orgSettings?: () => OrgSettings,
): Promise<boolean> {
  let written = true;
  for (const [name, file] of requestedReports(flags)) {
    try {
      writeReport(file, redactSecrets(await REPORT_WRITERS[name]({ document, at: now }, orgSettings)));
      print(`Wrote ${file}.`);
    } catch (thrown) {
      print(formatError(layout, toErrorDetails(thrown)));
      written = false;
    }
  }
  return written;
}

/** Each format is loaded on demand, because most runs write no report. */
const REPORT_WRITERS = {
  junit: async (report: Report) =>
    (await import('../report/junit')).junitXml(report, (Date.now() - report.at.getTime()) / 1000),
  markdown: async (report: Report) => (await import('../report/markdown')).markdownText(report),
  html: async (report: Report, orgSettings?: () => OrgSettings) =>
    (await import('../report/html')).htmlPage(orgSettings ? { ...report, orgSettings: orgSettings() } : report),
} as const;
