import { npmRun } from '../model';
import { serializeDocument } from '../report';
import { rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Context } from '../cli';
import { loadOrgFiles } from '../project';
import { EXIT, ToolError, type ExitCode, type ErrorText } from '../errors';
import { Sf, type CliWorkerPool } from '../sf';

export interface LoginFlags {
  /** File for the private key during the job. The CLI signs with it again when a session expires. */
  readonly keyFile: string;
}

/** The logins of a pipeline. They contain no secret. */
const logins = z.array(
  z.strictObject({
    alias: z.string().min(1),
    username: z.string().min(1),
    clientId: z.string().min(1),
    instanceUrl: z.url({ protocol: /^https?$/ }),
  }),
);

/** The environment variables with the logins and the private key. */
export const LOGINS_VARIABLE = 'SF_LOGINS';
export const KEY_VARIABLE = 'SF_JWT_KEY';

/**
 * Logs the CLI in to every selected org of config/orgs with a JWT. The private key comes from the environment, goes to a file
 * that only this user can read, and to nothing else; the pipeline removes the file at its end.
 */
export async function runLogin(
  { flags, print, printJson }: Context<LoginFlags>,
  workers: CliWorkerPool,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ExitCode> {
  const available = readLogins(environment[LOGINS_VARIABLE]);
  const aliases = selectedAliases(flags.project, flags.org, flags.wave);
  const missing = aliases.filter((alias) => !available.some((login) => login.alias === alias));
  if (missing.length > 0)
    throw badLoginError({
      what: `${LOGINS_VARIABLE} has no login for ${missing.join(', ')}.`,
      why: 'Every org of config/orgs that the command is about needs one.',
      fix: 'Add { "alias", "username", "clientId", "instanceUrl" } for each of them.',
    });
  const keyFile = writeKeyFile(environment[KEY_VARIABLE], resolve(flags.keyFile));
  const sf = new Sf(workers, '67.0');
  for (const { alias, username, clientId, instanceUrl } of available.filter(({ alias: each }) =>
    aliases.includes(each),
  )) {
    await sf.login({ alias, username, clientId, url: instanceUrl, keyFile });
    print(`Logged in to ${alias}.`);
  }
  printJson(serializeDocument({ command: 'login', exitCode: EXIT.done, findings: [], aliases }));
  return EXIT.done;
}

function readLogins(text: string | undefined): z.infer<typeof logins> {
  const fix = `Set the variable ${LOGINS_VARIABLE} to a JSON list of { "alias", "username", "clientId", "instanceUrl" }.`;
  if (text === undefined || text.trim() === '')
    throw badLoginError({
      what: `${LOGINS_VARIABLE} is not set.`,
      why: 'It says where the orgs are and who logs in.',
      fix,
    });
  const { data, error } = logins.safeParse(parseJson(text));
  if (data) return data;
  const why = error.issues.map(({ path, message }) => `${path.join('.') || 'it'}: ${message}`).join('; ');
  throw badLoginError({ what: `${LOGINS_VARIABLE} cannot be read.`, why, fix });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function selectedAliases(project: string, names: readonly string[], wave: number | undefined): readonly string[] {
  const { orgs } = loadOrgFiles(project);
  const unknown = names.find((name) => !orgs.some(({ alias }) => alias === name));
  if (unknown !== undefined)
    throw badLoginError({
      what: `There is no readable org file for "${unknown}".`,
      why: `config/orgs has ${orgs.map(({ alias }) => alias).join(', ') || 'none'}.`,
      fix: `Name one of those. To see the problems of org files: ${npmRun('check')}`,
    });
  return orgs
    .filter((org) => (names.length === 0 || names.includes(org.alias)) && (wave === undefined || org.wave === wave))
    .map(({ alias }) => alias);
}

/** Writes the private key. No error message repeats a part of it. */
function writeKeyFile(key: string | undefined, file: string): string {
  if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]+-----END [A-Z ]*PRIVATE KEY-----/.test(key ?? ''))
    throw badLoginError({
      what: `${KEY_VARIABLE} doesn't contain a private key.`,
      why:
        key === undefined || key === ''
          ? "It isn't set. Secrets aren't available to runs from forks."
          : "It isn't a PEM text.",
      fix: `Set the secret ${KEY_VARIABLE} to the private key of the connected app, from BEGIN to END.`,
    });
  // An existing file would keep its permissions.
  rmSync(file, { force: true });
  writeFileSync(file, `${(key ?? '').trim()}\n`, { mode: 0o600, flag: 'wx' });
  return file;
}

const badLoginError = (explanation: ErrorText): ToolError =>
  new ToolError('bad-login', explanation, { exit: EXIT.invalid });
