import { asToolError } from '../errors';
import type { Plan } from '../model';
import type { Sf } from '../sf';
import { readRecordIds } from './record-ids';

/** Activates the channels of a plan. A new channel has a record only after the deploy, so record IDs are read now. */
export const activate = (sf: Sf, { org, activate: names }: Plan): Promise<void> =>
  setActive(sf, org.alias, names, true);

/** Deactivates the channels of a plan. */
export const deactivate = (sf: Sf, { org, deactivate: names }: Plan): Promise<void> =>
  setActive(sf, org.alias, names, false);

async function setActive(sf: Sf, alias: string, names: readonly string[], active: boolean): Promise<void> {
  if (names.length === 0) return;
  const ids = await readRecordIds(sf, alias, 'MessagingChannel', names);
  await allSettledOrThrow(ids.map((id) => sf.setActive(alias, id, active)));
}

/** Publishes the chat deployments of a plan. */
export async function publish(sf: Sf, { org, publish: names }: Plan): Promise<void> {
  if (names.length === 0) return;
  const ids = await readRecordIds(sf, org.alias, 'EmbeddedServiceConfig', names);
  await allSettledOrThrow(ids.map((id) => sf.publish(org.alias, id)));
}

/** Waits for all writes before it throws the first failure: a caller that reports or rolls back must not overlap with a write. */
export async function allSettledOrThrow(writes: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(writes);
  const failure = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
  if (failure) throw asToolError(failure.reason);
}
