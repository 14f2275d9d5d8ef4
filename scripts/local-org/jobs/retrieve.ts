import { randomUUID } from 'node:crypto';
import { PREFIX, recordId } from '../identifiers';
import { childNamesOf } from '../metadata/component';
import { readableDocumentOf, type StoredComponent } from '../metadata/store';
import { parentTypeOf, typeNamed } from '../metadata/types';
import { record, type Org } from '../org/org';
import type { RetrieveJob, RetrieveRequest } from '../org/retrievals';
import { asOfVersion } from './api-version';
import { Fault } from '../fault';
import { fileProperties, type FileProperties } from './file-properties';
import { manifestXml } from './manifest';
import { zip } from './zip';

/** What a finished retrieve hands out. */
export interface Retrieved {
  readonly zipFile: Buffer;
  readonly fileProperties: readonly FileProperties[];
  readonly messages: readonly { readonly fileName: string; readonly problem: string }[];
}

/** Takes a retrieve in; its zip is made when it is fetched, once its server time has passed. */
export function submitRetrieve(org: Org, request: RetrieveRequest): RetrieveJob {
  const readyAt = Date.now() + (org.latency.retrieve ?? 0);
  const job = { id: recordId(PREFIX.retrieve, org.orgId, randomUUID()), readyAt, request };
  org.retrievals.add(job);
  record(org, 'retrieve', { id: job.id, types: request.types.map(({ name }) => name).join(' ') });
  return job;
}

export function findRetrieve(org: Org, id: string): RetrieveJob {
  const job = org.retrievals.find(id);
  if (!job) throw new Fault('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  return job;
}

/** Packs what the org holds of what was asked for, byte for byte as it was deployed. */
export function retrieved(org: Org, { version, types, singlePackage }: RetrieveRequest): Retrieved {
  const manifest = singlePackage ? 'package.xml' : 'unpackaged/package.xml';
  const root = manifest.slice(0, -'package.xml'.length);
  const found = types.flatMap(({ name, members }) => members.map((member) => select(org, name, member, version)));
  const components = [...new Set(found.flatMap((selection) => selection.components))];
  const visible = components.map((component) => asOfVersion(component, version));
  const files = new Map(
    visible.flatMap(({ files: own }) => [...own].map(([path, text]) => [root + path, text] as const)),
  );
  files.set(manifest, Buffer.from(manifestXml(listing(visible), version)));
  return {
    zipFile: zip(files),
    fileProperties: visible.flatMap((component) => fileProperties(org, component, root)),
    messages: found.flatMap(({ problem }) => (problem ? [{ fileName: manifest, problem }] : [])),
  };
}

interface Selection {
  readonly components: readonly StoredComponent[];
  readonly problem?: string;
}

function select(org: Org, type: string, member: string, version: number): Selection {
  if (parentTypeOf(type)) return selectChild(org, type, member);
  if (!typeNamed(type, version)) return { components: [], problem: `Entity type '${type}' is unknown` };
  if (!mayRead(org, type))
    return { components: [], problem: `Entity type '${type}' is not available in this organization` };
  if (member === '*') return { components: org.metadata.ofType(type) };
  const component = org.metadata.find(type, member);
  return component ? { components: [component] } : missing(type, member);
}

// A field is handed out inside its object. Salesforce leaves the other fields out of that file; this org does not.
function selectChild(org: Org, type: string, member: string): Selection {
  const parents = org.metadata.ofType(parentTypeOf(type)?.name ?? '');
  if (member === '*') return { components: parents };
  const parent = parents.find((component) => {
    const root = readableDocumentOf(component);
    return root && childNamesOf(component, root).some((found) => found.type === type && found.name === member);
  });
  return parent ? { components: [parent] } : missing(type, member);
}

function missing(type: string, member: string): Selection {
  return { components: [], problem: `Entity of type '${type}' named '${member}' cannot be found` };
}

/** Metadata API guide, MessagingChannel, special access rules. How Salesforce answers without them is not known. */
export function mayRead(org: Org, type: string): boolean {
  return type !== 'MessagingChannel' || (org.permissions.ConfigureLiveMessage && org.permissions.ViewSetup);
}

function listing(components: readonly StoredComponent[]): Map<string, string[]> {
  const types = new Map<string, string[]>();
  for (const { type, name } of components) types.set(type.name, [...(types.get(type.name) ?? []), name].sort());
  return new Map([...types].sort(([left], [right]) => left.localeCompare(right)));
}
