import {
  formatShare,
  sortExpirations,
  verifiedShare,
  type ChatCounts,
  type MonitoredOrg,
  type MonitorRun,
} from '../../model';
import { channelLabel, expirationText, trafficCells, trafficRows, type TrafficRow } from '../monitor';
import { html, type Markup } from './markup';

/** The chats of each channel, with the trend of the share over the runs of the history. */
export const trafficTable = (history: readonly MonitorRun[], run: MonitorRun): Markup =>
  html` <div class="scroll" role="group" aria-label="Chats" tabindex="0">
    <table class="orgs">
      <thead>
        <tr>
          <th scope="col">Org</th>
          <th scope="col">Channel</th>
          <th scope="col" class="number">Chats</th>
          <th scope="col" class="number">Verified</th>
          <th scope="col" class="number">Share</th>
          <th scope="col" class="number">Previous days</th>
          <th scope="col">Trend</th>
        </tr>
      </thead>
      <tbody>
        ${trafficRows(run).map((row) => trafficRow(history, row))}
      </tbody>
    </table>
  </div>`;

const trafficRow = (history: readonly MonitorRun[], row: TrafficRow): Markup =>
  html` <tr>
    <th scope="row">${row.alias}</th>
    <td>${channelLabel(row)}</td>
    ${trafficCells(row).map((cell) => html`<td class="number">${cell}</td>`)}
    <td>${sparkline(pointsOf(history, row))}</td>
  </tr>`;

/** The chats of a channel in each run that counted any. */
const pointsOf = (history: readonly MonitorRun[], { alias, channel }: TrafficRow): readonly ChatCounts[] =>
  history
    .flatMap((run) => trafficRows(run).filter((each) => each.alias === alias && each.channel === channel))
    .flatMap(({ now }) => (now.total > 0 ? [now] : []));

const WIDTH = 120;
const HEIGHT = 24;

/** The share of verified chats in each run from 0% to 100%, as a line. Text for readers who don't see it. */
function sparkline(points: readonly ChatCounts[]): Markup {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || points.length < 2) return html`<span class="aside">too few runs</span>`;
  const shares = points.map((each) => verifiedShare(each) ?? 0);
  const line = shares
    .map((share, index) => `${round((index / (shares.length - 1)) * WIDTH)},${round(HEIGHT - (share / 100) * HEIGHT)}`)
    .join(' ');
  const lowest = Math.floor(Math.min(...shares) * 10) / 10;
  const label = `${points.length} runs, from ${formatShare(first)} to ${formatShare(last)}, lowest ${lowest}%`;
  return html`<svg
    role="img"
    aria-label="${label}"
    viewBox="-2 -2 ${WIDTH + 4} ${HEIGHT + 4}"
    width="${WIDTH}"
    height="${HEIGHT}"
  >
    <polyline points="${line}" fill="none" stroke="currentColor" stroke-width="2" />
  </svg>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** The certificates of each org, the next one to expire first. */
export const certificateLists = (orgs: readonly MonitoredOrg[]): readonly Markup[] =>
  orgs
    .filter(({ expirations }) => expirations.length > 0)
    .map(
      ({ alias, expirations }) =>
        html` <div class="card">
          <h3>${alias}</h3>
          <ul>
            ${sortExpirations(expirations).map((each) => html`<li>${expirationText(each)}</li>`)}
          </ul>
        </div>`,
    );
