import { z } from 'zod';
import { COMPONENT_TYPES } from '../model';
import { elementsOf, type ElementRow } from '../wsdl';
import { orgFile } from './org-file';

type Schema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of an org file, with the elements of every metadata type under `overrides`, so that editors complete
 * them. `npm run generate` writes it to config/org.schema.json.
 */
export function orgSchema(): Schema {
  const shape = z.toJSONSchema(orgFile, { io: 'input', unrepresentable: 'any' }) as {
    properties: Record<string, Schema>;
  };
  const overrides = { ...shape.properties['overrides'], ...perType() };
  return {
    ...shape,
    title: 'An org of the fleet',
    properties: { ...shape.properties, overrides },
    $defs: definitions(),
  };
}

const perType = (): Schema => ({
  properties: Object.fromEntries(
    COMPONENT_TYPES.map((type) => [type, { type: 'object', additionalProperties: reference(type) }]),
  ),
  additionalProperties: false,
});

const reference = (type: string): Schema => ({ $ref: `#/$defs/${type}` });

/** One definition for each metadata type and each complex type below it. */
function definitions(): Schema {
  const found = new Map<string, Schema>();
  const add = (type: string): void => {
    if (found.has(type)) return;
    const table = elementsOf(type) ?? {};
    found.set(type, {});
    const properties = Object.fromEntries(
      Object.entries(table)
        .filter(([name]) => name !== 'fullName')
        .map(([name, row]) => [name, property(row)]),
    );
    found.set(type, { type: 'object', properties, additionalProperties: false });
    Object.values(table).forEach((row) => row.of && add(row.of));
  };
  COMPONENT_TYPES.forEach(add);
  return Object.fromEntries([...found].sort(([one], [other]) => (one < other ? -1 : 1)));
}

function property(row: ElementRow): Schema {
  const item = row.of ? reference(row.of) : row.values ? { enum: row.values } : { type: row.type };
  return { anyOf: [row.list ? { type: 'array', items: item } : item, { type: 'null' }] };
}
