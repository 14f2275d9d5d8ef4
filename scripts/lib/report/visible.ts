/**
 * Controls, blanks without width (an issuer with one is another issuer), marks that turn the direction of writing (what is shown would not be what is written), and what XML 1.0 cannot
 * hold; tab, line feed and carriage return are left. https://www.w3.org/TR/xml/#charsets, https://trojansource.codes
 */
const UNSEEN =
  // eslint-disable-next-line no-control-regex -- replacing control characters is what it is for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFFE\uFFFF]/g;

/** Text of which everything can be seen: each unseen character, and each half of one, becomes a dot. */
export const visible = (text: string): string => text.replace(/\p{Surrogate}/gu, '\u00B7').replace(UNSEEN, '\u00B7');

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML and XML show it, in elements and attributes alike. */
export const escaped = (text: string): string => visible(text).replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? '');
