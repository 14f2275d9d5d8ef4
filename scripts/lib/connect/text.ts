import type { Connection } from './connection';
import type { Kit } from './kit';

const NAMES = { web: 'Website', ios: 'iOS app', android: 'Android app' } as const;

/** A channel and its kits, for people. Files are shown whole, to be copied, or named where they were written. */
export const connectionText = (connection: Connection, kits: readonly Kit[], files: 'whole' | 'named'): string =>
  [
    `${connection.channel} of ${connection.org}${connection.verified ? '' : ', for guests'}`,
    ...kits.map((kit) => kitText(kit, files)),
  ].join('\n\n');

function kitText({ client, files, entries, gaps, notes }: Kit, show: 'whole' | 'named'): string {
  const allowed = entries.map(({ place, value, status }) => `  ${place}: ${value} (${status})`);
  const missing = gaps.map(({ mark, what, where }) => `  ${mark}: the ${what}. ${where}`);
  const shown = files.map(({ path, text }) => (show === 'whole' ? `--- ${path}\n${text.trimEnd()}` : `  ${path}`));
  return [
    [NAMES[client], ...notes.map((note) => `  ${note}`)].join('\n'),
    shown.join(show === 'whole' ? '\n\n' : '\n'),
    ...(allowed.length > 0 ? [`To be allowed:\n${allowed.join('\n')}`] : []),
    ...(missing.length > 0 ? [`Not known here, and marked:\n${missing.join('\n')}`] : []),
  ].join('\n\n');
}
