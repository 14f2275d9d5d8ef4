import { z } from 'zod';
import { EXIT, ToolError } from '../errors';
import { readXml } from '../metadata';
import {
  type AcceptedTrust,
  parseKey,
  isDeployedType,
  type Component,
  type ComponentKey,
  type OrgState,
  type TrustRecord,
  mapOf,
  npmRun,
} from '../model';
import { digestMatches } from './digest';
import {
  planFileJson,
  trustFileJson,
  type PlanFileOrgJson,
  type OrgStateJson,
  type TrustRecordJson,
} from './plan-file-json';
import type { PlanFile, PlanFileOrg } from './serialize-plan-file';

/**
 * Parses a saved plan or a snapshot. Throws `plan-invalid` if the text was edited or isn't one. `file` is the name in the
 * error.
 */
export function parsePlanFile(text: string, file: string, kind: PlanFile['kind']): PlanFile {
  if (!digestMatches(text))
    throw invalidPlanError(file, "The checksum doesn't match. The file is truncated or was edited.");
  const { data, error } = planFileJson.safeParse(withoutDigest(text));
  if (!data) throw invalidPlanError(file, z.prettifyError(error).replace(/\s+/g, ' '));
  if (data.kind !== kind) throw invalidPlanError(file, `It is a ${data.kind}, not a ${kind}.`);
  const orgs = data.orgs.map((org) => toPlanFileOrg(org, file));
  return { ...data, createdAt: new Date(data.createdAt), orgs };
}

function withoutDigest(text: string): unknown {
  const { digest: _digest, ...rest } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return rest;
}

function toPlanFileOrg(
  { changes, to, publish, trustBefore, tests, from, ...org }: PlanFileOrgJson,
  path: string,
): PlanFileOrg {
  const transition = { from: toOrgState(from, path), to: toOrgState(to, path), publish, tests };
  const record = trustBefore && toTrustRecord(trustBefore, path);
  const { alias, orgId, kind, wave, file, scrt2URL, channels, alsoTrusted } = org;
  return {
    org: {
      alias,
      orgId,
      kind,
      wave,
      file,
      ...(scrt2URL !== undefined && { scrt2URL }),
      ...(channels && { channels }),
      ...(alsoTrusted && { alsoTrusted: alsoTrusted as readonly AcceptedTrust[] }),
    },
    changes,
    transition: { ...transition, ...(record && { trustBefore: record }) },
  };
}

/**
 * Parses the trust of an org at the end of a run. Returns undefined if the text was edited, isn't one, or is of another org: a
 * rollback then restores less.
 */
export function parseTrustRecord(text: string, file: string, orgId: string): TrustRecord | undefined {
  if (!digestMatches(text)) return undefined;
  const { data } = trustFileJson.safeParse(withoutDigest(text));
  return data?.orgId === orgId ? toTrustRecord(data, file) : undefined;
}

const toTrustRecord = ({ recordedAt, channels, components }: TrustRecordJson, file: string): TrustRecord => ({
  recordedAt: new Date(recordedAt),
  channels: new Map(Object.entries(channels)),
  components: mapOf(Object.entries(components).map(([key, lines]) => toComponent(key, lines.join('\n'), file))),
});

const toOrgState = ({ partial, channels, components }: OrgStateJson, file: string): OrgState => ({
  partial,
  channels: new Map(Object.entries(channels)),
  components: new Map(
    Object.entries(components).map(([key, lines]): [ComponentKey, Component | null] => [
      key as ComponentKey,
      lines && toComponent(key, lines.join('\n'), file),
    ]),
  ),
});

function toComponent(key: string, text: string, file: string): Component {
  const { type, fullName } = parseKey(key);
  const { root, problem } = readXml(text);
  if (root?.name === type && isDeployedType(type)) return { type, fullName, root };
  throw invalidPlanError(file, `${key}: ${problem?.message ?? "The root element doesn't match the type."}`);
}

const invalidPlanError = (file: string, why: string): ToolError =>
  new ToolError(
    'plan-invalid',
    {
      what: `${file} can't be used. No org was contacted.`,
      why,
      fix: `Copy the original file again, or save a new plan: ${npmRun('plan', '--out', 'FILE')}`,
    },
    { exit: EXIT.invalid },
  );
