import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { overlay, mergeOverride, readXml, removeAt, isSameValue, writeXml } from '../../../lib/metadata';
import { leaf, type Element } from '../../../lib/model';

const parseContent = (content: string): Element => readXml(`<T>${content}</T>`).root ?? assert.fail(content);

/** The content of an element without the layout between its elements. */
const content = (element: Element): string => {
  const [, inside = ''] = /<T [^>]*>\n([^]*)<\/T>/.exec(writeXml({ ...element, name: 'T' })) ?? [];
  return inside.replace(/(^|\n) +</g, '<').trimEnd();
};

/** The result of overlaying the live element with the declared one; `same` means the live element itself. */
const OVERLAY_CASES: readonly (readonly [claim: string, live: string, stated: string, result: string])[] = [
  [
    'replaces a live value with the declared one at its position',
    '<a>1</a><b>2</b><c>3</c>',
    '<b>4</b>',
    '<a>1</a><b>4</b><c>3</c>',
  ],
  ['a new element goes where the alphabet puts it', '<a>1</a><c>3</c>', '<b>2</b>', '<a>1</a><b>2</b><c>3</c>'],
  ['true and 1 are the same', '<x>1</x>', '<x>true</x>', 'same'],
  ['false and 0 are the same, and the live spelling stays', '<x>false</x>', '<x> 0 </x>', 'same'],
  ['1 and 60 are not the same', '<x>1</x>', '<x>60</x>', '<x>60</x>'],
  ['an isActive that is left out is false', '<a>1</a>', '<isActive>false</isActive>', 'same'],
  ['an enabled that is left out is false', '<a><b>1</b></a>', '<a><enabled>0</enabled></a>', 'same'],
  [
    'adds isActive true to an element without isActive',
    '<a>1</a>',
    '<isActive>true</isActive>',
    '<a>1</a><isActive>true</isActive>',
  ],
  [
    'adds false for a boolean without a default',
    '<a>1</a>',
    '<isDefault>false</isDefault>',
    '<a>1</a><isDefault>false</isDefault>',
  ],
  [
    'compares file types as a set, with any separator',
    '<allowedFileTypes>pdf;png</allowedFileTypes>',
    '<allowedFileTypes>png, pdf</allowedFileTypes>',
    'same',
  ],
  [
    'replaces file types if the source declares another one',
    '<allowedFileTypes>pdf</allowedFileTypes>',
    '<allowedFileTypes>pdf;png</allowedFileTypes>',
    '<allowedFileTypes>pdf;png</allowedFileTypes>',
  ],
  [
    'compares keywords as a set',
    '<keyword>a</keyword><keyword>b</keyword>',
    '<keyword>b</keyword><keyword>a</keyword>',
    'same',
  ],
  [
    'replaces all keywords',
    '<a>1</a><keyword>a</keyword><keyword>b</keyword><z>1</z>',
    '<keyword>c</keyword>',
    '<a>1</a><keyword>c</keyword><z>1</z>',
  ],
  [
    'does not count a duplicate keyword as two keywords',
    '<keyword>a</keyword><keyword>b</keyword>',
    '<keyword>a</keyword><keyword>a</keyword>',
    '<keyword>a</keyword><keyword>a</keyword>',
  ],
  [
    'distinguishes keywords with line breaks',
    '<keyword>a\nkeyword=b</keyword><keyword>c</keyword>',
    '<keyword>a</keyword><keyword>b\nkeyword=c</keyword>',
    '<keyword>a</keyword><keyword>b\nkeyword=c</keyword>',
  ],
  [
    'matches list items by key, not by position',
    '<customParameters><name>a</name><x>1</x></customParameters><customParameters><name>b</name><x>2</x></customParameters>',
    '<customParameters><name>b</name><x>3</x></customParameters>',
    '<customParameters><name>a</name><x>1</x></customParameters><customParameters><name>b</name><x>3</x></customParameters>',
  ],
  [
    'adds a new list item after the existing ones',
    '<standardParameters><parameterType>b</parameterType></standardParameters><z>1</z>',
    '<standardParameters><parameterType>a</parameterType></standardParameters>',
    '<standardParameters><parameterType>b</parameterType></standardParameters><standardParameters><parameterType>a</parameterType></standardParameters><z>1</z>',
  ],
  ['a stated element without content says nothing of what is below', '<a><b>1</b></a>', '<a/>', 'same'],
  ['a stated empty value empties a live one', '<description>x</description>', '<description/>', '<description/>'],
  ['elements take the place of an empty one', '<a/>', '<a><b>1</b></a>', '<a><b>1</b></a>'],
  ['attributes of the org stay', '<a k="v">1</a>', '<a>2</a>', '<a k="v">2</a>'],
  [
    'compares an issuer byte for byte, including a trailing space',
    '<jwtIssuer>https://a </jwtIssuer>',
    '<jwtIssuer>https://a</jwtIssuer>',
    '<jwtIssuer>https://a</jwtIssuer>',
  ],
];

for (const [claim, live, stated, result] of OVERLAY_CASES) {
  test(`overlay ${claim}`, () => {
    const before = parseContent(live);
    const merged = overlay(before, parseContent(stated));
    if (result === 'same') assert.equal(merged, before);
    else assert.equal(content(merged), result);
  });
}

test('overlay removes only xsi:nil from an element with a declared value', () => {
  const live: Element = { ...leaf('a', ''), attributes: { 'xsi:nil': 'true', k: 'v' } };
  const merged = overlay({ ...parseContent(''), children: [live] }, parseContent('<a>1</a>'));
  assert.deepEqual(merged.children[0]?.attributes, { k: 'v' });
});

const OVERRIDE_CASES: typeof OVERLAY_CASES = [
  [
    'replaces the whole list',
    '<customParameters><name>a</name></customParameters>',
    '<customParameters><name>b</name></customParameters>',
    '<customParameters><name>b</name></customParameters>',
  ],
  [
    'adds a false that the source omits',
    '<a>1</a>',
    '<isActive>false</isActive>',
    '<a>1</a><isActive>false</isActive>',
  ],
  [
    'keeps elements that it omits',
    '<a><b>1</b><c>2</c></a><d>3</d>',
    '<a><c>4</c></a>',
    '<a><b>1</b><c>4</c></a><d>3</d>',
  ],
];

for (const [claim, source, stated, result] of OVERRIDE_CASES) {
  test(`an override ${claim}`, () => {
    assert.equal(content(mergeOverride(parseContent(source), parseContent(stated))), result);
  });
}

test('removes an element inside another, and keeps those of the same name elsewhere', () => {
  const root = parseContent('<a><b>1</b><c><b>2</b></c></a><b>3</b><d/>');
  assert.equal(content(removeAt(root, 'a.b')), content(parseContent('<a><c><b>2</b></c></a><b>3</b><d/>')));
  assert.equal(content(removeAt(root, 'a.c.b')), content(parseContent('<a><b>1</b><c/></a><b>3</b><d/>')));
});

test('removes all elements at a path, and changes nothing if there are none', () => {
  const source = parseContent('<a><b>1</b><c>2</c></a><a><b>3</b></a><d>4</d>');
  assert.equal(content(removeAt(source, 'd')), '<a><b>1</b><c>2</c></a><a><b>3</b></a>');
  assert.equal(content(removeAt(source, 'a.b')), '<a><c>2</c></a><a/><d>4</d>');
  assert.equal(content(removeAt(source, 'a')), '<d>4</d>');
  assert.equal(removeAt(source, 'x.y'), source);
});

// XML Schema: 1 and 1.0 are one number, 1 and true are one boolean.
const SAME_VALUES: readonly (readonly [name: string, one: string, other: string, same: boolean])[] = [
  ['capacityWeight', '1', '1.0', true],
  ['capacityWeight', '01', ' 1 ', true],
  ['capacityWeight', '1', '2', false],
  ['capacityWeight', '', '0', false],
  ['capacityWeight', '0', '', false],
  ['description', '1', '1.0', false],
  ['description', 'true', 'yes', false],
  ['description', 'yes', 'true', false],
  ['description', ' a', 'a\n', true],
  ['jwtIssuer', ' a', 'a', false],
  ['isDefault', 'true', '0', false],
];

for (const [name, one, other, same] of SAME_VALUES)
  test(`${name} ${JSON.stringify(one)} and ${JSON.stringify(other)} ${same ? 'are the same' : 'differ'}`, () =>
    assert.equal(isSameValue(leaf(name, one), leaf(name, other)), same));

test('compares JWKs by their members, regardless of layout and order', () => {
  const jwk = (value: unknown, indent?: number): Element =>
    leaf('jsonWebKey', `\n${JSON.stringify(value, null, indent)} `);
  const member = fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.jsonValue(), {
    minKeys: 1,
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(member, (key) => {
      const turned = Object.fromEntries(Object.entries(key).reverse());
      assert.ok(isSameValue(jwk(key), jwk(turned, 2)));
      assert.ok(!isSameValue(jwk(key), jwk({ ...key, more: 1 })));
      const [first = ''] = Object.keys(key);
      assert.ok(!isSameValue(jwk(key), jwk({ ...key, [first]: [key[first]] })));
    }),
  );
});
