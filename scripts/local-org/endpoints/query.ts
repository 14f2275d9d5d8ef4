import { json, type Request, type Response } from '../http/message';
import type { Route } from '../http/routes';
import { ApiError, UnsupportedError } from '../api-error';
import { logEvent, type Org } from '../org/org';
import { runStep } from '../org/steps';
import { columnsJson, recordJson, recordRoot } from '../records/record-json';
import { runQuery } from '../records/run-query';
import type { Api } from '../records/table';

/** SOQL queries of the data API and the Tooling API, and the further pages of their results. */
export const QUERY_ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/services\/data\/v(\d+\.\d)\/(tooling\/)?query\/?$/, handle: query },
  { method: 'GET', path: /^\/services\/data\/v(\d+\.\d)\/(tooling\/)?queryAll\/?$/, handle: query },
  { method: 'GET', path: /^\/services\/data\/v(\d+\.\d)\/(tooling\/)?query\/([^/]+)$/, handle: nextPage },
  { method: 'GET', path: /^\/services\/data\/v(\d+\.\d)\/(tooling\/)?queryAll\/([^/]+)$/, handle: nextPage },
];

/** Records of one page (REST API guide, Query and Query Options header). */
const [MIN_PAGE_SIZE, MAX_PAGE_SIZE] = [200, 2000];

function pageSize({ headers }: Request): number {
  const option = headers['sforce-query-options'];
  const size = /\bbatchSize=(\d+)/i.exec(String(option))?.[1];
  return size === undefined ? MAX_PAGE_SIZE : Math.min(MAX_PAGE_SIZE, Math.max(MIN_PAGE_SIZE, Number(size)));
}

/**
 * The part of a result from `start` on. The locator of the next page contains the query, which runs again. Salesforce keeps the
 * result instead.
 */
function pageOf<T>(records: readonly T[], start: number, { request, path, text }: Page) {
  const end = start + pageSize(request);
  const done = end >= records.length;
  const locator = `01g${Buffer.from(text).toString('base64url')}-${end}`;
  return { done, records: records.slice(start, end), ...(!done && { nextRecordsUrl: `${path}/${locator}` }) };
}

/** The request for a page, the path of its query, and the SOQL. */
interface Page {
  readonly request: Request;
  readonly path: string;
  readonly text: string;
}

function nextPage(
  org: Org,
  request: Request,
  [version = '', tooling, locator = '']: readonly string[],
): Promise<Response> {
  const [, encoded, start] = /^01g([\w-]+)-(\d+)$/.exec(locator) ?? [];
  if (encoded === undefined) throw new ApiError('INVALID_QUERY_LOCATOR', 'invalid query locator');
  const page = {
    request,
    path: request.path.slice(0, request.path.lastIndexOf('/')),
    text: Buffer.from(encoded, 'base64url').toString(),
  };
  return answer(org, page, { version, api: tooling ? 'tooling' : 'data', start: Number(start) });
}

function query(org: Org, request: Request, [version = '', tooling]: readonly string[]): Promise<Response> {
  const text = request.query.get('q');
  if (request.query.has('explain'))
    throw new UnsupportedError('MALFORMED_QUERY', 'Query plans are not supported by the local org.');
  if (!text) throw new ApiError('MALFORMED_QUERY', 'A query string has to be specified');
  const page = { request, path: request.path.replace(/\/$/, ''), text };
  return answer(org, page, { version, api: tooling ? 'tooling' : 'data', start: 0 });
}

interface Answer {
  readonly version: string;
  readonly api: Api;
  /** The position of the first record of the page. */
  readonly start: number;
}

function answer(org: Org, page: Page, { version, api, start }: Answer): Promise<Response> {
  const { request, text } = page;
  return runStep(org, 'query', () => {
    const result = runQuery(org, text, api);
    if (request.query.get('columns') === 'true') return json(columnsJson(result));
    logEvent(org, 'query', { query: text, tooling: api === 'tooling' });
    const { table, paths, rows, query: parsed, aggregates } = result;
    const records = aggregates
      ? aggregates.map((values) => ({ attributes: { type: 'AggregateResult' }, ...values }))
      : parsed.isCount
        ? []
        : rows.map((row) => recordJson(row, table, paths, recordRoot(version, api)));
    const { length } = aggregates ?? rows;
    return json({
      ...(api === 'tooling' && { size: length, entityTypeName: table.name }),
      totalSize: length,
      ...pageOf(records, start, page),
    });
  });
}
