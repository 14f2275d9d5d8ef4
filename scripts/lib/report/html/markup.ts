import { escapeMarkup } from '../escape';

/** Markup that is safe to put into a page. Text becomes it only by being escaped. */
export interface Markup {
  readonly markup: string;
}

export type MarkupPart = string | number | Markup | readonly MarkupPart[];

/** Markup from a template; every text in it is escaped, so that no value can become an element or leave an attribute. */
export const html = (parts: TemplateStringsArray, ...values: readonly MarkupPart[]): Markup => ({
  markup: parts.map((part, index) => `${part}${index < values.length ? renderPart(values[index] ?? '') : ''}`).join(''),
});

function renderPart(part: MarkupPart): string {
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return escapeMarkup(part);
  return 'markup' in part ? part.markup : part.map(renderPart).join('');
}

export const EMPTY: Markup = { markup: '' };

/** A name or an address that may be broken behind its marks rather than inside its words. */
export const withLineBreaks = (name: string): Markup => ({
  markup: name
    .split(/(?<=[_/.:@-])(?![_/.:@-])/)
    .map(escapeMarkup)
    .join('<wbr>'),
});
