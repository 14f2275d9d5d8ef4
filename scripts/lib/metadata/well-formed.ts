/** Why a text is no metadata, and on which line. */
export interface XmlProblem {
  readonly line: number;
  readonly message: string;
}

/** Characters that XML 1.0 does not allow. */
// eslint-disable-next-line no-control-regex -- finding control characters is what it is for
const FORBIDDEN_CHARACTERS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/u;

/**
 * What is looked at: passages in which references mean nothing, document types, references, and single characters. A passage
 * without an end goes to the end of the text, so that many of them do not take the square of their number in time.
 */
const TOKENS =
  // eslint-disable-next-line no-control-regex -- finding control characters is what it is for
  /<!\[CDATA\[(?:[^]*?\]\]>|[^]*)|<!--(?:[^]*?-->|[^]*)|<\?(?:[^]*?\?>|[^]*)|<!DOCTYPE|&[^;&<>\s]*;?|[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/gi;

const PREDEFINED_ENTITIES: ReadonlySet<string> = new Set(['&amp;', '&lt;', '&gt;', '&quot;', '&apos;']);

/**
 * The first thing in a text that the XML parser would let through although XML does not allow it: characters, references
 * to characters or entities that do not exist, a bare ampersand. Document types are refused altogether, because they can
 * make entities and ask for other files.
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
  return FORBIDDEN_CHARACTERS.test(token) ? 'There is a control character, which XML does not allow.' : undefined;
}

const referenceProblem = (token: string): string =>
  token.endsWith(';') ? `${token} stands for nothing that XML knows.` : 'There is a bare ampersand; write it as &amp;.';

function isReference(token: string): boolean {
  if (PREDEFINED_ENTITIES.has(token)) return true;
  const [, hexadecimal, decimal] = /^&#(?:x([0-9a-f]{1,8})|([0-9]{1,9}));$/i.exec(token) ?? [];
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  return code <= 0x10ffff && code > 0 && !FORBIDDEN_CHARACTERS.test(String.fromCodePoint(code));
}
