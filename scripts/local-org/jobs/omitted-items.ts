/** The lists whose omitted items Salesforce may keep: their block, and the element that identifies an item. */
const LISTS = [
  ['messagingAuthorizations', 'authIdentifier'],
  ['publicKeyCertificateSetKeys', 'publicKeyCertificate'],
] as const;

/**
 * The file of a component after a deploy, if Salesforce keeps the list items that the deployed file omits. Whether it keeps or
 * removes them isn't documented.
 */
export const withOmittedItems = (before: string, deployed: string): string =>
  LISTS.reduce((text, [list, id]) => appendItems(text, list, omittedItems(before, text, list, id)), deployed);

function omittedItems(before: string, after: string, list: string, id: string): readonly string[] {
  const idOf = (block: string): string => new RegExp(`<${id}>([^<]*)<`).exec(block)?.[1]?.trim() ?? '';
  const kept = new Set(blocksOf(after, list).map(idOf));
  return blocksOf(before, list).filter((block) => !kept.has(idOf(block)));
}

const blocksOf = (text: string, list: string): readonly string[] =>
  text.match(new RegExp(`<${list}>[^]*?</${list}>`, 'g')) ?? [];

/** Appends items after the last one of the list, or as its first items. */
function appendItems(text: string, list: string, items: readonly string[]): string {
  if (items.length === 0) return text;
  const end = text.lastIndexOf(`</${list}>`);
  const parent = list === 'messagingAuthorizations' ? '</embeddedConfig>' : '</PublicKeyCertificateSet>';
  const at = end < 0 ? text.lastIndexOf(parent) : end + `</${list}>`.length;
  return at < 0 ? text : `${text.slice(0, at)}${items.join('')}${text.slice(at)}`;
}

/** The file of a component after a deploy, if Salesforce keeps the texts that the deployed file omits at its top level. */
export function withOmittedElements(before: string, deployed: string): string {
  const omitted = [...before.matchAll(/^ {4}<(\w+)>[^<]*<\/\1>$/gm)].filter(
    ([, name]) => !deployed.includes(`\n    <${name ?? ''}>`),
  );
  const end = deployed.lastIndexOf('</');
  return `${deployed.slice(0, end)}${omitted.map(([line]) => `${line}\n`).join('')}${deployed.slice(end)}`;
}
