import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../lib/cli';
import type { ExitCode } from '../lib/errors';
import { runNew } from '../lib/keys/new';
import { keyFilePath } from '../lib/keys/source-files';
import { readSource } from '../lib/project';

/** The sample key of dev. Its private key isn't part of the project. */
export const SAMPLE_KEY = 'Customer_Identity_2026_A';

/** Replaces the sample key with a new one, as `keys new` does, and writes its private key to the given file. */
export function replaceSampleKey(context: Context, privateKey: string): Promise<ExitCode> {
  const { project } = context.flags;
  rmSync(join(project, keyFilePath(project, readSource(project).components, SAMPLE_KEY)), { force: true });
  const flags = {
    ...context.flags,
    verb: 'new',
    name: SAMPLE_KEY,
    privateKey,
    bits: 2048,
    alg: 'RS256',
    days: 365,
  } as const;
  return runNew({ ...context, flags });
}
