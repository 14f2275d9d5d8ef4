import type { Context } from '../cli';
import { EXIT, invalidFlagError, ToolError, type ExitCode } from '../errors';
import { EMPTY_ORG_SETTINGS, npmRun, type Finding, type OrgConfig, type OrgFacts } from '../model';
import { assertIdentity, missingPermissionError, readFacts } from '../org';
import { readProjectFiles } from '../project';
import { Sf, type CliWorkerPool } from '../sf';
import type { CleanUpTarget } from './leftovers';

/** The org of a run, with its facts. */
export interface Target extends CleanUpTarget {
  readonly facts: OrgFacts;
  /** The org file, or what stands for it: its SCRT2 URL is that of the login. */
  readonly org: OrgConfig;
}

/**
 * The one org that --org names. Its org file, if there is one, must be for the org of the login. Throws `invalid-flag`,
 * `org-mismatch`, `missing-permission`, and `not-accepted` for a production org.
 */
export async function openTarget({ flags }: Pick<Context, 'flags'>, workers: CliWorkerPool): Promise<Target> {
  const [alias, second] = flags.org;
  if (alias === undefined || second !== undefined) throw oneOrgError();
  const { source, orgFiles } = readProjectFiles(flags.project);
  const declared = orgFiles.orgs.find((org) => org.alias === alias);
  if (declared?.kind === 'production') throw productionError(alias, EXIT.invalid);
  const invalid = orgFiles.findings.find(({ file }) => file === `config/orgs/${alias}.json`);
  if (!declared && invalid) throw invalidOrgFileError(invalid);
  const apiVersion = source.apiVersion.value;
  const sf = new Sf(workers, apiVersion);
  const facts = await readFacts(sf, alias);
  if (facts.kind === 'production') throw productionError(alias, EXIT.failed);
  const { orgId, kind } = facts;
  const org: OrgConfig = declared ?? {
    ...EMPTY_ORG_SETTINGS,
    alias,
    orgId,
    kind,
    wave: 1,
    file: `config/orgs/${alias}.json`,
  };
  assertIdentity(org, facts);
  const missing = missingPermissionError(alias, facts);
  if (missing) throw missing;
  return { sf, org: { ...org, orgId }, apiVersion, facts };
}

const oneOrgError = (): ToolError =>
  invalidFlagError(
    'calibrate needs exactly one org. No org was contacted.',
    'It creates components in the org and deletes them.',
    `Name a sandbox: ${npmRun('calibrate', '--org', 'ORG')}`,
  );

const invalidOrgFileError = ({ file, message, fix }: Finding): ToolError =>
  invalidFlagError(`${file} is invalid. No org was contacted.`, message, fix);

/** `exit` is 3 only if the org file says it, because 3 means that no org was contacted. */
const productionError = (alias: string, exit: ExitCode): ToolError =>
  new ToolError(
    'not-accepted',
    {
      what: `"${alias}" is a production org. Nothing was changed.`,
      why: 'calibrate creates and deletes components, and sends invalid tokens. An org of unknown kind counts as production.',
      fix: 'Run it in a sandbox or a scratch org.',
    },
    { exit },
  );
