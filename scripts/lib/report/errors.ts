import { commandsIn, joinNames, parseCommandText, type ErrorDetails, type OrgResult } from '../model';
import { escapeControls, styled, wrap, type TextLayout } from './text-layout';

/** An error in three sentences: what happened, why, and the fix. */
export const formatError = (layout: TextLayout, { code, what, why, fix }: ErrorDetails, indent = ''): string =>
  [
    wrap(layout, `${indent}  `, `${styled(layout, 'red', `Error (${code}):`)} ${escapeControls(what)}`, indent),
    wrap(layout, `${indent}  `, `Why: ${escapeControls(why)}`),
    wrap(layout, `${indent}  `, `Fix: ${escapeControls(fix)}`),
  ].join('\n');

/**
 * The errors of orgs, each text once. Errors that differ only in the alias of their org become one error that names all
 * orgs.
 */
export function groupErrors(orgs: readonly Pick<OrgResult, 'alias' | 'error'>[]): readonly ErrorDetails[] {
  const groups = new Map<string, { readonly aliases: string[]; readonly error: ErrorDetails }>();
  for (const { alias, error } of orgs) {
    if (!error) continue;
    const key = JSON.stringify(withPlaceholder(error, alias));
    groups.set(key, { aliases: [...(groups.get(key)?.aliases ?? []), alias], error: groups.get(key)?.error ?? error });
  }
  return [...groups.values()].map(({ aliases, error }) => (aliases.length === 1 ? error : mergeErrors(error, aliases)));
}

/** The sentence is about one org, and the others follow it: a list of names as its subject would need another verb. */
function mergeErrors(error: ErrorDetails, aliases: readonly string[]): ErrorDetails {
  const [first = '', ...others] = aliases;
  const isNamed = replaceAlias(error.what, first, '') !== error.what;
  return {
    ...error,
    what: `${error.what} The same error occurred in ${joinNames(isNamed ? others : aliases)}.`,
    fix: mergeFix(error.fix, aliases),
  };
}

/** Commands that take several orgs. */
const FLEET_COMMANDS: ReadonlySet<string | undefined> = new Set(['check', 'deploy', 'plan', 'status', 'verify']);

/** The fix of an error or finding of several orgs, from that of the first one. Its commands can be run as they are. */
export function mergeFix(fix: string, aliases: readonly string[]): string {
  const [alias = '', ...others] = aliases;
  const commands = commandsIn(fix).filter((command) => replaceAlias(command, alias, '') !== command);
  if (commands.length === 0) return replaceAlias(fix, alias, '<org>');
  if (!commands.every((command) => FLEET_COMMANDS.has(parseCommandText(command)?.[0])))
    return `${fix.replace(/(?<![.?])$/, '.')} Do the same for ${joinNames(others)}.`;
  const forAll = (command: string): string => replaceAlias(command, alias, aliases.join(' --org '));
  return commands.reduce((text, command) => text.replace(command, () => forAll(command)), fix);
}

const withPlaceholder = ({ code, what, why, fix }: ErrorDetails, alias: string): readonly string[] => [
  code,
  ...[what, why, fix].map((text) => replaceAlias(text, alias, PLACEHOLDER)),
];

/** Stands for an alias while texts are compared. */
export const PLACEHOLDER = '\u0001';

/** Replaces an alias, with or without quotes, where it is a whole word. */
export function replaceAlias(text: string, alias: string, replacement: string): string {
  if (alias === '') return text;
  const escaped = alias.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replace(new RegExp(`"${escaped}"|(?<![\\w./-])${escaped}(?![\\w/-])`, 'g'), () => replacement);
}
