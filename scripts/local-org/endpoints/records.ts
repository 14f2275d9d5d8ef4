import { findChannel } from '../chat-api/channel';
import { PREFIX, recordId, sameId } from '../identifiers';
import { ApiError, UnsupportedError } from '../api-error';
import { fromJson } from '../metadata/from-json';
import { logEvent, type Org } from '../org/org';
import { runStep } from '../org/steps';
import { UPDATABLE_FIELDS } from '../records/describe';
import { resolveField } from '../records/field-path';
import { recordJson, recordRoot } from '../records/record-json';
import { findField, type Api, type Row, type Table, toText } from '../records/table';
import { findTable } from '../records/tables';
import { routesToAgent, withAgent } from '../jobs/agent-routing';
import type { StoredComponent } from '../metadata/store';

/** The values of a record in a request. */
export type RecordValues = Readonly<Record<string, unknown>>;

/** Returns the values of a request body. */
export function asValues(body: unknown): RecordValues {
  if (typeof body === 'object' && body !== null) return body as RecordValues;
  throw new ApiError('JSON_PARSER_ERROR', 'The request body is not a JSON object');
}

/** The local org knows few objects, so it can't tell whether Salesforce has one. */
export const unknownObjectError = (name: string): UnsupportedError =>
  new UnsupportedError(
    'NOT_FOUND',
    `The requested resource does not exist. If Salesforce has the object ${name}, it is not supported by the local org.`,
    404,
  );

export function requireTable(org: Org, name: string, api: Api): Table {
  const table = findTable(name, api, org);
  if (!table) throw unknownObjectError(name);
  return table;
}

function findRecord(org: Org, name: string, id: string, api: Api): { table: Table; row: Row } {
  const table = requireTable(org, name, api);
  const row = table.rows(org).find((candidate) => sameId(toText(candidate['Id']), id));
  if (!row) throw new ApiError('NOT_FOUND', 'The requested resource does not exist', 404);
  return { table, row };
}

/** Returns a record with some fields, or with all. */
export function readRecord(
  org: Org,
  { name, id, api, version }: { name: string; id: string; api: Api; version: string },
  fields?: readonly string[],
): object {
  const { table, row } = findRecord(org, name, id, api);
  const fieldNames = fields ?? Object.keys(table.fields);
  const text = fieldNames.join(', ');
  const paths = fieldNames.map((field) => resolveField(text, { name: field.trim(), position: 0 }, table, api));
  return recordJson(row, table, paths, recordRoot(version, api));
}

/** Creates a record and returns its ID. Only assignments of permission sets can be created. */
export function createRecord(org: Org, name: string, values: RecordValues, api: Api): Promise<string> {
  const table = requireTable(org, name, api);
  assertWritable(table, 'POST', 'creation');
  return runStep(org, 'update', () => {
    const id = assignPermissionSet(org, values);
    logEvent(org, 'update', { object: table.name, created: id });
    org.save();
    return id;
  });
}

/** Throws for a record that the local org can't create or delete. */
function assertWritable({ name }: Table, method: 'POST' | 'DELETE', act: 'creation' | 'deletion'): void {
  if (name === 'PermissionSetAssignment') return;
  throw new UnsupportedError(
    'METHOD_NOT_ALLOWED',
    `HTTP Method '${method}' not allowed. The ${act} of ${name} records is not supported by the local org.`,
    405,
  );
}

/** Messages as in results of the CLI and of public tools. */
function assignPermissionSet(org: Org, { AssigneeId: assignee, PermissionSetId: set }: RecordValues): string {
  if (typeof assignee !== 'string' || typeof set !== 'string')
    throw new ApiError('REQUIRED_FIELD_MISSING', 'Required fields are missing: [AssigneeId, PermissionSetId]');
  const component = org.metadata.ofType('PermissionSet').find(({ record }) => sameId(record.id, set));
  if (!component || !sameId(org.userId, assignee))
    throw new ApiError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id');
  const [assigneeId, permissionSetId] = [org.userId, component.record.id];
  if (org.assignments.some((each) => each.permissionSetId === permissionSetId))
    throw new ApiError(
      'DUPLICATE_VALUE',
      `Duplicate PermissionSetAssignment. Assignee: ${assigneeId}; Permission Set: ${permissionSetId}`,
    );
  const id = recordId(PREFIX.permissionSetAssignment, assigneeId, permissionSetId, org.now().toISOString());
  org.assignments = [...org.assignments, { id, assigneeId, permissionSetId }];
  return id;
}

/** Deletes a record. Only assignments of permission sets can be deleted. */
export function deleteRecord(org: Org, name: string, id: string, api: Api): Promise<void> {
  const { table, row } = findRecord(org, name, id, api);
  assertWritable(table, 'DELETE', 'deletion');
  return runStep(org, 'update', () => {
    org.assignments = org.assignments.filter((assignment) => assignment.id !== row['Id']);
    logEvent(org, 'update', { object: table.name, deleted: id });
    org.save();
  });
}

/** Updates a channel, or the metadata of a chat deployment in the Tooling API. */
export function updateRecord(org: Org, name: string, id: string, body: unknown, api: Api): Promise<void> {
  const { table, row } = findRecord(org, name, id, api);
  return runStep(org, 'update', () => {
    const label = toText(row['DeveloperName']);
    if (table.name === 'EmbeddedServiceConfig') updateDeployment(org, row, body);
    else updateFields(org, table, label, asValues(body));
    org.save();
  });
}

function updateFields(org: Org, table: Table, name: string, body: RecordValues): void {
  const values = Object.fromEntries(Object.entries(body).map(([field, value]) => parseValue(table, field, value)));
  const channel = org.metadata.find('MessagingChannel', name);
  if (channel) updateChannel(org, channel, values);
  logEvent(org, 'update', { object: table.name, name, ...values });
}

/**
 * Replaces the metadata of a chat deployment. Elements that the body omits become empty. Changes of the site are rejected.
 * (Salesforce playbook service-helpagent-coordinate)
 */
function updateDeployment(org: Org, row: Row, body: unknown): void {
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
}

/** The new values of a channel's record. */
interface ChannelValues {
  readonly [field: string]: string | boolean;
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
  if (active === true) assertUsable(org, channel);
  if (typeof active === 'boolean') channel.record.active = active;
}

/** Whether a channel that can't verify users can be activated isn't documented. */
function assertUsable(org: Org, { name }: StoredComponent): void {
  const { verifiesUsers = false, authorizations = [] } = findChannel(org, name) ?? {};
  if (org.assumptions.unusableChannelActivation === 'rejected' && verifiesUsers && authorizations.length === 0)
    throw new ApiError('FIELD_INTEGRITY_EXCEPTION', 'The channel has no active user verification configuration');
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

/** Returns the exact name of a field that can be updated. */
function assertUpdatable(table: Table, name: string): string {
  const field = findField(table, name);
  if (!field) throw new ApiError('INVALID_FIELD', `No such column '${name}' on sobject of type ${table.name}`);
  if (UPDATABLE_FIELDS[table.name]?.includes(field)) return field;
  throw new ApiError(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${field}. Please check the security settings of this field and verify that it is ` +
      'read/write for your profile or permission set.',
  );
}
