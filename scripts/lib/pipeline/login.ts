import { npmRun, pluralize } from '../model';
import { readRsaPrivateKey } from '../key-files';
import { formatError, serializeDocument } from '../report';
import { redactTokens } from '../token';
import { rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Context } from '../cli';
import { loadOrgFiles } from '../project';
import { asToolError, EXIT, toErrorDetails, ToolError, type ExitCode, type ErrorText } from '../errors';
import { issueText } from '../files';
import { Sf, type CliWorkerPool } from '../sf';

export interface LoginFlags {
  /** File for the private key during the job. The CLI signs with it again when a session expires. */
  readonly keyFile: string;
  /** Whether to print what the CLI reported about a rejected login. */
  readonly debug?: boolean;
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

type PipelineLogin = z.infer<typeof logins>[number];

/** The environment variables with the logins and the private key. */
export const LOGINS_VARIABLE = 'SF_LOGINS';
export const KEY_VARIABLE = 'SF_JWT_KEY';

/**
 * Logs the CLI in to every selected org of config/orgs with a JWT, and prints a line for each. The private key comes from the
 * environment, goes to a file that only this user can read, and to nothing else; the pipeline removes the file at its end.
 */
export async function runLogin(
  context: Context<LoginFlags>,
  workers: CliWorkerPool,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ExitCode> {
  const { flags } = context;
  const available = readLogins(environment[LOGINS_VARIABLE]);
  const aliases = selectedAliases(flags.project, flags.org, flags.wave);
  const missing = aliases.filter((alias) => !available.some((login) => login.alias === alias));
  if (missing.length > 0)
    throw badLoginError({
      what: `${LOGINS_VARIABLE} has no login for ${missing.join(', ')}.`,
      why: 'Every org of config/orgs that the command is about needs one.',
      fix: 'Add { "alias", "username", "clientId", "instanceUrl" } for each of them.',
    });
  const key = readLoginKey(environment[KEY_VARIABLE]);
  const keyFile = writeKeyFile(key, resolve(flags.keyFile));
  const sf = new Sf(workers, '67.0');
  const results: LoginResult[] = [];
  for (const login of available.filter(({ alias }) => aliases.includes(alias)))
    results.push(await logIn(context, sf, { ...login, keyFile }));
  return report(context, results);
}

interface LoginResult {
  readonly alias: string;
  readonly error?: ToolError;
}

/** Logs one org in, and prints how that ended: a rejected login doesn't affect the other orgs. */
async function logIn(
  { flags, layout, print, log }: Context<LoginFlags>,
  sf: Sf,
  { alias, username, clientId, instanceUrl, keyFile }: PipelineLogin & { readonly keyFile: string },
): Promise<LoginResult> {
  try {
    await sf.login({ alias, username, clientId, url: instanceUrl, keyFile });
    print(`Logged in to ${alias}.`);
    return { alias };
  } catch (thrown) {
    const error = asToolError(thrown);
    if (error.code === 'interrupted') throw error;
    print(formatError(layout, toErrorDetails(error)));
    if (flags.debug === true) log(debugText(alias, { username, instanceUrl }, error));
    return { alias, error };
  }
}

/** The CLI's report about each login host, and the login without its client ID. */
function debugText(alias: string, login: object, { cause }: ToolError): string {
  const { name = '', message = '' } = (cause ?? {}) as { name?: string; message?: string };
  return redactTokens(`${alias}: ${JSON.stringify(login)} ${name}: ${message}`);
}

function report({ print, printJson }: Context<LoginFlags>, results: readonly LoginResult[]): ExitCode {
  const failed = results.filter(({ error }) => error);
  const exitCode = failed[0]?.error?.exit ?? EXIT.done;
  const aliases = results.filter(({ error }) => !error).map(({ alias }) => alias);
  const errors = failed.map(({ alias, error }) => ({ alias, error: toErrorDetails(error) }));
  if (failed.length > 0) print(`Logged in to ${aliases.length} of ${pluralize(results.length, 'org')}. ${RETRY_HINT}`);
  printJson(serializeDocument({ command: 'login', exitCode, findings: [], aliases, failed: errors }));
  return exitCode;
}

const RETRY_HINT = 'Correct the rejected logins, then run the command again: logins that work are renewed.';

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
  const why = error.issues.map((issue) => `${issue.path.join('.') || 'it'} ${issueText(issue)}`).join('; ');
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

/** jsonwebtoken, with which the CLI signs, rejects shorter keys. */
const MIN_KEY_BITS = 2048;

/**
 * The private key of the variable, as PEM. It is parsed before any org is contacted, because the CLI reports an unreadable key as
 * a rejected login. No error message repeats a part of it.
 */
function readLoginKey(text: string | undefined): string {
  if (text === undefined || text.trim() === '')
    throw keyError("It isn't set. Secrets aren't available to runs from forks.", FROM_FILE);
  const reading = readRsaPrivateKey(Buffer.from(text));
  if ('problem' in reading) throw keyError(reading.problem.message, `${withPeriod(reading.problem.fix)} ${FROM_FILE}`);
  const bits = reading.key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < MIN_KEY_BITS) throw keyError(`The key has ${bits} bits. The sf CLI requires 2048.`, NEW_KEY);
  return reading.key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

const withPeriod = (text: string): string => (/[.)]$/.test(text) ? text : `${text}.`);

const FROM_FILE = `Set the secret ${KEY_VARIABLE} from the PEM file of the app's private key, such as: gh secret set ${KEY_VARIABLE} < server.key`;
const NEW_KEY = `Create a key of 2048 bits, and upload its certificate to the app. ${FROM_FILE}`;

const keyError = (why: string, fix: string): ToolError =>
  badLoginError({ what: `${KEY_VARIABLE} doesn't contain a private RSA key that can be used.`, why, fix });

/** Writes the private key to a new file: an existing one would keep its permissions. */
function writeKeyFile(pem: string, file: string): string {
  rmSync(file, { force: true });
  writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  return file;
}

const badLoginError = (explanation: ErrorText): ToolError =>
  new ToolError('bad-login', explanation, { exit: EXIT.invalid });
