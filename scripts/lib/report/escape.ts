/**
 * Characters that are replaced: control characters; zero-width characters (an issuer with one is a different issuer); marks
 * that change the writing direction; other characters that fonts don't show (Default_Ignorable_Code_Point); and characters
 * that XML 1.0 doesn't allow. Tab, line feed and carriage return are kept.
 * https://www.w3.org/TR/xml/#charsets, https://trojansource.codes, https://www.unicode.org/reports/tr44/
 */
const INVISIBLE =
  // eslint-disable-next-line no-control-regex -- control characters are what it matches
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u2028\u2029\u2800\uFFF9-\uFFFB\uFFFE\uFFFF\p{Default_Ignorable_Code_Point}]/gu;

/** Replaces each invisible character and each unpaired surrogate with a dot. */
export const escapeInvisible = (text: string): string =>
  text.replace(/\p{Surrogate}/gu, '\u00B7').replace(INVISIBLE, '\u00B7');

/** Equivalent JSON with each invisible character as a `\\u` escape; JSON has them only inside strings. */
export const escapeInvisibleJson = (json: string): string =>
  json.replace(INVISIBLE, (invisible) =>
    [...Array(invisible.length).keys()].map((at) => unicodeEscape(invisible.charCodeAt(at))).join(''),
  );

const unicodeEscape = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or a quoted attribute of HTML or XML. */
export const escapeMarkup = (text: string): string =>
  escapeInvisible(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
