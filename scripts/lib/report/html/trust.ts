import type { Door, OrgTrust, Reliance, Trust, TrustedKey, TrustingChannel, TrustMap } from '../../matrix';
import { count } from '../page';
import { lifeTone } from '../totals';
import { breakable, html, NOTHING, type Markup } from './markup';
import { standingTag, tag } from './tags';

/** More orgs than this are folded. */
const SHOWN_OPEN = 6;

/** The way of trust in each org: issuer, keyset, keys, configuration, channel, deployment. */
export const trustMaps = (map: TrustMap): readonly Markup[] =>
  map.map((org) => orgTrust(org, map.length <= SHOWN_OPEN));

const orgTrust = ({ alias, kind, reached, trusts, unverified, unused }: OrgTrust, open: boolean): Markup =>
  html` <details class="card" ${open ? html` open` : NOTHING}>
    <summary>
      <h3>${alias}</h3>
      <span class="aside">${kind}, ${reached ? count(trusts.length, 'keyset') : 'not reached'}</span>
    </summary>
    ${
      trusts.length > 0
        ? html`<ul class="chains">
            ${trusts.map(chain)}
          </ul>`
        : NOTHING
    }
    ${beside('Guests only', unverified.map(guestNode))} ${beside('Keys that no keyset lists', unused.map(keyNode))}
  </details>`;

const beside = (title: string, nodes: readonly Markup[]): Markup =>
  nodes.length === 0
    ? NOTHING
    : html`<div class="beside">
        <h4>${title}</h4>
        <ul>
          ${nodes.map(item)}
        </ul>
      </div>`;

const item = (content: Markup): Markup => html`<li>${content}</li>`;

const chain = (trust: Trust): Markup =>
  html` <li class="chain">
    <div class="stage">${node('Issuer', trust.issuer ?? 'none', NOTHING, 'address')}</div>
    <div class="stage">${node('Keyset', trust.keyset, standingTag(trust.standing))}</div>
    <div class="stage">${keysOf(trust)}</div>
    <div class="stage wide">${reliancesOf(trust.reliances)}</div>
  </li>`;

const node = (stage: string, name: string, state: Markup, style = ''): Markup =>
  html` <div class="node ${style}">
    <span class="kind">${stage}</span> <span class="name">${breakable(name)}</span> ${state}
  </div>`;

function keysOf({ endpoint, keys }: Trust): Markup {
  if (endpoint !== null) return node('Keys from the endpoint', endpoint, NOTHING, 'address');
  return keys.length === 0
    ? node('Keys', 'none', tag('bad', 'no key'))
    : html`<ul>
        ${keys.map(keyNode).map(item)}
      </ul>`;
}

const keyNode = (key: TrustedKey): Markup =>
  node(
    'Key',
    key.name,
    html`${lifeTag(key)} ${key.active ? NOTHING : tag('attention', 'inactive')} ${standingTag(key.standing)}`,
  );

function lifeTag({ daysLeft }: TrustedKey): Markup {
  if (daysLeft === null) return tag('attention', 'no certificate');
  if (daysLeft < 0) return tag('bad', `ended ${count(-daysLeft, 'day')} ago`);
  return tag(lifeTone(daysLeft), daysLeft === 0 ? 'ends within a day' : `${count(daysLeft, 'day')} left`);
}

const reliancesOf = (reliances: readonly Reliance[]): Markup =>
  reliances.length === 0
    ? node('Configuration', 'none', tag('quiet', 'no channel relies on it'))
    : html`<ul class="ways">
        ${reliances.map(way)}
      </ul>`;

const way = ({ configuration, enabled, channel }: Reliance): Markup =>
  html` <li class="way">
    <div class="stage">${node('Configuration', configuration, enabled ? NOTHING : tag('attention', 'not active'))}</div>
    <div class="stage">${channelNode(channel)}</div>
    <div class="stage">${doorsOf(channel.deployments)}</div>
  </li>`;

const channelNode = ({ name, standing, active, verifies }: TrustingChannel): Markup =>
  node(
    'Channel',
    name,
    html`${verifies ? tag('good', 'verification on') : tag('attention', 'verification off')}
    ${active ? NOTHING : tag('attention', 'not active')} ${standingTag(standing)}`,
  );

/** A channel that only guests use, with its deployments. */
const guestNode = ({ name, standing, active, deployments }: TrustingChannel): Markup =>
  html`${node('Channel', name, html`${active ? NOTHING : tag('attention', 'not active')} ${standingTag(standing)}`)}
    <ul>
      ${deployments.map(doorNode).map(item)}
    </ul>`;

const doorsOf = (deployments: readonly Door[]): Markup =>
  deployments.length === 0
    ? node('Deployment', 'none', tag('quiet', 'nobody gets here'))
    : html`<ul>
        ${deployments.map(doorNode).map(item)}
      </ul>`;

const doorNode = ({ name, enabled, standing }: Door): Markup =>
  node('Deployment', name, html`${enabled ? NOTHING : tag('attention', 'switched off')} ${standingTag(standing)}`);
