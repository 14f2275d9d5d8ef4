import { ToolError } from '../errors';
import { writeManifest, writePackage } from '../metadata';
import { keyOf, mapOf, type Component } from '../model';
import type { Sf } from '../sf';
import type { Progress } from './apply';
import { follow, verifySuccess } from './deployment';
import { writeFiles } from './files';

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
  const folder = sf.folder();
  writeFiles(folder, writePackage(bundle, apiVersion));
  if (deleted.length > 0)
    writeFiles(folder, new Map([['destructiveChangesPost.xml', writeManifest(members(deleted), apiVersion)]]));
  progress('deploying', [...kept.map(keyOf), ...deleted.map((each) => `-${keyOf(each)}`)].join(', '));
  const id = await sf.deploy(alias, folder).catch((thrown: unknown) => unanswered(alias, thrown));
  progress('submitted', id);
  verifySuccess(alias, await follow(sf, alias, id), bundle);
  progress('deployed', id);
}

function members(deleted: Removal['deleted']): ReadonlyMap<string, readonly string[]> {
  const types = [...new Set(deleted.map(({ type }) => type))];
  return new Map(
    types.map((type) => [type, deleted.filter((each) => each.type === type).map(({ fullName }) => fullName)]),
  );
}

/** A submission that got no answer may have arrived. */
function unanswered(alias: string, thrown: unknown): never {
  if (!(thrown instanceof ToolError) || !['cli-crashed', 'cli-answer', 'org-unreachable'].includes(thrown.code))
    throw thrown;
  const explanation = {
    what: `Whether Salesforce took the removal from "${alias}" is not known.`,
    why: `It was sent, but no answer came: ${thrown.why}`,
    fix: 'Look at Deployment Status in Setup, then run the step again: it reads the org and sends only what is left.',
  };
  throw new ToolError('deploy-unknown', explanation, { cause: thrown });
}
