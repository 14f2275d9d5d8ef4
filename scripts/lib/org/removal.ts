import { writePackage } from '../metadata';
import { keyOf, mapOf, type Component } from '../model';
import type { Sf } from '../sf';
import type { Progress } from './apply';
import { follow, submit, verifySuccess } from './deployment';

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
  progress('deploying', [...kept.map(keyOf), ...deleted.map((each) => `-${keyOf(each)}`)].join(', '));
  const id = await submit(sf, alias, writePackage(bundle, apiVersion, deleted.map(keyOf)));
  progress('submitted', id);
  verifySuccess(alias, await follow(sf, alias, id), bundle);
  progress('deployed', id);
}
