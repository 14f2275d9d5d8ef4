import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EXIT, ToolError } from '../errors';
import { readRegularFile, writeAtomic } from '../files';
import type { MonitorRun } from '../model';

const counts = z.object({ verified: z.number(), total: z.number() });
const run = z.object({
  at: z.iso.datetime(),
  since: z.iso.datetime(),
  orgs: z.array(
    z.object({
      alias: z.string(),
      status: z.string(),
      failed: z.array(z.string()),
      inconclusive: z.array(z.string()),
      traffic: z.array(
        z.object({
          channel: z.string(),
          chatDeployments: z.array(z.string()),
          now: counts,
          before: counts,
          days: z.number(),
        }),
      ),
      expirations: z.array(
        z.object({
          kind: z.enum(['key', 'endpoint key', 'TLS', 'signer']),
          name: z.string(),
          expiresAt: z.string(),
          daysLeft: z.number(),
        }),
      ),
    }),
  ),
});
/** A document of `monitor --json`, or a file that the monitor wrote. */
const historyFile = z.object({ monitor: run });

/** More runs don't fit a small chart. */
const MAX_RUNS = 200;

/**
 * The earlier runs in a folder, oldest first: files that the monitor wrote, and documents of `monitor --json`. Creates the folder, so
 * that a missing permission is found before an org is contacted. Other files are ignored. Throws `unreadable-file`.
 */
export function readHistory(folder: string): readonly MonitorRun[] {
  try {
    mkdirSync(folder, { recursive: true });
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
    accessSync(folder, constants.W_OK);
    const runs = files.flatMap((name) => parseRun(join(folder, name)) ?? []);
    return runs.sort((one, other) => one.at.localeCompare(other.at)).slice(-MAX_RUNS);
  } catch (thrown) {
    throw historyError(folder, thrown);
  }
}

function parseRun(file: string): MonitorRun | undefined {
  try {
    return historyFile.parse(JSON.parse(readRegularFile(file))).monitor;
  } catch {
    return undefined;
  }
}

/** Adds a run to the folder. A second run at the same time replaces the first. Throws `unreadable-file`. */
export function writeHistory(folder: string, monitor: MonitorRun): void {
  const file = join(folder, `monitor-${monitor.at.replace(/[:.]/g, '-')}.json`);
  try {
    writeAtomic(file, `${JSON.stringify({ monitor })}\n`);
  } catch (thrown) {
    throw historyError(folder, thrown);
  }
}

const historyError = (folder: string, thrown: unknown): ToolError =>
  new ToolError(
    'unreadable-file',
    {
      what: `The history in ${folder} can't be used.`,
      why: `The operating system reports ${(thrown as NodeJS.ErrnoException).code ?? String(thrown)}.`,
      fix: 'Choose a folder that you can write to with --history.',
    },
    { exit: EXIT.invalid, cause: thrown },
  );
