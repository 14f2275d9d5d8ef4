/**
 * Controls, marks that turn the direction of writing (what is shown would not be what is written), and what XML 1.0 cannot
 * hold; tab, line feed and carriage return are left. https://www.w3.org/TR/xml/#charsets, https://trojansource.codes
 */
const UNSEEN =
  // eslint-disable-next-line no-control-regex -- replacing control characters is what it is for
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]/g;

/** Text of which everything can be seen: each unseen character becomes a dot, half a character the mark for a lost one. */
export const visible = (text: string): string => text.replace(/\p{Surrogate}/gu, '\uFFFD').replace(UNSEEN, '\u00B7');
