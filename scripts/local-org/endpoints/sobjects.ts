import { sameId } from '../identifiers';
import { json, parseJsonBody, NO_CONTENT, type Request, type Response } from '../http/message';
import type { Route } from '../http/routes';
import { ApiError, UnsupportedError } from '../api-error';
import { fromJson } from '../metadata/from-json';
import { logEvent, type Org } from '../org/org';
import { runStep } from '../org/steps';
import { resolveField } from '../records/field-path';
import { recordJson, recordRoot } from '../records/record-json';
import { findField, type Api, type Row, type Table, toText } from '../records/table';
import { findTable, TABLES } from '../records/tables';
import { routesToAgent, withAgent } from '../jobs/agent-routing';
import type { StoredComponent } from '../metadata/store';

/** Records by ID, and object descriptions. */
export const SOBJECT_ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/services\/data\/v(\d+\.\d)\/(tooling\/)?sobjects\/?$/, handle: describeAll },
  { method: 'GET', path: /^\/services\/data\/v(\d+\.\d)\/(tooling\/)?sobjects\/(\w+)\/describe\/?$/, handle: describe },
  { method: 'GET', path: /^\/services\/data\/v(\d+\.\d)\/(tooling\/)?sobjects\/(\w+)\/(\w{15,18})$/, handle: read },
  { method: 'PATCH', path: /^\/services\/data\/v(\d+\.\d)\/(tooling\/)?sobjects\/(\w+)\/(\w{15,18})$/, handle: update },
];

function describeAll(_org: Org, _request: Request, [version = '', tooling]: readonly string[]): Response {
  const api = apiFor(tooling);
  const tables = TABLES.filter((table) => table.apis.includes(api));
  const sobjects = tables.map(({ name }) => ({
    name,
    label: name,
    custom: false,
    queryable: true,
    urls: { sobject: `${recordRoot(version, api)}/${name}` },
  }));
  return json({ encoding: 'UTF-8', maxBatchSize: 200, sobjects });
}

// This org doesn't track source. The CLI detects that by the missing SourceMember.
function describe(_org: Org, _request: Request, [, tooling, name = '']: readonly string[]): Response {
  const table = findTable(name, apiFor(tooling));
  if (!table) throw unknownObjectError(name);
  const fields = Object.entries(table.fields).map(([field, type]) => ({
    name: field,
    label: field,
    type,
    custom: false,
  }));
  return json({ name: table.name, label: table.name, custom: false, queryable: true, fields });
}

function read(org: Org, request: Request, [version = '', tooling, name = '', id = '']: readonly string[]): Response {
  const api = apiFor(tooling);
  const { table, row } = findRecord(org, name, id, api);
  const fieldNames = request.query.get('fields')?.split(',') ?? Object.keys(table.fields);
  const text = fieldNames.join(', ');
  const paths = fieldNames.map((field) => resolveField(text, { name: field.trim(), position: 0 }, table, api));
  return json(recordJson(row, table, paths, recordRoot(version, api)));
}

function update(org: Org, request: Request, [, tooling, name = '', id = '']: readonly string[]): Promise<Response> {
  const { table, row } = findRecord(org, name, id, apiFor(tooling));
  return runStep(org, 'update', () => {
    if (table.name === 'EmbeddedServiceConfig') return updateDeployment(org, row, parseJsonBody(request));
    const values = parseValues(table, parseJsonBody(request));
    const channel = org.metadata.find('MessagingChannel', toText(row['DeveloperName']));
    if (channel) updateChannel(org, channel, values);
    logEvent(org, 'update', { object: table.name, name: toText(row['DeveloperName']), ...values });
    org.save();
    return NO_CONTENT;
  });
}

/**
 * Replaces the metadata of a chat deployment. Elements that the body omits become empty. Changes of the site are rejected.
 * (Salesforce playbook service-helpagent-coordinate)
 */
function updateDeployment(org: Org, row: Row, body: unknown): Response {
  const name = toText(row['DeveloperName']);
  const metadata = (body as { Metadata?: unknown } | null)?.Metadata;
  if (typeof metadata !== 'object' || metadata === null)
    throw new ApiError('JSON_PARSER_ERROR', 'The request body has no Metadata');
  const before = row['Metadata'] as { readonly site?: unknown } | null;
  if ((metadata as { readonly site?: unknown }).site !== before?.site)
    throw new ApiError('FIELD_INTEGRITY_EXCEPTION', "The field site is immutable and can't be updated");
  const path = `EmbeddedServiceConfig/${name}.EmbeddedServiceConfig`;
  org.metadata.apply(new Map([[path, Buffer.from(fromJson(metadata, 'EmbeddedServiceConfig'))]]), [], org.now());
  logEvent(org, 'update', { object: 'EmbeddedServiceConfig', name });
  org.save();
  return NO_CONTENT;
}

/** The local org knows few objects, so it can't tell whether Salesforce has one. */
const unknownObjectError = (name: string): UnsupportedError =>
  new UnsupportedError(
    'NOT_FOUND',
    `The requested resource does not exist. If Salesforce has the object ${name}, it is not supported by the local org.`,
    404,
  );

function findRecord(org: Org, name: string, id: string, api: Api): { table: Table; row: Row } {
  const table = findTable(name, api);
  if (!table) throw unknownObjectError(name);
  const row = table.rows(org).find((candidate) => sameId(toText(candidate['Id']), id));
  if (!row) throw new ApiError('NOT_FOUND', 'The requested resource does not exist', 404);
  return { table, row };
}

/** The new values of a channel's record. */
interface ChannelValues {
  readonly [field: string]: string | boolean;
}

function parseValues(table: Table, body: unknown): ChannelValues {
  if (typeof body !== 'object' || body === null)
    throw new ApiError('JSON_PARSER_ERROR', 'The request body is not a JSON object');
  return Object.fromEntries(Object.entries(body).map(([name, value]) => parseValue(table, name, value)));
}

function parseValue(table: Table, name: string, value: unknown): readonly [string, string | boolean] {
  const field = assertUpdatable(table, name);
  const type = field === 'IsActive' ? 'boolean' : 'string';
  if (typeof value === type) return [field, value as string | boolean];
  const text = `Cannot deserialize instance of ${type} from VALUE_STRING value ${JSON.stringify(value)}`;
  throw new ApiError('JSON_PARSER_ERROR', `${text} or request may be missing a required field at [line:1, column:2]`);
}

// Salesforce playbook service-agentforce-channel-configure: SessionHandlerId is the ID of a BotDefinition, FallbackQueueId of a
// queue.
function updateChannel(org: Org, channel: StoredComponent, values: ChannelValues): void {
  const { IsActive: active, SessionHandlerId: handler, FallbackQueueId: fallback } = values;
  const queue = typeof fallback === 'string' ? recordOf(org, 'Queue', fallback) : undefined;
  if (typeof handler === 'string') bindAgent(org, channel, handler);
  if (queue) channel.record.fallbackQueueId = queue.record.id;
  if (typeof active === 'boolean') channel.record.active = active;
}

function bindAgent(org: Org, channel: StoredComponent, botId: string): void {
  const [path, content] = [...channel.files][0] ?? ['', Buffer.alloc(0)];
  const bot = org.metadata.ofType('Bot').find(({ record }) => sameId(record.id, botId));
  if (!bot || !routesToAgent(content.toString()))
    throw new ApiError('FIELD_INTEGRITY_EXCEPTION', 'Only active Agentforce Service Agents are supported');
  org.metadata.apply(new Map([[path, Buffer.from(withAgent(content.toString(), bot.name))]]), [], org.now());
}

function recordOf(org: Org, type: string, id: string): StoredComponent {
  const component = org.metadata.ofType(type).find(({ record }) => sameId(record.id, id));
  if (!component) throw new ApiError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  return component;
}

// Object reference, MessagingChannel.
const UPDATABLE = ['IsActive', 'SessionHandlerId', 'FallbackQueueId'];

/** Returns the exact name of a field that can be updated. */
function assertUpdatable(table: Table, name: string): string {
  const field = findField(table, name);
  if (!field) throw new ApiError('INVALID_FIELD', `No such column '${name}' on sobject of type ${table.name}`);
  if (table.name === 'MessagingChannel' && UPDATABLE.includes(field)) return field;
  throw new ApiError(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${field}. Please check the security settings of this field and verify that it is ` +
      'read/write for your profile or permission set.',
  );
}

function apiFor(tooling: string | undefined): Api {
  return tooling ? 'tooling' : 'data';
}
