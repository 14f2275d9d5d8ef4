import { mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EXIT, ToolError, type ExitCode } from '../errors';
import type { CommonFlags } from './context';
import { REPORTS } from './flags';

type ReportName = (typeof REPORTS)[number];

/** The reports that were asked for, each with its file. */
export const reportFiles = (flags: CommonFlags): readonly (readonly [ReportName, string])[] =>
  REPORTS.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]] as const]));

/** Makes sure that every report can be written, before any org is touched. Makes the folders. */
export function verifyReportFiles(flags: CommonFlags): void {
  const files = reportFiles(flags);
  const twice = files.find(([name, file]) => files.some(([other, same]) => other !== name && same === file));
  if (twice) throw unwritable(twice[1], 'Two reports were asked for in one file.', EXIT.invalid);
  for (const [, file] of files) {
    try {
      mkdirSync(dirname(file), { recursive: true });
      if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
        throw unwritable(file, 'It is a folder.', EXIT.invalid);
      const probe = besides(file);
      writeFileSync(probe, '', { flag: 'wx' });
      rmSync(probe);
    } catch (thrown) {
      throw asUnwritable(file, thrown, EXIT.invalid);
    }
  }
}

/** Writes a report so that a reader sees the whole of it or the one before, never a part. */
export function writeWhole(file: string, text: string): void {
  const beside = besides(file);
  try {
    writeFileSync(beside, text, { flag: 'wx' });
    renameSync(beside, file);
  } catch (thrown) {
    rmSync(beside, { force: true });
    throw asUnwritable(file, thrown, EXIT.failed);
  }
}

/** In the same folder, for a file cannot be renamed across disks. */
const besides = (file: string): string => join(dirname(file), `.${basename(file)}.${process.pid}.part`);

const asUnwritable = (file: string, thrown: unknown, exit: ExitCode): ToolError =>
  thrown instanceof ToolError
    ? thrown
    : unwritable(file, `The system says ${(thrown as NodeJS.ErrnoException).code ?? String(thrown)}.`, exit);

const unwritable = (file: string, why: string, exit: ExitCode): ToolError =>
  new ToolError(
    'unreadable-file',
    {
      what: `The report ${file} cannot be written.`,
      why,
      fix: 'Name another file, in a folder that you can write to.',
    },
    { exit },
  );
