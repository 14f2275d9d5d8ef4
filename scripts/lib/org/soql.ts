/** A text in SOQL (SOQL and SOSL reference: quoted string escape sequences). */
export const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
