import {
  EXPIRATION_LABELS,
  formatShare,
  groupBy,
  npmRun,
  pluralize,
  sortExpirations,
  type ChannelTraffic,
  type Expiration,
  type MonitoredOrg,
  type MonitorRun,
  type OrgResult,
} from '../model';
import { formatUtc } from './report';
import { tableText, type TableRow } from './table';
import { escapeControls, styled, wrap, type TextLayout } from './text-layout';

/** One channel of one org. */
export interface TrafficRow extends ChannelTraffic {
  readonly alias: string;
}

export const trafficRows = ({ orgs }: MonitorRun): readonly TrafficRow[] =>
  orgs.flatMap(({ alias, traffic }) => traffic.map((each) => ({ alias, ...each })));

/** A channel with the chat deployments that serve it, unless they have its name. */
export const channelLabel = ({ channel, chatDeployments }: ChannelTraffic): string =>
  chatDeployments.every((name) => name === channel) ? channel : `${channel} (${chatDeployments.join(', ')})`;

/** The heading of the cells of `trafficCells`. */
export const TRAFFIC_HEADINGS = ['chats', 'verified', 'share', 'previous days'] as const;

export const trafficCells = ({ now, before }: ChannelTraffic): readonly string[] => [
  String(now.total),
  String(now.verified),
  formatShare(now),
  formatShare(before),
];

export const expirationText = ({ kind, name, expiresAt, daysLeft }: Expiration): string =>
  `${EXPIRATION_LABELS[kind]} ${name}: ${daysLeft < 0 ? 'expired' : `in ${pluralize(daysLeft, 'day')}`} (${expiresAt.slice(0, 10)})`;

/**
 * The chats of each channel as a table, or as a list if the table is too wide; the certificate of each org that expires next, and
 * the orgs that differ from source.
 */
export const monitorText = (layout: TextLayout, orgs: readonly OrgResult[], run: MonitorRun): string =>
  [
    ...trafficLines(layout, run),
    ...nextExpirationLines(layout, run),
    ...orgs.flatMap((org) => driftLine(layout, org)),
  ].join('\n');

function trafficLines(layout: TextLayout, run: MonitorRun): readonly string[] {
  const rows = trafficRows(run);
  if (rows.length === 0) return ['No chats were counted: no org that was read has a channel with user verification.'];
  const heading = [`Chats since ${formatUtc(new Date(run.since))}`, ...TRAFFIC_HEADINGS];
  const head = heading.map((text, at) => ({ text, alignEnd: at > 0 }));
  return [tableText(layout, rows.map(trafficRow), head), ''];
}

function trafficRow(row: TrafficRow): TableRow {
  const listTexts = trafficList(row);
  const cells = trafficCells(row).map((text, at) => ({ text, alignEnd: true, listText: listTexts[at] ?? '' }));
  return [{ text: escapeControls(`${row.alias} ${channelLabel(row)}`) }, ...cells];
}

/** The cells of a row for a list, which has no headings. */
const trafficList = ({ now, before }: ChannelTraffic): readonly string[] => [
  pluralize(now.total, 'chat'),
  `${now.verified} verified`,
  `share ${formatShare(now)}`,
  `previous days ${formatShare(before)}`,
];

/** The certificate that expires next, once for the orgs that have the same one. */
function nextExpirationLines(layout: TextLayout, { orgs }: MonitorRun): readonly string[] {
  const expiring = orgs.filter(({ expirations }) => expirations.length > 0);
  return [...groupBy(expiring, nextExpirationText)].map(([text, same]) => {
    const aliases = same.map(({ alias }) => alias).join(', ');
    return wrap(layout, '  ', escapeControls(`${aliases}: ${text}`), '');
  });
}

function nextExpirationText({ expirations }: MonitoredOrg): string {
  const next = sortExpirations(expirations).slice(0, 1).map(expirationText).join('');
  return `${pluralize(expirations.length, 'certificate')}; the next one to expire: ${next}.`;
}

function driftLine(layout: TextLayout, { alias, changes }: OrgResult): readonly string[] {
  if (changes.length === 0) return [];
  const text = `${alias}: ${pluralize(changes.length, 'difference')} from the source. To see ${changes.length === 1 ? 'it' : 'them'}: ${npmRun('plan', '--org', alias)}`;
  return [styled(layout, 'yellow', wrap(layout, '', escapeControls(text)))];
}
