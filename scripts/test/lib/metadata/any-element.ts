import fc from 'fast-check';
import type { Element } from '../../../lib/model';

/** Characters that XML 1.0 allows (section 2.2); those that need escaping or normalization are more frequent. */
const character = fc.oneof(
  fc.constantFrom(...'&<>"\'\r\n\t ]', '\u0085', '\u2028', '\u00A0', '\uFEFF', '\u007F', '\uFFFD', '\u{10FFFF}'),
  fc.integer({ min: 0x20, max: 0xd7ff }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0xe000, max: 0xfffd }).map((code) => String.fromCodePoint(code)),
  fc.integer({ min: 0x10000, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
);

/** Any text that an element can contain. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.array(character, { maxLength: 12 }).map((characters) => characters.join('')),
  fc.constantFrom('', ' ', '\n', '\r\n', ']]>', '<![CDATA[x]]>', '&amp;', '&#13;', '<!-- x -->', ' a ', '\ta\n'),
);

const name = fc.oneof(
  fc.constantFrom('constructor', '__proto__', 'toString', 'authMode', 'type', 'x-y.z'),
  fc.stringMatching(/^[A-Za-z_][\w.-]{0,8}$/),
);
const attributes = fc.dictionary(
  fc.stringMatching(/^[a-w][\w.-]{0,5}$/).filter((each) => !/^xml/i.test(each)),
  anyText,
  { maxKeys: 2, noNullPrototype: true },
);

const { element } = fc.letrec<{ element: Element }>((tie) => ({
  element: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ name, attributes, text: anyText, children: fc.constant([]) }, { noNullPrototype: true }),
    fc.record(
      { name, attributes, text: fc.constant(''), children: fc.array(tie('element'), { maxLength: 4 }) },
      { noNullPrototype: true },
    ),
  ),
}));

/** Any element that is metadata: text or children, never both. */
export const anyElement: fc.Arbitrary<Element> = element;
