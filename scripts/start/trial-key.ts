import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../lib/cli';
import type { ExitCode } from '../lib/errors';
import { runNew } from '../lib/keys/new';
import { keyFile } from '../lib/keys/source-files';
import { readSource } from '../lib/source';

/** The key of dev that the project brings along as a sample: nobody has its private half. */
export const KEY = 'Customer_Identity_2026_A';

/** Puts a key in the place of the sample, whose private half is in the given file: as a user would, with `keys new`. */
export function replaceSample(context: Context, privateKey: string): Promise<ExitCode> {
  const { project } = context.flags;
  rmSync(join(project, keyFile(project, readSource(project).components, KEY)), { force: true });
  const flags = { ...context.flags, verb: 'new', name: KEY, privateKey, bits: 2048, alg: 'RS256', days: 365 } as const;
  return runNew({ ...context, flags });
}
