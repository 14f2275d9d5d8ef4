import { randomUUID } from 'node:crypto';
import { PREFIX, recordId } from '../identifiers';
import { childNames } from '../metadata/component';
import { tryParseDocument, type StoredComponent } from '../metadata/store';
import { findParentType, findType, UNKNOWN_TYPE_NOTE } from '../metadata/types';
import { logEvent, type Org } from '../org/org';
import type { RetrieveJob, RetrieveRequest } from '../org/retrieve-jobs';
import { asOfVersion } from './api-version';
import { ApiError } from '../api-error';
import { fileProperties, type FileProperties } from './file-properties';
import { manifestXml } from './manifest';
import { zip } from './zip';

/** The result of a retrieve. */
export interface RetrieveResult {
  readonly zipFile: Buffer;
  readonly fileProperties: readonly FileProperties[];
  readonly messages: readonly { readonly fileName: string; readonly problem: string }[];
}

/** Creates a retrieve job. The zip is created when the client requests it after the server time. */
export function submitRetrieve(org: Org, request: RetrieveRequest): RetrieveJob {
  const readyAt = Date.now() + (org.latency.retrieve ?? 0);
  const job = { id: recordId(PREFIX.retrieve, org.orgId, randomUUID()), readyAt, request };
  org.retrieveJobs.add(job);
  logEvent(org, 'retrieve', { id: job.id, types: request.types.map(({ name }) => name).join(' ') });
  return job;
}

export function findRetrieve(org: Org, id: string): RetrieveJob {
  const job = org.retrieveJobs.find(id);
  if (!job) throw new ApiError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  return job;
}

/** Packs the requested components. Each file is byte-identical to the deployed one. */
export function buildRetrieveResult(org: Org, { version, types, singlePackage }: RetrieveRequest): RetrieveResult {
  const manifest = singlePackage ? 'package.xml' : 'unpackaged/package.xml';
  const root = manifest.slice(0, -'package.xml'.length);
  const selections = types.flatMap(({ name, members }) =>
    members.map((member) => selectComponents(org, name, member, version)),
  );
  const components = [...new Set(selections.flatMap((selection) => selection.components))];
  const visible = components.map((component) => asOfVersion(component, version));
  const files = new Map(
    visible.flatMap(({ files: own }) => [...own].map(([path, text]) => [root + path, text] as const)),
  );
  files.set(manifest, Buffer.from(manifestXml(namesByType(visible), version)));
  return {
    zipFile: zip(files),
    fileProperties: visible.flatMap((component) => fileProperties(org, component, root)),
    messages: selections.flatMap(({ problem }) => (problem ? [{ fileName: manifest, problem }] : [])),
  };
}

interface Selection {
  readonly components: readonly StoredComponent[];
  readonly problem?: string;
}

function selectComponents(org: Org, type: string, member: string, version: number): Selection {
  if (findParentType(type)) return selectChild(org, type, member);
  if (!findType(type, version))
    return { components: [], problem: `Entity type '${type}' is unknown. ${UNKNOWN_TYPE_NOTE}` };
  if (!canRead(org, type)) return unreadable(org, type);
  if (member === '*' && type === 'EmbeddedServiceConfig' && org.assumptions.deploymentWildcard === 'nothing')
    return { components: [] };
  if (member === '*') return { components: org.metadata.ofType(type) };
  const component = org.metadata.find(type, member);
  return component ? { components: [component] } : notFound(type, member);
}

function unreadable({ assumptions }: Org, type: string): Selection {
  if (assumptions.unreadableType === 'error') throw new ApiError('INSUFFICIENT_ACCESS', `No access to ${type}`);
  const problem = `Entity type '${type}' is not available in this organization`;
  return { components: [], ...(assumptions.unreadableType === 'message' && { problem }) };
}

// A field is returned inside its object. Salesforce omits the other fields of that object; this org doesn't.
function selectChild(org: Org, type: string, member: string): Selection {
  const parents = org.metadata.ofType(findParentType(type)?.name ?? '');
  if (member === '*') return { components: parents };
  const parent = parents.find((component) => {
    const root = tryParseDocument(component);
    return root && childNames(component, root).some((entry) => entry.type === type && entry.name === member);
  });
  return parent ? { components: [parent] } : notFound(type, member);
}

function notFound(type: string, member: string): Selection {
  return { components: [], problem: `Entity of type '${type}' named '${member}' cannot be found` };
}

/** Special access rules of MessagingChannel. (Metadata API guide.) Salesforce's response without them isn't known. */
export function canRead(org: Org, type: string): boolean {
  return type !== 'MessagingChannel' || (org.permissions.ConfigureLiveMessage && org.permissions.ViewSetup);
}

function namesByType(components: readonly StoredComponent[]): Map<string, string[]> {
  const types = new Map<string, string[]>();
  for (const { type, name } of components) types.set(type.name, [...(types.get(type.name) ?? []), name].sort());
  return new Map([...types].sort(([left], [right]) => left.localeCompare(right)));
}
