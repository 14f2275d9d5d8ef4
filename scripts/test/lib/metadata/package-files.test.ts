import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { overlay, parsePackageFiles, writePackage, type PackageFiles } from '../../../lib/metadata';
import { keyOf, mapOf, type Component } from '../../../lib/model';
import { diffComponents } from '../../../lib/plan';
import { readSource } from '../../../lib/project';

const SITE = readSource(join(__dirname, '../../../..')).memberSite;

const bytesOf = (files: PackageFiles): ReadonlyMap<string, Buffer> =>
  new Map([...files].map(([path, content]) => [path, Buffer.from(content as string)]));

const parse = (files: PackageFiles): readonly Component[] =>
  parsePackageFiles(bytesOf(files)).map(({ component }) => component ?? assert.fail('a file was not parsed'));

/** The differences between a component in an org and in source, as a plan shows them. */
const differences = (live: Component, source: Component): readonly string[] =>
  diffComponents(mapOf([live]), mapOf([{ ...source, root: overlay(live.root, source.root) }])).map(({ path }) => path);

test('a package contains every file of the member site, and is read back as the same components', () => {
  const files = writePackage(SITE, '67.0');
  assert.deepEqual(
    [...files.keys()].filter((path) => /customerIdentity\/|labels|Base64Url\.|__mdt|customMetadata/.test(path)).sort(),
    [
      'classes/Base64Url.cls',
      'classes/Base64Url.cls-meta.xml',
      'customMetadata/Customer_Identity_Setting.Default.md',
      'labels/CustomLabels.labels',
      ...[...SITE.keys()]
        .filter((key) => key.startsWith('Layout:'))
        .map((key) => `layouts/${key.slice('Layout:'.length)}.layout`),
      ...[
        'attempts.js',
        'customerIdentity.html',
        'customerIdentity.js',
        'customerIdentity.js-meta.xml',
        'events.js',
      ].map((name) => `lwc/customerIdentity/${name}`),
      'objects/Customer_Identity_Setting__mdt.object',
    ],
  );
  const live = mapOf(parse(files));
  assert.deepEqual([...live.keys()].sort(), [...SITE.keys()].sort());
  const changed = [...SITE.values()].flatMap((source) => differences(live.get(keyOf(source)) ?? assert.fail(), source));
  assert.deepEqual(changed, []);
});

test('a layout has one name, whether the org returns it with spaces or encoded', () => {
  const names = ['layouts/A__mdt-A B Layout.layout', 'layouts/A__mdt-A%20B%20Layout.layout'].map(
    (path) => parsePackageFiles(new Map([[path, Buffer.from('<Layout/>')]]))[0]?.component?.fullName,
  );
  assert.deepEqual(names, ['A__mdt-A%20B%20Layout', 'A__mdt-A%20B%20Layout']);
});

test('labels and fields are deployed and deleted one by one, but not with their object', () => {
  const label = [...SITE.keys()].find((key) => key.startsWith('CustomLabel:')) ?? assert.fail();
  const field = 'CustomField:Customer_Identity_Setting__mdt.Issuer__c';
  const manifest = (deleted: readonly (typeof label)[]): string =>
    String(writePackage(new Map(), '67.0', deleted).get('destructiveChangesPost.xml'));
  assert.match(
    manifest([label, field]),
    /<members>Customer_Identity_Setting__mdt\.Issuer__c<\/members>\s*<name>CustomField</,
  );
  const all = manifest([
    field,
    'CustomObject:Customer_Identity_Setting__mdt',
    'CustomMetadata:Customer_Identity_Setting.Default',
  ]);
  assert.doesNotMatch(all, /CustomField|CustomMetadata/);
  const one = writePackage(mapOf([SITE.get(label) ?? assert.fail()]), '67.0');
  assert.match(String(one.get('package.xml')), /<name>CustomLabel</);
  assert.equal([...String(one.get('labels/CustomLabels.labels')).matchAll(/<labels>/g)].length, 1);
});

const META = '<ApexClass xmlns="http://soap.sforce.com/2006/04/metadata"><status>Active</status></ApexClass>';
const classWith = (content: Buffer): Component =>
  parsePackageFiles(
    new Map([
      ['classes/A.cls', content],
      ['classes/A.cls-meta.xml', Buffer.from(META)],
    ]),
  )[0]?.component ?? assert.fail();

test('content of any bytes is written as it was read, except for line endings', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      ),
      (bytes) => {
        const content = Buffer.from(bytes);
        const written = writePackage(mapOf([classWith(content)]), '67.0').get('classes/A.cls') ?? '';
        const isText = typeof written === 'string';
        const expected = isText ? Buffer.from(content.toString().replace(/\r\n?/g, '\n')) : content;
        assert.ok(Buffer.from(written as string).equals(expected));
      },
    ),
  );
});

test('line endings and surrounding blank lines are no difference; any other character is', () => {
  const live = classWith(Buffer.from('class A {\r\n  // one\r\n}\r\n'));
  assert.deepEqual(differences(live, classWith(Buffer.from('class A {\n  // one\n}'))), []);
  assert.deepEqual(differences(live, classWith(Buffer.from('class A {\n  // two\n}\n'))), ['files[A.cls].content']);
});

test('a file that source removed from a bundle is a difference', () => {
  const bundle = (...names: readonly string[]): Component =>
    parsePackageFiles(
      new Map([
        ['lwc/a/a.js-meta.xml', Buffer.from('<LightningComponentBundle/>')],
        ...names.map((name): [string, Buffer] => [`lwc/a/${name}`, Buffer.from(name)]),
      ]),
    )[0]?.component ?? assert.fail();
  assert.deepEqual(differences(bundle('a.js', 'old.js'), bundle('a.js')), ['files[old.js]']);
  assert.deepEqual(differences(bundle('a.js'), bundle('a.js', 'new.js')), ['files[new.js]']);
});
