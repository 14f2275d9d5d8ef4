import { json, parseJsonBody, NO_CONTENT, type Request, type Response } from '../http/message';
import type { Route } from '../http/routes';
import { ApiError } from '../api-error';
import type { Org } from '../org/org';
import { describeTable, summaryOf } from '../records/describe';
import type { Api } from '../records/table';
import { allTables } from '../records/tables';
import { asValues, createRecord, deleteRecord, readRecord, requireTable, updateRecord } from './records';

const OBJECT = 'sobjects\\/(\\w+)';
const RECORD = `${OBJECT}\\/(\\w{15,18})`;

/** Descriptions of objects, and records by ID. (REST API guide, one page for each resource) */
export const SOBJECT_ROUTES: readonly Route[] = [
  { method: 'GET', path: pathPattern('sobjects'), handle: describeAll },
  { method: 'GET', path: pathPattern(OBJECT), handle: basicInformation },
  { method: 'POST', path: pathPattern(OBJECT), handle: create },
  { method: 'GET', path: pathPattern(`${OBJECT}\\/describe`), handle: describe },
  { method: 'GET', path: pathPattern(RECORD), handle: read },
  { method: 'PATCH', path: pathPattern(RECORD), handle: update },
  { method: 'DELETE', path: pathPattern(RECORD), handle: remove },
];

function pathPattern(path: string): RegExp {
  return new RegExp(`^\\/services\\/data\\/v(\\d+\\.\\d)\\/(tooling\\/)?${path}\\/?$`);
}

const apiFor = (tooling: string | undefined): Api => (tooling ? 'tooling' : 'data');

function describeAll(org: Org, _request: Request, [version = '', tooling]: readonly string[]): Response {
  const api = apiFor(tooling);
  const sobjects = allTables(org, api).map((table) => summaryOf(table, version, api));
  return json({ encoding: 'UTF-8', maxBatchSize: 200, sobjects });
}

/** This org doesn't record which records the user viewed. */
function basicInformation(
  org: Org,
  _request: Request,
  [version = '', tooling, name = '']: readonly string[],
): Response {
  const api = apiFor(tooling);
  return json({ objectDescribe: summaryOf(requireTable(org, name, api), version, api), recentItems: [] });
}

function describe(org: Org, _request: Request, [version = '', tooling, name = '']: readonly string[]): Response {
  const api = apiFor(tooling);
  if (isUntracked(org, name)) throw new ApiError('NOT_FOUND', 'The requested resource does not exist', 404);
  return json(describeTable(requireTable(org, name, api), version, api));
}

/** An org without source tracking has no SourceMember. The CLI asks for it before each deploy and retrieve. */
const isUntracked = (org: Org, name: string): boolean => name === 'SourceMember' && !org.tracking;

function read(org: Org, request: Request, [version = '', tooling, name = '', id = '']: readonly string[]): Response {
  const record = { name, id, api: apiFor(tooling), version };
  return json(readRecord(org, record, request.query.get('fields')?.split(',')));
}

async function create(org: Org, request: Request, [, tooling, name = '']: readonly string[]): Promise<Response> {
  const id = await createRecord(org, name, asValues(parseJsonBody(request)), apiFor(tooling));
  return json({ id, success: true, errors: [] }, 201);
}

async function update(org: Org, request: Request, groups: readonly string[]): Promise<Response> {
  const [, tooling, name = '', id = ''] = groups;
  await updateRecord(org, name, id, parseJsonBody(request), apiFor(tooling));
  return NO_CONTENT;
}

async function remove(
  org: Org,
  _request: Request,
  [, tooling, name = '', id = '']: readonly string[],
): Promise<Response> {
  await deleteRecord(org, name, id, apiFor(tooling));
  return NO_CONTENT;
}
