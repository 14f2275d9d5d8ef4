import type { Context } from '../cli';
import { EXIT, ToolError, type ExitCode } from '../errors';
import { planFleet, type PlannedOrg } from '../rollout';
import { serializeDocument, pluralize, formatError, styled, type TextLayout } from '../report';
import { exitCodeOf } from '../rollout/org-result';
import { Sf } from '../sf';
import type { ListFlags } from './flags';
import { type UseWorkers, readKeyProject, selectOrgs } from './keyset';
import { keyFactsOf } from '../jwk';
import type { LiveOrg } from '../org';
import { componentsOf, isTrueAt, keysetsListing, npmRun } from '../model';

/** Lists the uploaded keys of each org. Errors in the project don't stop it. Throws `unknown-org` if no org is selected. */
export async function runList(context: Context<ListFlags>, useWorkers: UseWorkers): Promise<ExitCode> {
  const { flags, layout, print } = context;
  const project = readKeyProject(flags.project);
  const orgs = selectOrgs(project.orgs, flags);
  if (orgs.length === 0) throw noOrgError();
  const apiVersion = project.source.apiVersion.value;
  const fleet = await useWorkers((workers) =>
    planFleet(new Sf(workers, apiVersion), orgs, { apiVersion, onResult: () => undefined }),
  );
  const keys = fleet.flatMap(({ desired, live }) => (live ? orgKeys(desired.org.alias, live, context.now) : []));
  const expiring = keys.filter((key) => expiresSoon(key, flags.within));
  fleet.forEach((planned) => print(orgText(layout, planned, keys, flags.within)));
  print(summary(keys, expiring.length, flags.within));
  return finishList(context, fleet, keys, expiring.length > 0);
}

const noOrgError = (): ToolError =>
  new ToolError(
    'unknown-org',
    {
      what: 'No org was checked.',
      why: 'config/orgs has no readable org file for the selected orgs.',
      fix: `To create an org file: ${npmRun('import', '--org', 'ORG')}. To see the problems of org files: ${npmRun('check')}`,
    },
    { exit: EXIT.invalid },
  );

function finishList(
  { printJson }: Context<ListFlags>,
  fleet: readonly PlannedOrg[],
  keys: readonly OrgKey[],
  hasExpiring: boolean,
): ExitCode {
  const orgs = fleet.map(
    ({ result }) => ({ ...result, status: result.error ? result.status : 'unchanged', changes: [] }) as const,
  );
  const orgsExitCode = exitCodeOf(orgs);
  const exitCode = orgsExitCode === EXIT.done && hasExpiring ? EXIT.changes : orgsExitCode;
  printJson(serializeDocument({ command: 'keys list', exitCode, findings: [], orgs, keys }));
  return exitCode;
}

function orgText(layout: TextLayout, { desired, result }: PlannedOrg, keys: readonly OrgKey[], within: number): string {
  const keysOfOrg = keys.filter(({ org }) => org === desired.org.alias);
  const title = `${styled(layout, 'bold', desired.org.alias)}  ${desired.org.kind}, ${pluralize(keysOfOrg.length, 'uploaded key')}${result.error ? ', incomplete' : ''}`;
  const lines = keysOfOrg.map((key) => keyText(layout, key, within));
  return [title, ...lines, ...(result.error ? [formatError(layout, result.error)] : []), ''].join('\n');
}

function keyText(layout: TextLayout, key: OrgKey, within: number): string {
  const { name, kid, alg, thumbprint, expiresAt, daysLeft, active, keysets, orphaned } = key;
  const validity = expiresAt === null ? 'no certificate' : expiryText(expiresAt, daysLeft ?? 0);
  const marked = expiresSoon(key, within) ? styled(layout, 'red', `! ${validity}`) : validity;
  const membership = orphaned ? styled(layout, 'yellow', 'not in a keyset') : `in ${keysets.join(', ')}`;
  return [
    `  ${name}  ${active ? 'active' : 'inactive'}, ${membership}`,
    `    kid ${kid ?? '?'}, ${alg ?? '?'}, ${marked}`,
    ...(thumbprint === kid || thumbprint === null ? [] : [`    thumbprint ${thumbprint}`]),
  ].join('\n');
}

function summary(keys: readonly OrgKey[], expiring: number, within: number): string {
  const orphaned = keys.filter((key) => key.orphaned).length;
  const period = `within ${pluralize(within, 'day')}`;
  const expiry =
    expiring === 0
      ? `No active key expires ${period}.`
      : `${pluralize(expiring, 'active key')} ${expiring === 1 ? 'expires' : 'expire'} ${period}.`;
  const unlisted = `${pluralize(orphaned, 'key')} ${orphaned === 1 ? "isn't" : "aren't"} in a keyset.`;
  return orphaned > 0 ? `${expiry} ${unlisted}` : expiry;
}

/** When a key expires, or that it expired. `daysLeft` is negative for an expired key. */
export const expiryText = (expiresAt: string, daysLeft: number): string =>
  daysLeft < 0
    ? `expired on ${expiresAt.slice(0, 10)}`
    : `expires on ${expiresAt.slice(0, 10)} (in ${pluralize(daysLeft, 'day')})`;

/** An uploaded key in one org. */
export interface OrgKey {
  readonly org: string;
  readonly name: string;
  readonly kid: string | null;
  readonly thumbprint: string | null;
  readonly alg: string | null;
  /** Expiration date of the certificate; null without a readable certificate. */
  readonly expiresAt: string | null;
  readonly daysLeft: number | null;
  readonly active: boolean;
  /** Keysets that list it. */
  readonly keysets: readonly string[];
  /** Whether no keyset lists the key. */
  readonly orphaned: boolean;
}

/** Returns all uploaded keys of an org, including keys in no keyset. */
export function orgKeys(org: string, { components }: Pick<LiveOrg, 'components'>, now: Date): readonly OrgKey[] {
  return componentsOf(components, 'PublicKeyCertificate').map((key) => {
    const facts = keyFactsOf(key, now);
    const keysets = keysetsListing(components, key.fullName).map(({ fullName }) => fullName);
    return {
      org,
      name: key.fullName,
      kid: facts?.kid ?? null,
      thumbprint: facts?.thumbprint ?? null,
      alg: facts?.alg ?? null,
      expiresAt: facts?.certificate?.notAfter.toISOString() ?? null,
      daysLeft: facts?.certificate?.daysLeft ?? null,
      active: isTrueAt(key.root, 'isActive'),
      keysets,
      orphaned: keysets.length === 0,
    };
  });
}

/** Whether an active key has a certificate that expires within some days, or has expired. */
export const expiresSoon = ({ active, daysLeft }: OrgKey, within: number): boolean =>
  active && daysLeft !== null && daysLeft <= within;
