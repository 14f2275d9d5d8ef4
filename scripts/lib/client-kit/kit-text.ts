import { wrap, type TextLayout } from '../report';
import type { ChannelConnection } from './channel-connection';
import type { Kit } from './kit';

const CLIENT_LABELS = { web: 'Website', ios: 'iOS app', android: 'Android app' } as const;

/** Returns a channel and its kits as text, with the whole files or their names only. Lines of files aren't wrapped. */
export const channelKitText = (
  layout: TextLayout,
  connection: ChannelConnection,
  kits: readonly Kit[],
  files: 'whole' | 'named',
): string =>
  [
    `${connection.channel} of ${connection.org}${connection.verified ? '' : ' (unverified users)'}`,
    ...kits.map((kit) => kitText(layout, kit, files)),
  ].join('\n\n');

function kitText(layout: TextLayout, { client, files, entries, gaps, notes }: Kit, show: 'whole' | 'named'): string {
  const item = (text: string): string => wrap(layout, '    ', text, '  ');
  const allowed = entries.map(({ place, value, status }) => item(`${place}: ${value} (${status})`));
  const missing = gaps.map(({ mark, what, where }) => item(`${mark}: ${what}. ${where}`));
  const fileTexts = files.map(({ path, text }) => (show === 'whole' ? `--- ${path}\n${text.trimEnd()}` : `  ${path}`));
  return [
    [CLIENT_LABELS[client], ...notes.map(item)].join('\n'),
    fileTexts.join(show === 'whole' ? '\n\n' : '\n'),
    ...(allowed.length > 0 ? [`Allow these origins:\n${allowed.join('\n')}`] : []),
    ...(missing.length > 0 ? [`Replace these placeholders:\n${missing.join('\n')}`] : []),
  ].join('\n\n');
}
