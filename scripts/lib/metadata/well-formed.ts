/** The reason why a text isn't metadata, with its 1-based line. */
export interface XmlProblem {
  readonly line: number;
  readonly message: string;
}

/** Characters that XML 1.0 does not allow. */
// eslint-disable-next-line no-control-regex -- the pattern finds control characters
const FORBIDDEN_CHARACTERS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u;

/**
 * Sections without references (CDATA, comments, processing instructions), document types, references, and forbidden
 * characters. An unclosed section extends to the end of the text, which keeps the time linear.
 */
const TOKENS =
  // eslint-disable-next-line no-control-regex -- the pattern finds control characters
  /<!\[CDATA\[(?:[^]*?\]\]>|[^]*)|<!--(?:[^]*?-->|[^]*)|<\?(?:[^]*?\?>|[^]*)|<!DOCTYPE|&[^;&<>\s]*;?|[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/gi;

const PREDEFINED_ENTITIES: ReadonlySet<string> = new Set(['&amp;', '&lt;', '&gt;', '&quot;', '&apos;']);

/**
 * Finds the first XML violation that the parser accepts: a forbidden character, a reference to an unknown character or
 * entity, or a bare ampersand. A document type is always a problem, because it can define entities and load other files.
 */
export function findXmlProblem(text: string): XmlProblem | undefined {
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    const message = problemOf(token);
    if (message) return { line: text.slice(0, index).split('\n').length, message };
  }
  return undefined;
}

function problemOf(token: string): string | undefined {
  if (/^<!DOCTYPE/i.test(token)) return 'A DOCTYPE is not allowed in metadata.';
  if (token.startsWith('&')) return isReference(token) ? undefined : referenceProblem(token);
  return FORBIDDEN_CHARACTERS.test(token) ? "The text contains a control character. XML doesn't allow it." : undefined;
}

const referenceProblem = (token: string): string =>
  token.endsWith(';')
    ? `${token} is an unknown XML reference.`
    : 'The text contains a bare ampersand. Write it as &amp;.';

function isReference(token: string): boolean {
  if (PREDEFINED_ENTITIES.has(token)) return true;
  const [, hexadecimal, decimal] = /^&#(?:x([0-9a-f]{1,8})|([0-9]{1,9}));$/i.exec(token) ?? [];
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  return code <= 0x10ffff && code > 0 && !FORBIDDEN_CHARACTERS.test(String.fromCodePoint(code));
}
