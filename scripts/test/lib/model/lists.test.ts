import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKeyedList, isValueSet, naturalKey, type Element } from '../../../lib/model';
import { childType, elementsOf, type Tables } from '../../../lib/metadata';
import generated from '../../../lib/metadata/type-tables.generated.json';

/** Lists whose items nothing tells apart: what the source states is added where it is missing, and nothing goes. */
const ONLY_GROW: Readonly<Record<string, string>> = {
  embeddedServiceCustomizations: 'older chat; no element names a customization',
  embeddedServiceResources: 'older chat',
  embeddedServiceFlows: 'older chat',
  embeddedServiceLayouts: 'older chat',
  embeddedServiceLayoutRules: 'older chat',
  embdMsgChannelInvitationConditions: 'conditions may repeat',
  agentAccesses: 'no permission set of ours has any',
  customSettingAccesses: 'no permission set of ours has any',
  emailRoutingAddressAccesses: 'no permission set of ours has any',
  externalCredentialPrincipalAccesses: 'no permission set of ours has any',
  externalDataSourceAccesses: 'no permission set of ours has any',
  genComputingSummaryDefAccesses: 'no permission set of ours has any',
  servicePresenceStatusAccesses: 'no permission set of ours has any',
  publicGroup: 'members of a queue belong to the org',
  role: 'members of a queue belong to the org',
  roleAndSubordinate: 'members of a queue belong to the org',
  roleAndSubordinateInternal: 'members of a queue belong to the org',
  user: 'members of a queue belong to the org',
  skills: 'skills of a routing configuration belong to the org',
};

const tables = Object.entries((generated as Tables).types);
const lists = tables.flatMap(([type, table]) =>
  Object.entries(table).flatMap(([name, row]) => (row.list ? [{ type, name }] : [])),
);

const leaf = (name: string): Element => ({ name, attributes: {}, text: name, children: [] });

test('every list of the Metadata API is merged by a key, as a set, or only grows', () => {
  const unclassified = lists.filter(({ name }) => !isKeyedList(name) && !isValueSet(name) && !(name in ONLY_GROW));
  assert.deepEqual(unclassified, []);
  const twice = Object.keys(ONLY_GROW).filter((name) => isKeyedList(name) || isValueSet(name));
  assert.deepEqual(twice, []);
  const gone = Object.keys(ONLY_GROW).filter((name) => !lists.some((list) => list.name === name));
  assert.deepEqual(gone, []);
});

test('the key of every list is made of elements that its items have', () => {
  for (const { type, name } of lists.filter((list) => isKeyedList(list.name))) {
    const elements = Object.keys(elementsOf(childType(type, name) ?? '') ?? {});
    const item = { ...leaf(name), text: '', children: elements.map(leaf) };
    const parts = naturalKey(item).split(',');
    assert.ok(
      parts.every((part) => elements.includes(part)),
      `${type}.${name}: "${parts.join()}"`,
    );
  }
});
