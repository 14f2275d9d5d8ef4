import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../files';
import { membersToJson } from '../metadata';
import type { Component, Plan } from '../model';
import type { Sf } from '../sf';
import type { ReportStep } from './progress';
import { notListedError } from './record-ids';
import { quoted } from './soql';

const recordShape = z.object({ Id: z.string(), Metadata: z.record(z.string(), z.unknown()) });

/**
 * Updates Web chat deployments with the Tooling API, for an org that rejects their update by a deploy because of their immutable
 * site. A request replaces all fields: those that it omits become empty (sf-skills: service-helpagent-coordinate). So it contains
 * the fields of the org with the planned values.
 */
export async function patchDeployments(
  sf: Sf,
  { org: { alias } }: Pick<Plan, 'org'>,
  deployments: readonly Component[],
  reportStep: ReportStep,
): Promise<void> {
  if (deployments.length === 0) return;
  reportStep('updating', deployments.map(({ fullName }) => fullName).join(', '));
  for (const { fullName, type, root } of deployments) {
    // A query returns Metadata for one record only (Tooling API guide, EmbeddedServiceConfig).
    const soql = `SELECT Id, Metadata FROM EmbeddedServiceConfig WHERE DeveloperName IN (${quoted(fullName)})`;
    const { data } = recordShape.safeParse((await sf.query(alias, soql, true))[0]);
    if (!data) throw notListedError(alias, `${type} ${fullName}`);
    await sf.updateChatDeployment(alias, data.Id, mergeObjects(data.Metadata, membersToJson(root, type)));
  }
}

/** The second object over the first one, in each nested object too. Lists are replaced. */
const mergeObjects = (base: JsonObject, over: JsonObject): JsonObject =>
  Object.fromEntries(
    [...new Set([...Object.keys(base), ...Object.keys(over)])].map((name) => {
      const [one, other] = [base[name], over[name]];
      return [name, isJsonObject(one) && isJsonObject(other) ? mergeObjects(one, other) : (other ?? one)];
    }),
  );
