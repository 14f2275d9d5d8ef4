import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Context } from '../cli';
import { asToolError, EXIT, ToolError, type ExitCode } from '../errors';
import { readRegularFile } from '../files';
import { previewText } from '../import/preview';
import { keyFactsOf } from '../jwk';
import { discoverProvider, metadataProblems } from '../keys';
import { runImport } from '../keys/import';
import { runNew } from '../keys/new';
import { writeEdits } from '../keys/source-files';
import {
  issuerOf,
  jwksUrlOf,
  keyNamesOf,
  npmRun,
  pluralize,
  type Component,
  type DesiredState,
  type OrgFacts,
} from '../model';
import { readFacts } from '../org';
import { composeOrg, readProjectFiles, toOrgId18, type ProjectFiles } from '../project';
import { serializeDocument } from '../report/result-document';
import { SAMPLE_KEYS } from '../rules/sample-keys';
import type { Sf } from '../sf';
import {
  askAlias,
  askAll,
  keysetOf,
  verifiedChannels,
  type Answers,
  type KeyAnswer,
  type KnownAnswers,
} from './answers';
import { withoutAccess, type Checkup } from './checkup';
import { checkupText } from './doctor';
import type { SetupFlags } from './flags';
import type { Machine } from './machine';
import { machineChecks } from './machine-checks';
import { assertNewFiles, channelFiles } from './new-component';
import { orgChecks, type OrgReader } from './org-checks';
import { SAMPLE_ORG_IDS, setupEdits, type FileEdits, type Trust } from './setup-files';

/** The CLI as setup uses it. */
export type SetupCli = OrgReader & Pick<Sf, 'loginInBrowser'>;

export interface SetupTools {
  readonly sf: SetupCli;
  readonly machine: Machine;
  /** Shows the plan of the org. */
  readonly plan: (context: Context) => Promise<ExitCode>;
}

/**
 * Sets up one org: checks it, asks what only the user knows, shows the files, and after a confirmation writes them and shows the
 * plan. It changes no org. A second setup of the same org starts with what the first one wrote.
 */
export async function setUpOrg(context: Context<SetupFlags>, tools: SetupTools): Promise<ExitCode> {
  const alias = await askAlias(context);
  const files = readProjectFiles(context.flags.project);
  await logIn(context, tools.sf, alias);
  try {
    return await checkAndWrite(context, tools, alias, files);
  } catch (thrown) {
    throw afterContact(asToolError(thrown));
  }
}

/** An error with another exit code than 3, which means that no org was contacted: setup reads the org before it asks. */
const afterContact = (error: ToolError): ToolError =>
  error.exit === EXIT.invalid
    ? new ToolError(error.code, error, { exit: EXIT.failed, cause: error.cause, findings: error.findings })
    : error;

async function checkAndWrite(
  context: Context<SetupFlags>,
  tools: SetupTools,
  alias: string,
  files: ProjectFiles,
): Promise<ExitCode> {
  const { flags, print, layout } = context;
  const checks = [
    ...(await machineChecks(tools.machine, flags.project)),
    ...(await orgChecks(tools.sf, tools.machine, { alias })),
  ];
  print(`${checkupText(layout, checks)}\n`);
  if (checks.some(({ isAccess }) => isAccess))
    return finish(context, EXIT.unreachable, checks, [], "Nothing was written: the org can't be used.");
  const facts = await readFacts(tools.sf as Sf, alias);
  const answers = await askAll(context, alias, knownAnswers(files, alias), files);
  const edits = await editsOf(context, files, facts, answers);
  const written = [...edits.keys()];
  if (edits.size > 0) print(`${changesText(context, edits, answers)}\n`);
  if (edits.size > 0 && !(await isConfirmed(context, edits, answers)))
    return finish(context, EXIT.changes, checks, written, 'Nothing was written. To write the files, add --yes.');
  await writeKey(context, answers);
  writeEdits(flags.project, edits);
  const { written: added, deleted } = fileCounts(edits, answers);
  const deletion = deleted === 0 ? '' : `, and deleted ${deleted}`;
  print(edits.size > 0 ? `Wrote ${pluralize(added, 'file')}${deletion}. No org was changed.\n` : 'Nothing to write.\n');
  return planAndFinish(context, tools, answers, { checks, written });
}

/** Shows the plan. A plan with changes is the expected result of a setup, so the exit code is 0. */
async function planAndFinish(
  context: Context<SetupFlags>,
  { plan }: SetupTools,
  { alias, key }: Answers,
  { checks, written }: { readonly checks: readonly Checkup[]; readonly written: readonly string[] },
): Promise<ExitCode> {
  const exit = await plan({ ...context, flags: { ...context.flags, org: [alias] }, printJson: () => undefined });
  if (exit !== EXIT.done && exit !== EXIT.changes)
    return finish(
      context,
      exit === EXIT.invalid ? EXIT.failed : exit,
      checks,
      written,
      `The plan of ${alias} failed. Fix the errors, then run: ${npmRun('plan', '--org', alias)}`,
    );
  const verify =
    key.from === 'new'
      ? npmRun('verify', '--org', alias, '--private-key', key.privateKey)
      : npmRun('verify', '--org', alias);
  const steps = exit === EXIT.changes ? [npmRun('deploy', '--org', alias), verify] : [verify];
  return finish(context, EXIT.done, checks, written, `Setup of ${alias} is complete. Next: ${steps.join(', then ')}`);
}

const DEFAULT_LOGIN_PAGE = 'https://test.salesforce.com';

/** Uses the login of the alias, or creates one in the browser. Throws `login-missing` without a terminal. */
async function logIn(
  { flags, interactive, confirm, log }: Context<SetupFlags>,
  sf: SetupCli,
  alias: string,
): Promise<void> {
  try {
    await sf.loginOf(alias);
  } catch (thrown) {
    const error = asToolError(thrown);
    const url = flags.instanceUrl ?? DEFAULT_LOGIN_PAGE;
    if (error.code !== 'login-missing' || !interactive) throw error;
    if (!(await confirm(`No login has the alias ${alias}. Log in at ${url} in the browser?`))) throw error;
    log('Waiting for the login in the browser ...');
    await sf.loginInBrowser(alias, url);
  }
}

/** The answers in the org file and in source. Those of a sample org with sample keys are ignored. */
function knownAnswers({ orgFiles, source, compromised }: ProjectFiles, alias: string): KnownAnswers {
  const org = orgFiles.orgs.find((each) => each.alias === alias);
  if (!org) return { channels: [], sites: [] };
  const { desired } = composeOrg(source.components, org, compromised);
  const keyset = desired.components.get(`PublicKeyCertificateSet:${keysetOf(desired.components, org.channels) ?? ''}`);
  const key = keyAnswerOf(desired, keyset);
  if (SAMPLE_ORG_IDS.has(org.orgId) && key?.from !== 'source') return { channels: [], sites: [] };
  const issuer = issuerOf(keyset);
  return { channels: org.channels, sites: org.sites, ...(issuer !== undefined && { issuer }), ...(key && { key }) };
}

function keyAnswerOf(desired: DesiredState, keyset: Component | undefined): KeyAnswer | undefined {
  const url = jwksUrlOf(keyset);
  if (url !== undefined) return { from: 'endpoint', url };
  const name = keyNamesOf(keyset).find((each) => !isSample(desired, each));
  return name === undefined ? undefined : { from: 'source', name };
}

const isSample = ({ components }: DesiredState, name: string): boolean =>
  SAMPLE_KEYS.has(keyFactsOf(components.get(`PublicKeyCertificate:${name}`))?.thumbprint ?? '');

async function editsOf(
  context: Context<SetupFlags>,
  files: ProjectFiles,
  facts: OrgFacts,
  answers: Answers,
): Promise<FileEdits> {
  const { flags } = context;
  const { alias, channels, sites, newChannels } = answers;
  const source = files.source.components;
  const keyset = keysetOf(source, [...channels, ...verifiedChannels(source)]) ?? 'Customer_Identity';
  const orgPath = join(flags.project, `config/orgs/${alias}.json`);
  const others = files.orgFiles.orgs.filter((org) => org.alias !== alias);
  const removesSamples = flags.keepSamples !== true && others.every(({ orgId }) => SAMPLE_ORG_IDS.has(orgId));
  const edits = setupEdits(flags.project, {
    alias,
    channels,
    sites,
    source,
    facts: { orgId: toOrgId18(facts.orgId) ?? facts.orgId, kind: facts.kind },
    keyset,
    trust: await trustOf(context, answers),
    ...(existsSync(orgPath) && { orgText: readRegularFile(orgPath) }),
    sampleFiles: removesSamples ? others.map(({ file }) => file) : [],
  });
  const created = newChannels.flatMap((channel) => [
    ...channelFiles(flags.project, source, { ...channel, keyset, type: 'Web' }),
  ]);
  assertNewFiles(flags.project, source, new Map(created));
  const isChange = ([file, text]: readonly [string, string | null]): boolean => {
    const path = join(flags.project, file);
    return text !== (existsSync(path) ? readRegularFile(path) : null);
  };
  return new Map([...edits, ...created].filter(isChange));
}

async function trustOf({ flags }: Context<SetupFlags>, { key, issuer = '' }: Answers): Promise<Trust> {
  if (key.from === 'endpoint') return { issuer, endpoint: key.url };
  if (key.from !== 'provider') return { issuer, key: key.name };
  const metadata = await discoverProvider(key.url, { allowLoopback: flags.allowLoopback === true });
  const problems = metadataProblems(metadata);
  if (problems.length === 0) return { issuer: metadata.issuer, endpoint: metadata.jwksUri };
  throw new ToolError('endpoint-unreachable', {
    what: "A keyset can't use this provider. Nothing was written.",
    why: problems.join(' '),
    fix: `Show all checks: ${npmRun('keys', 'provider', 'URL')}`,
  });
}

/** Every file that is written or deleted, before it happens. */
function changesText({ flags, layout }: Context<SetupFlags>, edits: FileEdits, { key }: Answers): string {
  const written = [...edits].flatMap(([path, after]) => {
    const file = join(flags.project, path);
    const before = existsSync(file) ? readRegularFile(file) : undefined;
    return after === null || before === after ? [] : [{ path, before, after }];
  });
  const states = written.map(({ path, before }) => `${path} (${before === undefined ? 'new' : 'changed'})`);
  const deleted = [...edits].flatMap(([path, after]) => (after === null ? [`${path} (deleted)`] : []));
  return [previewText(layout, written), ...states, ...keyText(key), ...deleted].join('\n');
}

function keyText(key: Answers['key']): readonly string[] {
  if (key.from === 'new')
    return [`${key.name} (new key in source)`, `${key.privateKey} (new file with the private key)`];
  return key.from === 'file' ? [`${key.name} (new key in source, from ${key.certificate})`] : [];
}

/** The files that are written, with those of a new key, and the deleted ones. */
function fileCounts(edits: FileEdits, { key }: Answers): { readonly written: number; readonly deleted: number } {
  const deleted = [...edits.values()].filter((text) => text === null).length;
  return { written: edits.size - deleted + keyText(key).length, deleted };
}

async function isConfirmed(
  { flags, interactive, confirm }: Context<SetupFlags>,
  edits: FileEdits,
  answers: Answers,
): Promise<boolean> {
  const { written, deleted } = fileCounts(edits, answers);
  const question = `Write ${pluralize(written, 'file')}${deleted === 0 ? '' : `, and delete ${deleted}`}?`;
  return flags.yes === true || (interactive && (await confirm(question)));
}

/** Creates or imports the key. Called before other files are written, because its checks can stop the setup. */
async function writeKey(context: Context<SetupFlags>, { key }: Answers): Promise<void> {
  const printed: string[] = [];
  const quiet = { ...context, print: (text: string) => void printed.push(text), printJson: () => undefined };
  const { flags } = context;
  if (key.from === 'new') {
    const newKey = {
      verb: 'new',
      name: key.name,
      privateKey: key.privateKey,
      bits: 2048,
      alg: 'RS256',
      days: 365,
    } as const;
    await runNew({ ...quiet, flags: { ...flags, ...newKey } });
  }
  if (key.from !== 'file') return;
  const imported = { verb: 'import', name: key.name, from: key.certificate, allowLoopback: false } as const;
  const { certificate: _, ...others } = flags;
  const exit = await runImport({ ...quiet, flags: { ...others, ...imported } }, () =>
    Promise.reject(new Error('not used')),
  );
  if (exit === EXIT.done) return;
  context.print(printed.join('\n'));
  throw new ToolError(
    'unreadable-file',
    {
      what: `${key.certificate} can't be used as a key. No file was written.`,
      why: 'See the findings above.',
      fix: 'Specify another file with --certificate.',
    },
    { exit: EXIT.invalid },
  );
}

function finish(
  { print, printJson }: Context,
  exitCode: ExitCode,
  checks: readonly Checkup[],
  files: readonly string[],
  sentence: string,
): ExitCode {
  print(sentence);
  printJson(
    serializeDocument({
      command: 'setup',
      exitCode,
      findings: [],
      checks: checks.map(withoutAccess),
      files,
      written: exitCode === EXIT.done,
    }),
  );
  return exitCode;
}
