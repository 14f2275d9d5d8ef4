import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { writeAtomic } from '../files';
import type { CommonFlags } from './context';
import { REPORT_FORMATS } from './flags';

type ReportFormat = (typeof REPORT_FORMATS)[number];

/** The reports that were asked for, each with its file. */
export const requestedReports = (flags: CommonFlags): readonly (readonly [ReportFormat, string])[] =>
  REPORT_FORMATS.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]] as const]));

/** Makes sure that every report can be written, before any org is touched. Makes the folders. */
export function assertReportFilesWritable(flags: CommonFlags): void {
  const files = requestedReports(flags);
  const duplicate = files.find(([name, file]) => files.some(([other, same]) => other !== name && same === file));
  if (duplicate) throw unwritableError(duplicate[1], 'Two reports were asked for in one file.', EXIT.invalid);
  for (const [, file] of files) {
    try {
      mkdirSync(dirname(file), { recursive: true });
      if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
        throw unwritableError(file, 'It is a folder.', EXIT.invalid);
      const testFile = temporaryPath(file);
      writeFileSync(testFile, '', { flag: 'wx' });
      rmSync(testFile);
    } catch (thrown) {
      throw toUnwritableError(file, thrown, EXIT.invalid);
    }
  }
}

/** Writes a report. A reader sees the whole report or the previous one, never a part. */
export function writeReport(file: string, text: string): void {
  try {
    writeAtomic(file, text);
  } catch (thrown) {
    throw toUnwritableError(file, thrown, EXIT.failed);
  }
}

/** In the same folder, for a file cannot be renamed across disks. */
const temporaryPath = (file: string): string => join(dirname(file), `.${basename(file)}.${process.pid}.part`);

const toUnwritableError = (file: string, thrown: unknown, exit: ExitCode): ToolError =>
  thrown instanceof ToolError
    ? thrown
    : unwritableError(file, `The system says ${(thrown as NodeJS.ErrnoException).code ?? String(thrown)}.`, exit);

const unwritableError = (file: string, why: string, exit: ExitCode): ToolError =>
  new ToolError(
    'unreadable-file',
    {
      what: `The report ${file} cannot be written.`,
      why,
      fix: 'Name another file, in a folder that you can write to.',
    },
    { exit },
  );
