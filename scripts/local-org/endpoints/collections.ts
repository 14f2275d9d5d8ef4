import { json, parseJsonBody, type Request, type Response } from '../http/message';
import type { Route } from '../http/routes';
import { ApiError, UnsupportedError } from '../api-error';
import type { Org } from '../org/org';
import { allTables } from '../records/tables';
import { asValues, createRecord, deleteRecord, readRecord, updateRecord, type RecordValues } from './records';

const MAX_RECORDS = 200;

/** Several records in one request. (REST API guide, sObject Collections) */
export const COLLECTION_ROUTES: readonly Route[] = [
  { method: 'POST', path: pathPattern(''), handle: createAll },
  { method: 'PATCH', path: pathPattern(''), handle: updateAll },
  { method: 'DELETE', path: pathPattern(''), handle: deleteAll },
  { method: 'GET', path: pathPattern('\\/(\\w+)'), handle: retrieveByQuery },
  { method: 'POST', path: pathPattern('\\/(\\w+)'), handle: retrieveByBody },
];

function pathPattern(rest: string): RegExp {
  return new RegExp(`^\\/services\\/data\\/v(\\d+\\.\\d)\\/composite\\/sobjects${rest}\\/?$`);
}

async function createAll(org: Org, request: Request): Promise<Response> {
  return json(await eachRecord(request, (values) => createRecord(org, typeOf(values), fieldsOf(values), 'data')));
}

async function updateAll(org: Org, request: Request): Promise<Response> {
  return json(
    await eachRecord(request, async (values) => {
      const id = String(values['id'] ?? values['Id']);
      await updateRecord(org, typeOf(values), id, fieldsOf(values), 'data');
      return id;
    }),
  );
}

/** The type of a record follows from the start of its ID. */
async function deleteAll(org: Org, request: Request): Promise<Response> {
  assertSeparate(request.query.get('allOrNone') === 'true');
  const ids = (request.query.get('ids') ?? '').split(',');
  return json(
    await results(ids, async (id) => {
      await deleteRecord(org, typeOfRecord(org, id), id, 'data');
      return id;
    }),
  );
}

function typeOfRecord(org: Org, id: string): string {
  const table = allTables(org, 'data').find((each) => each.rows(org).some((row) => row['Id'] === id));
  if (!table) throw new ApiError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  return table.name;
}

function retrieveByQuery(org: Org, { query }: Request, [version = '', name = '']: readonly string[]): Response {
  const list = (parameter: string): readonly string[] => (query.get(parameter) ?? '').split(',');
  return retrieve(org, version, name, list('ids'), list('fields'));
}

function retrieveByBody(org: Org, request: Request, [version = '', name = '']: readonly string[]): Response {
  const { ids, fields } = asValues(parseJsonBody(request));
  return retrieve(org, version, name, texts('ids', ids), texts('fields', fields));
}

function texts(name: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value;
  throw new ApiError('JSON_PARSER_ERROR', `The request has no list of texts "${name}"`);
}

/** A record that doesn't exist is null. */
function retrieve(
  org: Org,
  version: string,
  name: string,
  ids: readonly string[],
  fields: readonly string[],
): Response {
  const records = ids.map((id) => {
    try {
      return readRecord(org, { name, id, api: 'data', version }, fields);
    } catch (error) {
      if (error instanceof ApiError && error.code === 'NOT_FOUND' && !(error instanceof UnsupportedError)) return null;
      throw error;
    }
  });
  return json(records);
}

function eachRecord(request: Request, work: (values: RecordValues) => Promise<string>): Promise<object[]> {
  const { records, allOrNone } = asValues(parseJsonBody(request));
  if (!Array.isArray(records)) throw new ApiError('JSON_PARSER_ERROR', 'The request has no list "records"');
  if (records.length > MAX_RECORDS)
    throw new ApiError('EXCEEDED_ID_LIMIT', `record limit reached. cannot submit more than ${MAX_RECORDS} records`);
  assertSeparate(allOrNone === true && records.length > 1);
  return results(records.map(asValues), work);
}

function assertSeparate(allOrNone: boolean): void {
  if (allOrNone)
    throw new UnsupportedError('INVALID_FIELD', 'allOrNone for several records is not supported by the local org.');
}

const typeOf = ({ attributes }: RecordValues): string => String((attributes as RecordValues | undefined)?.['type']);

const fieldsOf = ({ attributes: _attributes, id: _id, Id: _Id, ...fields }: RecordValues): RecordValues => fields;

/** Does the work for each item, one after another, and reports each error in its result. */
async function results<T>(items: readonly T[], work: (item: T) => Promise<string>): Promise<object[]> {
  const done: object[] = [];
  for (const item of items)
    done.push(
      await Promise.resolve(item)
        .then(work)
        .then((id) => ({ id, success: true, errors: [] }))
        .catch(failure),
    );
  return done;
}

function failure(error: unknown): object {
  if (!(error instanceof ApiError) || error instanceof UnsupportedError) throw error;
  return { success: false, errors: [{ statusCode: error.code, message: error.message, fields: [] }] };
}
