import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { packagePath, readXml, writeManifest, writePackage, writeXml } from '../../../lib/metadata';
import { COMPONENT_TYPES, leaf, mapOf, parent } from '../../../lib/model';
import { anyElement } from './any-element';

const NAMESPACE = 'http://soap.sforce.com/2006/04/metadata';

test('reads back equal elements for any characters that XML allows', () => {
  fc.assert(
    fc.property(anyElement, (element) => {
      const { root, problem } = readXml(writeXml(element));
      assert.deepEqual(problem, undefined);
      assert.deepEqual(root, { ...element, attributes: { xmlns: NAMESPACE, ...element.attributes } });
    }),
    { numRuns: 500 },
  );
});

test('writes the same text after reading it back', () => {
  fc.assert(
    fc.property(anyElement, (element) => {
      const text = writeXml(element);
      assert.equal(writeXml(readXml(text).root ?? assert.fail()), text);
    }),
  );
});

test('writes a file in the layout of Salesforce', () => {
  const item = parent('queueSobject', [leaf('sobjectType', 'MessagingSession')]);
  const root = parent('Queue', [leaf('name', 'A "&" <B>'), leaf('description', ''), item]);
  assert.equal(
    writeXml(root),
    `<?xml version="1.0" encoding="UTF-8"?>
<Queue xmlns="${NAMESPACE}">
    <name>A "&amp;" &lt;B&gt;</name>
    <description/>
    <queueSobject>
        <sobjectType>MessagingSession</sobjectType>
    </queueSobject>
</Queue>
`,
  );
});

test('a manifest lists the members of each type and omits empty types', () => {
  const text = writeManifest(
    new Map([
      ['Queue', ['A', 'B&C']],
      ['Flow', []],
    ]),
    '67.0',
  );
  assert.equal(
    text,
    `<?xml version="1.0" encoding="UTF-8"?>
<Package xmlns="${NAMESPACE}">
    <types>
        <members>A</members>
        <members>B&amp;C</members>
        <name>Queue</name>
    </types>
    <version>67.0</version>
</Package>
`,
  );
});

test('a package contains a manifest and one file per component, named as the CLI expects', () => {
  const components = COMPONENT_TYPES.map((type) => ({ type, fullName: 'Name', root: parent(type, []) }));
  const files = writePackage(mapOf(components), '67.0');
  assert.deepEqual([...files.keys()], ['package.xml', ...components.map(packagePath)]);
  assert.equal(
    packagePath({ type: 'PublicKeyCertificateSet', fullName: 'A' }),
    'PublicKeyCertificateSet/A.PublicKeyCertificateSet',
  );
  assert.equal(packagePath({ type: 'PermissionSet', fullName: 'A' }), 'permissionsets/A.permissionset');
  const manifest = readXml(String(files.get('package.xml'))).root ?? assert.fail();
  const types = manifest.children.filter(({ name }) => name === 'types').map(({ children }) => children.at(-1)?.text);
  assert.deepEqual(types, COMPONENT_TYPES);
});
