/**
 * Controls, blanks without width (an issuer with one is another issuer), marks that turn the direction of writing (what is
 * shown would not be what is written), whatever else fonts leave out (Unicode's Default_Ignorable_Code_Point, with letters
 * that only programs read), and what XML 1.0 cannot hold; tab, line feed and carriage return are left.
 * https://www.w3.org/TR/xml/#charsets, https://trojansource.codes, https://www.unicode.org/reports/tr44/
 */
const INVISIBLE =
  // eslint-disable-next-line no-control-regex -- replacing control characters is what it is for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028\u2029\u2800\uFFF9-\uFFFB\uFFFE\uFFFF\p{Default_Ignorable_Code_Point}]/gu;

/** Text of which everything can be seen: each unseen character, and each half of one, becomes a dot. */
export const escapeInvisible = (text: string): string =>
  text.replace(/\p{Surrogate}/gu, '\u00B7').replace(INVISIBLE, '\u00B7');

/** JSON that says the same, with each unseen character written as an escape: they are only ever inside its texts. */
export const escapeInvisibleJson = (json: string): string =>
  json.replace(INVISIBLE, (unseen) =>
    [...Array(unseen.length).keys()].map((at) => unicodeEscape(unseen.charCodeAt(at))).join(''),
  );

const unicodeEscape = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML and XML show it, in elements and attributes alike. */
export const escapeMarkup = (text: string): string =>
  escapeInvisible(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
