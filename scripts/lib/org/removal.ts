import { writePackage } from '../metadata';
import { keyOf, mapOf, type Component } from '../model';
import type { Sf } from '../sf';
import { ship } from './deployment';
import type { Progress } from './progress';

/** What is taken out of an org: components as they are afterwards, and components that are deleted. */
export interface Removal {
  readonly alias: string;
  readonly kept: readonly Component[];
  /** Deleted after the kept ones were deployed, in the same transaction. */
  readonly deleted: readonly Pick<Component, 'type' | 'fullName'>[];
}

/**
 * Deletes components, and whatever refers to them changes in the same deployment. Only for steps that somebody takes on
 * purpose: plan and deploy never delete. The caller reads the org back.
 */
export async function applyRemoval(
  sf: Sf,
  { alias, kept, deleted }: Removal,
  apiVersion: string,
  progress: Progress,
): Promise<void> {
  const bundle = mapOf(kept);
  const components = [...kept.map(keyOf), ...deleted.map((each) => `-${keyOf(each)}`)];
  await ship(sf, { alias, files: writePackage(bundle, apiVersion, deleted.map(keyOf)), components, bundle }, progress);
}
