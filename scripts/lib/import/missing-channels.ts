import { ToolError } from '../errors';
import { closestMatch } from '../metadata';
import { componentsOf, npmRun, textAt, type Component } from '../model';
import type { OrgContents } from './org-contents';
import type { ImportResolution } from './resolve';
import { enhancedChannels, type ImportOptions } from './select';

/** Throws `unknown-component` if a channel that is named with --channel isn't an Enhanced Chat channel of any of the orgs. */
export function assertKnownChannels(allContents: readonly OrgContents[], { channels }: ImportOptions): void {
  const known = allContents.flatMap(({ components }) => enhancedChannels(components).map(({ fullName }) => fullName));
  const unknown = channels.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const other = allContents.flatMap(({ components }) => components.get(`MessagingChannel:${unknown}`) ?? [])[0];
  const names = [...new Set(known)].sort();
  const suggestion = closestMatch(unknown, names);
  throw new ToolError('unknown-component', {
    what: `--channel ${unknown} can't be imported. Nothing was written.`,
    why: other
      ? `It is a channel of type ${typeOf(other)}. Only Enhanced Chat channels have user verification.`
      : `${allContents.map(({ alias }) => alias).join(', ')} ${allContents.length === 1 ? 'has' : 'have'} no Enhanced Chat channel with this developer name.`,
    fix:
      suggestion === undefined || other
        ? `Use one of these: ${names.join(', ') || 'none'}.`
        : `Did you mean --channel ${suggestion}? Channels: ${names.join(', ')}.`,
  });
}

/** The error for an org without a channel to import, with the reason for each of its channels. */
export function nothingToImportError(
  { selection: { contents }, rejected }: ImportResolution,
  { channels: named }: ImportOptions,
): ToolError {
  const channels = componentsOf(contents.components, 'MessagingChannel');
  const reasons = channels.map((channel) => reasonOf(channel, named, rejected));
  const unverified = channels.find((channel) => reasonOf(channel, named, rejected).endsWith(UNVERIFIED));
  return new ToolError('nothing-to-import', {
    what: `${contents.alias} has no channel to import. Nothing was written.`,
    why: reasons.length === 0 ? "The login can't see any messaging channel in the org." : `${reasons.join('. ')}.`,
    fix: unverified
      ? `To import a channel without user verification: ${npmRun('import', '--org', contents.alias, '--channel', unverified.fullName)}`
      : 'Correct the channels in Setup, or import another org.',
  });
}

const UNVERIFIED = 'user verification is off';

function reasonOf(channel: Component, named: readonly string[], rejected: ImportResolution['rejected']): string {
  const { fullName } = channel;
  const rejection = rejected.get(`MessagingChannel:${fullName}`);
  if (typeOf(channel) !== 'EmbeddedMessaging') return `${fullName}: a channel of type ${typeOf(channel)}`;
  if (named.length > 0 && !named.includes(fullName)) return `${fullName}: not named with --channel`;
  return rejection ? `${fullName}: rejected by the rule ${rejection.rule}` : `${fullName}: ${UNVERIFIED}`;
}

const typeOf = ({ root }: Component): string => textAt(root, 'messagingChannelType') ?? 'unknown';
