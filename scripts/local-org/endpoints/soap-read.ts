import { ApiError, UnsupportedError } from '../api-error';
import { listedProperties } from '../jobs/file-properties';
import { readManifestElement } from '../jobs/manifest';
import { readRecords } from '../jobs/read-metadata';
import { findRetrieve, canRead, buildRetrieveResult, submitRetrieve } from '../jobs/retrieve';
import { findType, METADATA_TYPES, UNKNOWN_TYPE_NOTE } from '../metadata/types';
import { child, children, childText, type XmlElement } from '../metadata/xml';
import { logEvent, type Org } from '../org/org';
import type { RetrieveJob } from '../org/retrieve-jobs';
import { runStep } from '../org/steps';
import { elements, RawXml, type SoapValue } from './soap-message';
import type { Operation } from './soap-operation';

/** retrieve(), listMetadata(), describeMetadata(), readMetadata(). */
export const READ_OPERATIONS: Readonly<Record<string, Operation>> = {
  retrieve: (org, parameters, version) =>
    runStep(org, 'retrieve.submit', () => {
      const request = child(parameters, 'retrieveRequest') ?? child(parameters, 'request');
      const job = submitRetrieve(org, parseRetrieveRequest(request, version));
      return { done: false, id: job.id, state: 'Queued' };
    }),

  checkRetrieveStatus: (org, parameters) =>
    runStep(org, 'retrieve.status', () => {
      const job = findRetrieve(org, childText(parameters, 'asyncProcessId') ?? '');
      return job.readyAt <= Date.now() ? retrieveResult(org, job) : pendingRetrieve(job);
    }),

  listMetadata(org, parameters, version) {
    const types = children(parameters, 'queries').map((query) => childText(query, 'type') ?? '');
    // Metadata API guide, listMetadata(): up to three queries. The message isn't Salesforce's.
    if (types.length > 3)
      throw new ApiError(
        'EXCEEDED_ID_LIMIT',
        'record limit reached. cannot submit more than 3 queries in this operation',
      );
    logEvent(org, 'list', { types: types.join(' ') });
    const properties = types.flatMap((type) => listComponents(org, type, version));
    return new RawXml(elements('result', properties));
  },

  describeMetadata: (org, parameters, version) => ({
    metadataObjects: METADATA_TYPES.filter(({ since }) => since <= requestedVersion(parameters, version)).map(
      (type) => ({
        childXmlNames: Object.values(type.childTypes),
        directoryName: type.directory,
        inFolder: false,
        metaFile: type.layout === 'content',
        ...(type.suffix && { suffix: type.suffix }),
        xmlName: type.name,
      }),
    ),
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

function parseRetrieveRequest(request: XmlElement | undefined, version: number) {
  const { version: packageVersion, types } = readManifestElement(child(request, 'unpackaged') ?? { ...EMPTY_PACKAGE });
  const apiVersion = Number(childText(request, 'apiVersion') ?? version);
  return {
    version: packageVersion ?? apiVersion,
    types,
    packageNames: children(request, 'packageNames').map(({ text }) => text.trim()),
    singlePackage: childText(request, 'singlePackage') === 'true',
  };
}

const EMPTY_PACKAGE: XmlElement = { name: 'unpackaged', namespace: '', text: '', children: [], line: 1, column: 1 };

function pendingRetrieve(job: RetrieveJob): SoapValue {
  return { done: false, id: job.id, status: 'InProgress', success: false };
}

/** The error has this form in a recorded response of an org. */
function missingPackage({ id }: RetrieveJob, name: string): SoapValue {
  const errorMessage = `INVALID_CROSS_REFERENCE_KEY: No package named '${name}' found`;
  return { done: true, errorMessage, errorStatusCode: 'UNKNOWN_EXCEPTION', id, status: 'Failed', success: false };
}

function retrieveResult(org: Org, job: RetrieveJob): SoapValue {
  // This org has no packages.
  const [packageName] = job.request.packageNames ?? [];
  if (packageName !== undefined) return missingPackage(job, packageName);
  const { zipFile, fileProperties, messages } = buildRetrieveResult(org, job.request);
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

function listComponents(org: Org, type: string, version: number): SoapValue[] {
  // Salesforce has the same message for describe and list.
  if (!findType(type, version))
    throw new UnsupportedError('INVALID_TYPE', `Unknown type:${type}. ${UNKNOWN_TYPE_NOTE}`);
  if (!canRead(org, type)) return [];
  return org.metadata.ofType(type).map((component) => ({ ...listedProperties(org, component) }));
}

function requestedVersion(parameters: XmlElement, version: number): number {
  return Number(childText(parameters, 'asOfVersion') ?? childText(parameters, 'apiVersion') ?? version);
}
