import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { defaultsJsonSchema, orgJsonSchema } from '../../../lib/project';
import { orgFileSchema } from '../../../lib/project/org-file-schema';
import { COMPONENT_TYPES } from '../../../lib/model';
import { elementsOf } from '../../../lib/metadata';

const CONFIG = join(__dirname, '../../../../config');
const jsonOf = (file: string): unknown => JSON.parse(readFileSync(join(CONFIG, file), 'utf8'));

interface Schema {
  readonly properties: Readonly<Record<string, Schema>>;
  readonly $defs: Readonly<Record<string, Schema>>;
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly type?: string;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | Schema;
}

const schema = orgJsonSchema() as unknown as Schema;

test('the committed schema matches the generated one', () => {
  assert.deepEqual(jsonOf('org.schema.json'), JSON.parse(JSON.stringify(schema)), 'run `npm run generate`');
});

test('the schema of shared values is the committed one, and its fields are fields of org files', () => {
  const defaults = defaultsJsonSchema() as unknown as Schema;
  assert.deepEqual(jsonOf('org-defaults.schema.json'), JSON.parse(JSON.stringify(defaults)), 'run `npm run generate`');
  const shared = Object.keys(schema.properties).filter((name) => name !== 'orgId' && name !== 'scrt2URL');
  assert.deepEqual(Object.keys(defaults.properties), shared);
});

test('the schema declares the fields of an org file, requires the org ID, and allows no others', () => {
  assert.deepEqual(Object.keys(schema.properties).sort(), Object.keys(orgFileSchema.shape).sort());
  assert.deepEqual([...(schema.required ?? [])].sort(), ['orgId']);
  assert.equal(schema.additionalProperties, false);
});

test('overrides contain the deployed types, each with its elements except the name', () => {
  const types = schema.properties['overrides'] ?? assert.fail();
  assert.deepEqual(Object.keys(types.properties), COMPONENT_TYPES);
  assert.equal(types.additionalProperties, false);
  for (const type of COMPONENT_TYPES) {
    const names = Object.keys(elementsOf(type) ?? {}).filter((name) => name !== 'fullName');
    assert.deepEqual(Object.keys(schema.$defs[type]?.properties ?? {}), names);
  }
});

/** All nested schemas of a schema. */
const nestedSchemas = (each: Schema): readonly Schema[] => [
  each,
  ...[...Object.values(each.properties ?? {}), ...Object.values(each.$defs ?? {}), ...(each.anyOf ?? [])].flatMap(
    nestedSchemas,
  ),
  ...(each.items ? nestedSchemas(each.items) : []),
  ...(each.additionalProperties ? nestedSchemas(each.additionalProperties) : []),
];

test('every reference has a definition', () => {
  const references = nestedSchemas(schema).flatMap(({ $ref }) => $ref ?? []);
  assert.ok(references.length > COMPONENT_TYPES.length);
  for (const $ref of references) assert.ok(schema.$defs[$ref.replace('#/$defs/', '')], $ref);
});

test('every element accepts null, and list elements accept arrays', () => {
  const channel = schema.$defs['MessagingChannel']?.properties ?? {};
  for (const element of Object.values(channel)) assert.ok(element.anyOf?.some(({ type }) => type === 'null'));
  assert.equal(channel['customParameters']?.anyOf?.[0]?.type, 'array');
  assert.equal(channel['embeddedConfig']?.anyOf?.[0]?.$ref, '#/$defs/EmbeddedMessagingChannel');
});

for (const name of readdirSync(join(CONFIG, 'orgs'))) {
  test(`the org file ${name} matches the schema`, () => {
    const org = jsonOf(`orgs/${name}`) as Record<string, object>;
    assert.ok(orgFileSchema.safeParse(org).success);
    assert.equal(org['$schema'], '../org.schema.json');
    for (const [type, components] of Object.entries(org['overrides'] ?? {})) {
      const elements = Object.values(components as Record<string, object>).flatMap((each) => Object.keys(each));
      for (const element of elements) assert.ok(schema.$defs[type]?.properties[element], `${type}.${element}`);
    }
  });
}
