import { Fault } from '../fault';
import { listedProperties } from '../jobs/file-properties';
import { manifestOf } from '../jobs/manifest';
import { readRecords } from '../jobs/read';
import { findRetrieve, mayRead, retrieved, submitRetrieve } from '../jobs/retrieve';
import { METADATA_TYPES, typeNamed } from '../metadata/types';
import { child, children, childText, type XmlElement } from '../metadata/xml';
import { record, type Org } from '../org/org';
import type { RetrieveJob } from '../org/retrievals';
import { takeStep } from '../org/steps';
import { elements, RawXml, type SoapValue } from './soap-message';
import type { Operation } from './soap-operation';

/** retrieve(), listMetadata(), describeMetadata(), readMetadata(). */
export const READ_OPERATIONS: Readonly<Record<string, Operation>> = {
  retrieve: (org, parameters, version) =>
    takeStep(org, 'retrieve.submit', () => {
      const request = child(parameters, 'retrieveRequest') ?? child(parameters, 'request');
      const job = submitRetrieve(org, retrieveRequest(request, version));
      return { done: false, id: job.id, state: 'Queued' };
    }),

  checkRetrieveStatus: (org, parameters) =>
    takeStep(org, 'retrieve.status', () => {
      const job = findRetrieve(org, childText(parameters, 'asyncProcessId') ?? '');
      return job.readyAt <= Date.now() ? retrieveResult(org, job) : pendingRetrieve(job);
    }),

  listMetadata(org, parameters, version) {
    const types = children(parameters, 'queries').map((query) => childText(query, 'type') ?? '');
    record(org, 'list', { types: types.join(' ') });
    const found = types.flatMap((type) => listed(org, type, version));
    return new RawXml(elements('result', found));
  },

  describeMetadata: (org, parameters, version) => ({
    metadataObjects: METADATA_TYPES.filter(({ since }) => since <= asOf(parameters, version)).map((type) => ({
      childXmlNames: Object.values(type.childTypes),
      directoryName: type.directory,
      inFolder: false,
      metaFile: type.layout === 'content',
      ...(type.suffix && { suffix: type.suffix }),
      xmlName: type.name,
    })),
    organizationNamespace: '',
    partialSaveAllowed: org.kind === 'sandbox',
    testRequired: org.kind === 'production',
  }),

  readMetadata(org, parameters, version) {
    const type = childText(parameters, 'type') ?? '';
    const names = children(parameters, 'fullNames').map((name) => name.text.trim());
    return new RawXml(`<result>${readRecords(org, type, names, version)}</result>`);
  },
};

function retrieveRequest(request: XmlElement | undefined, version: number) {
  const { version: packageVersion, types } = manifestOf(child(request, 'unpackaged') ?? { ...EMPTY });
  const apiVersion = Number(childText(request, 'apiVersion') ?? version);
  return {
    version: packageVersion ?? apiVersion,
    types,
    singlePackage: childText(request, 'singlePackage') === 'true',
  };
}

const EMPTY: XmlElement = { name: 'unpackaged', namespace: '', text: '', children: [], line: 1, column: 1 };

function pendingRetrieve(job: RetrieveJob): SoapValue {
  return { done: false, id: job.id, status: 'InProgress', success: false };
}

function retrieveResult(org: Org, job: RetrieveJob): SoapValue {
  const { zipFile, fileProperties, messages } = retrieved(org, job.request);
  return {
    done: true,
    fileProperties: fileProperties.map((properties) => ({ ...properties })),
    id: job.id,
    messages,
    status: 'Succeeded',
    success: true,
    zipFile: zipFile.toString('base64'),
  };
}

function listed(org: Org, type: string, version: number): SoapValue[] {
  // Salesforce's text for describe and list alike.
  if (!typeNamed(type, version)) throw new Fault('INVALID_TYPE', `Unknown type:${type}`);
  if (!mayRead(org, type)) return [];
  return org.metadata.ofType(type).map((component) => ({ ...listedProperties(org, component) }));
}

function asOf(parameters: XmlElement, version: number): number {
  return Number(childText(parameters, 'asOfVersion') ?? childText(parameters, 'apiVersion') ?? version);
}
