/** Thrown for text that isn't well-formed XML. */
export class MalformedXml extends Error {
  readonly line: number;
  readonly column: number;

  constructor(reason: string, line: number, column: number) {
    super(reason);
    this.name = 'MalformedXml';
    this.line = line;
    this.column = column;
  }
}

// The constructs in which & and > are literal. One without an end extends to the end of the text, which keeps the time linear.
const VERBATIM = /<!\[CDATA\[(?:[^]*?\]\]>|[^]*)|<!--(?:[^]*?-->|[^]*)|<\?(?:[^]*?\?>|[^]*)/g;

const STRAY_PATTERNS = [
  {
    pattern: /&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[\dA-Fa-f]+);)/,
    reason: "The entity name must immediately follow the '&' in the entity reference.",
  },
  { pattern: /\]\]>/, reason: 'The character sequence "]]>" must not appear in content.' },
  // eslint-disable-next-line no-control-regex -- XML 1.0 doesn't allow these characters
  { pattern: /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/, reason: 'An invalid XML character was found.' },
];

/** Rejects text that XML 1.0 doesn't allow but the XML parser accepts: a bare ampersand, ]]> in text, control characters. */
export function assertNoStrayCharacters(text: string): void {
  const plain = text.replace(VERBATIM, (verbatim) => verbatim.replace(/[^\n]/g, ' '));
  for (const { pattern, reason } of STRAY_PATTERNS) {
    const index = plain.search(pattern);
    if (index >= 0) throw new MalformedXml(reason, ...lineAndColumn(text, index));
  }
}

function lineAndColumn(text: string, index: number): [line: number, column: number] {
  const before = text.slice(0, index).split('\n');
  return [before.length, (before.at(-1)?.length ?? 0) + 1];
}
