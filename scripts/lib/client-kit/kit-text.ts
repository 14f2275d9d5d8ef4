import type { ChannelConnection } from './channel-connection';
import type { Kit } from './kit';

const CLIENT_LABELS = { web: 'Website', ios: 'iOS app', android: 'Android app' } as const;

/** Returns a channel and its kits as text, with the whole files or their names only. */
export const channelKitText = (connection: ChannelConnection, kits: readonly Kit[], files: 'whole' | 'named'): string =>
  [
    `${connection.channel} of ${connection.org}${connection.verified ? '' : ' (unverified users)'}`,
    ...kits.map((kit) => kitText(kit, files)),
  ].join('\n\n');

function kitText({ client, files, entries, gaps, notes }: Kit, show: 'whole' | 'named'): string {
  const allowed = entries.map(({ place, value, status }) => `  ${place}: ${value} (${status})`);
  const missing = gaps.map(({ mark, what, where }) => `  ${mark}: ${what}. ${where}`);
  const fileTexts = files.map(({ path, text }) => (show === 'whole' ? `--- ${path}\n${text.trimEnd()}` : `  ${path}`));
  return [
    [CLIENT_LABELS[client], ...notes.map((note) => `  ${note}`)].join('\n'),
    fileTexts.join(show === 'whole' ? '\n\n' : '\n'),
    ...(allowed.length > 0 ? [`Allow these origins:\n${allowed.join('\n')}`] : []),
    ...(missing.length > 0 ? [`Replace these placeholders:\n${missing.join('\n')}`] : []),
  ].join('\n\n');
}
