import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { writeAtomic } from '../files/write-atomic';
import type { CommonFlags } from './context';
import { REPORT_FORMATS } from './flags';

type ReportFormat = (typeof REPORT_FORMATS)[number];

/** The requested reports with their files. */
export const requestedReports = (flags: CommonFlags): readonly (readonly [ReportFormat, string])[] =>
  REPORT_FORMATS.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]] as const]));

/** Creates the folders of the report files. Throws `unreadable-file` if a report can't be written, before an org is contacted. */
export function assertReportFilesWritable(flags: CommonFlags): void {
  const files = requestedReports(flags);
  const duplicate = files.find(([name, file]) => files.some(([other, same]) => other !== name && same === file));
  if (duplicate) throw unwritableError(duplicate[1], 'Two reports have the same file.', EXIT.invalid);
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

/** In the same folder, because a file can't be renamed to another disk. */
const temporaryPath = (file: string): string => join(dirname(file), `.${basename(file)}.${process.pid}.part`);

const toUnwritableError = (file: string, thrown: unknown, exit: ExitCode): ToolError =>
  thrown instanceof ToolError
    ? thrown
    : unwritableError(
        file,
        `The operating system reports ${(thrown as NodeJS.ErrnoException).code ?? String(thrown)}.`,
        exit,
      );

const unwritableError = (file: string, why: string, exit: ExitCode): ToolError =>
  new ToolError(
    'unreadable-file',
    {
      what: `The report ${file} can't be written.`,
      why,
      fix: 'Choose a file in a folder that you can write to.',
    },
    { exit },
  );
