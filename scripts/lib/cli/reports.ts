import { asToolError, EXIT, type ExitCode } from '../errors';
import { documentText, type Document } from '../report/document';
import { faultText } from '../report/outcomes';
import type { Holdings, Report } from '../report/report';
import type { Context } from './context';
import { reportFiles, writeWhole } from './report-files';

type Told = Pick<Context, 'flags' | 'page' | 'now' | 'show' | 'document' | 'annotate'>;

/**
 * Ends a command: writes the reports that flags ask for, puts findings where a pipeline shows them, and prints the JSON
 * document. Answers the exit code, which is that of the document unless a report could not be written. Every command that
 * has a document calls this once; what the orgs hold makes the page complete.
 */
export async function writeReports(context: Told, document: Document, holdings?: () => Holdings): Promise<ExitCode> {
  const exitCode = (await writeFiles(context, document, holdings)) ? document.exitCode : failing(document.exitCode);
  context.annotate?.(document.findings);
  context.document(documentText({ ...document, exitCode }));
  return exitCode;
}

/** A command that did its work and cannot tell of it has failed; any other failure says more than this one. */
const failing = (exitCode: ExitCode): ExitCode =>
  exitCode === EXIT.done || exitCode === EXIT.changes ? EXIT.failed : exitCode;

/** Whether all of them were written; one that was not keeps none of the others from it. */
async function writeFiles(
  { flags, page, now, show }: Told,
  document: Document,
  holdings?: () => Holdings,
): Promise<boolean> {
  let written = true;
  for (const [name, file] of reportFiles(flags)) {
    try {
      writeWhole(file, await FORMATS[name]({ document, at: now }, holdings));
      show(`Wrote ${file}.`);
    } catch (thrown) {
      const { code, what, why, fix } = asToolError(thrown);
      show(faultText(page, { code, what, why, fix }));
      written = false;
    }
  }
  return written;
}

/** Loaded when asked for: most runs want none of them. */
const FORMATS = {
  junit: async (report: Report) =>
    (await import('../report/junit')).junitXml(report, (Date.now() - report.at.getTime()) / 1000),
  markdown: async (report: Report) => (await import('../report/markdown')).markdownText(report),
  html: async (report: Report, holdings?: () => Holdings) =>
    (await import('../report/html')).htmlPage(holdings ? { ...report, holdings: holdings() } : report),
} as const;
