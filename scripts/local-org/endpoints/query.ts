import { json, type Request, type Response } from '../http/message';
import type { Route } from '../http/routes';
import { ApiError, UnsupportedError } from '../api-error';
import { logEvent, type Org } from '../org/org';
import { runStep } from '../org/steps';
import { columnsJson, recordJson, recordRoot } from '../records/record-json';
import { runQuery } from '../records/run-query';
import type { Api } from '../records/table';

/** SOQL queries of the data API and the Tooling API. */
export const QUERY_ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/services\/data\/v(\d+\.\d)\/(tooling\/)?query\/?$/, handle: query },
  { method: 'GET', path: /^\/services\/data\/v(\d+\.\d)\/(tooling\/)?queryAll\/?$/, handle: query },
];

function query(org: Org, request: Request, [version = '', tooling]: readonly string[]): Promise<Response> {
  const text = request.query.get('q');
  if (request.query.has('explain'))
    throw new UnsupportedError('MALFORMED_QUERY', 'Query plans are not supported by the local org.');
  if (!text) throw new ApiError('MALFORMED_QUERY', 'A query string has to be specified');
  const api: Api = tooling ? 'tooling' : 'data';
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
      done: true,
      records,
    });
  });
}
