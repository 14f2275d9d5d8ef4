import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as model from '../../../lib/model';
import { leaf, parent } from '../../../lib/model';

const ROOT = parent('Root', [leaf('a', ' 1 '), parent('b', [leaf('c', 'true'), leaf('c', 'false')]), leaf('d', ' ')]);

test('elementAt follows a dotted path to the first element of each name', () => {
  assert.deepEqual(model.elementAt(ROOT, 'b.c'), leaf('c', 'true'));
  assert.equal(model.elementAt(ROOT, 'b.x'), undefined);
  assert.equal(model.elementAt(ROOT, 'x.c'), undefined);
});

test('childrenOf returns the children of one name in their order', () => {
  const [, b] = ROOT.children;
  assert.deepEqual(model.childrenOf(b ?? assert.fail(), 'c'), [leaf('c', 'true'), leaf('c', 'false')]);
  assert.deepEqual(model.childrenOf(ROOT, 'c'), []);
});

test('textAt trims the text and returns undefined for a blank or absent element', () => {
  assert.deepEqual(
    ['a', 'b.c', 'd', 'x'].map((path) => model.textAt(ROOT, path)),
    ['1', 'true', undefined, undefined],
  );
});

test('isTrue accepts only the two spellings of XML Schema', () => {
  assert.deepEqual(['true', '1', 'false', '0', 'TRUE', '', undefined].filter(model.isTrue), ['true', '1']);
  assert.equal(model.isTrueAt(ROOT, 'b.c'), true);
  assert.equal(model.isTrueAt(ROOT, 'x'), false);
});

test('leaf and parent keep an origin and add none', () => {
  const origin = { file: 'a.xml', line: 3 };
  assert.deepEqual(leaf('a', 'b', origin), { name: 'a', attributes: {}, text: 'b', children: [], origin });
  assert.deepEqual(parent('a', [], origin), { name: 'a', attributes: {}, text: '', children: [], origin });
  assert.ok(!('origin' in leaf('a', 'b')) && !('origin' in parent('a', [])));
});

test('isDeveloperName accepts only letters, digits and underscores after a letter', () => {
  const names = ['Web_Chat', 'ns__Name', 'a1', '', '1a', '_a', 'a-b', 'a b', 'a/b', "a'", 'a\n', ' a'];
  assert.deepEqual(names.filter(model.isDeveloperName), ['Web_Chat', 'ns__Name', 'a1']);
});

test('isComponentType accepts only the nine types of the project', () => {
  assert.equal(model.COMPONENT_TYPES.length, 9);
  assert.deepEqual(['Queue', 'PermissionSet', 'Flow', 'queue', ''].filter(model.isComponentType), [
    'Queue',
    'PermissionSet',
  ]);
});

test('componentsOf returns the components of one type in the order of the map', () => {
  const of = (type: model.ComponentType, fullName: string): model.Component => ({
    type,
    fullName,
    root: parent(type, []),
  });
  const components = model.mapOf([of('Queue', 'B'), of('PermissionSet', 'P'), of('Queue', 'A')]);
  assert.deepEqual([...components.keys()], ['Queue:B', 'PermissionSet:P', 'Queue:A']);
  assert.deepEqual(
    model.componentsOf(components, 'Queue').map(({ fullName }) => fullName),
    ['B', 'A'],
  );
});
