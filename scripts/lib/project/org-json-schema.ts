import { z } from 'zod';
import { COMPONENT_TYPES } from '../model';
import { elementsOf, type ElementRow } from '../metadata';
import { DEFAULTS_FILE, OWN_FIELDS } from './org-defaults';
import { orgFileSchema } from './org-file-schema';

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of an org file, with the elements of every metadata type under `overrides`, so that editors complete
 * them. `npm run generate` writes it to config/org.schema.json.
 */
export function orgJsonSchema(): JsonSchema {
  const baseSchema = z.toJSONSchema(orgFileSchema, { io: 'input', unrepresentable: 'any' }) as {
    properties: Record<string, JsonSchema>;
  };
  const overrides = { ...baseSchema.properties['overrides'], ...overridesByType() };
  return {
    ...baseSchema,
    title: 'Org file',
    description: `Settings of one org. ${DEFAULTS_FILE} can contain the settings that several orgs share.`,
    // The shared values can contain the others.
    required: ['orgId'],
    properties: { ...baseSchema.properties, overrides },
    $defs: definitions(),
  };
}

/**
 * The JSON Schema of the shared values: every field of an org file that orgs can share, and none is required. `npm run generate` writes
 * it to config/org-defaults.schema.json, next to the schema that it refers to.
 */
export const defaultsJsonSchema = (): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Shared values of org files',
  type: 'object',
  properties: Object.fromEntries(
    Object.keys(orgFileSchema.shape)
      .filter((name) => !OWN_FIELDS.some((field) => field === name))
      .map((name) => [name, { $ref: `org.schema.json#/properties/${name}` }]),
  ),
  additionalProperties: false,
});

const overridesByType = (): JsonSchema => ({
  properties: Object.fromEntries(
    COMPONENT_TYPES.map((type) => [type, { type: 'object', additionalProperties: reference(type) }]),
  ),
  additionalProperties: false,
});

const reference = (type: string): JsonSchema => ({ $ref: `#/$defs/${type}` });

/** One definition for each metadata type and each complex type below it. */
function definitions(): JsonSchema {
  const schemas = new Map<string, JsonSchema>();
  const addType = (type: string): void => {
    if (schemas.has(type)) return;
    const table = elementsOf(type) ?? {};
    schemas.set(type, {});
    const properties = Object.fromEntries(
      Object.entries(table)
        .filter(([name]) => name !== 'fullName')
        .map(([name, row]) => [name, propertySchema(row)]),
    );
    schemas.set(type, { type: 'object', properties, additionalProperties: false });
    Object.values(table).forEach((row) => row.of && addType(row.of));
  };
  COMPONENT_TYPES.forEach(addType);
  return Object.fromEntries([...schemas].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function propertySchema(row: ElementRow): JsonSchema {
  const item = row.of ? reference(row.of) : row.values ? { enum: row.values } : { type: row.type };
  return { anyOf: [row.list ? { type: 'array', items: item } : item, { type: 'null' }] };
}
