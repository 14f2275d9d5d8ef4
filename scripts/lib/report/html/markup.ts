import { escapeMarkup } from '../escape';

/** Markup that is safe on a page. Text becomes markup only by escaping. */
export interface Markup {
  readonly markup: string;
}

export type MarkupPart = string | number | Markup | readonly MarkupPart[];

/** Markup from a template. Every text in it is escaped, so that no value becomes an element or ends an attribute. */
export const html = (parts: TemplateStringsArray, ...values: readonly MarkupPart[]): Markup => ({
  markup: parts.map((part, index) => `${part}${index < values.length ? renderPart(values[index] ?? '') : ''}`).join(''),
});

function renderPart(part: MarkupPart): string {
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escapeMarkup(part);
  return 'markup' in part ? part.markup : part.map(renderPart).join('');
}

export const EMPTY: Markup = { markup: '' };

/** A name or a URL that may break after its punctuation, not inside its words. */
export const withLineBreaks = (name: string): Markup => ({
  markup: name
    .split(/(?<=[_/.:@-])(?![_/.:@-])/)
    .map(escapeMarkup)
    .join('<wbr>'),
});
