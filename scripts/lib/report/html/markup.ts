import { escaped } from '../visible';

/** Markup that is safe to put into a page. Text becomes it only by being escaped. */
export interface Markup {
  readonly markup: string;
}

export type Piece = string | number | Markup | readonly Piece[];

/** Markup from a template; every text in it is escaped, so that no value can become an element or leave an attribute. */
export const html = (parts: TemplateStringsArray, ...pieces: readonly Piece[]): Markup => ({
  markup: parts.map((part, index) => `${part}${index < pieces.length ? written(pieces[index] ?? '') : ''}`).join(''),
});

function written(piece: Piece): string {
  if (typeof piece === 'number') return String(piece);
  if (typeof piece === 'string') return escaped(piece);
  return 'markup' in piece ? piece.markup : piece.map(written).join('');
}

export const NOTHING: Markup = { markup: '' };

/** A name or an address that may be broken behind its marks rather than inside its words. */
export const breakable = (name: string): Markup => ({
  markup: name
    .split(/(?<=[_/.:@-])(?![_/.:@-])/)
    .map(escaped)
    .join('<wbr>'),
});
