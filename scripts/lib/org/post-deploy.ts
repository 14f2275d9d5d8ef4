import { asToolError, ToolError } from '../errors';
import type { Plan } from '../model';
import type { Sf } from '../sf';

/** Activates the channels that should be live. A new channel gets its record with the deployment, so ids are asked for now. */
export const activate = (sf: Sf, { org, activate: names }: Plan): Promise<void> =>
  setActive(sf, org.alias, names, true);

/** Takes channels offline that should not be live. */
export const deactivate = (sf: Sf, { org, deactivate: names }: Plan): Promise<void> =>
  setActive(sf, org.alias, names, false);

async function setActive(sf: Sf, alias: string, names: readonly string[], active: boolean): Promise<void> {
  if (names.length === 0) return;
  const ids = await readRecordIds(sf, alias, 'MessagingChannel', names, false);
  await allSettledOrThrow(
    names.map((name) => sf.setActive(alias, requireRecordId(ids, name, `MessagingChannel ${name}`), active)),
  );
}

/** Publishes the deployments whose clients should see the change. */
export async function publish(sf: Sf, { org, publish: names }: Plan): Promise<void> {
  if (names.length === 0) return;
  const ids = await readRecordIds(sf, org.alias, 'EmbeddedServiceConfig', names, true);
  await allSettledOrThrow(
    names.map((name) => sf.publish(org.alias, requireRecordId(ids, name, `EmbeddedServiceConfig ${name}`))),
  );
}

/** All come to an end before a failure counts: nothing may still be on its way to the org when it is given up or brought back. */
async function allSettledOrThrow(writes: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(writes);
  const failure = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
  if (failure) throw asToolError(failure.reason);
}

async function readRecordIds(
  sf: Sf,
  alias: string,
  sobject: string,
  names: readonly string[],
  tooling: boolean,
): Promise<ReadonlyMap<string, string>> {
  const list = names.map((name) => `'${name}'`).join(', ');
  const rows = await sf.query(
    alias,
    `SELECT Id, DeveloperName FROM ${sobject} WHERE DeveloperName IN (${list})`,
    tooling,
  );
  return new Map(rows.map((row) => [String(row['DeveloperName']), String(row['Id'])]));
}

function requireRecordId(ids: ReadonlyMap<string, string>, name: string, what: string): string {
  const id = ids.get(name);
  if (id) return id;
  throw new ToolError('readback-mismatch', {
    what: `${what} was deployed, but the org does not list it.`,
    why: 'The query for its record id came back without it.',
    fix: 'Run the deploy again in a minute; if it stays so, look for it in Setup.',
  });
}
