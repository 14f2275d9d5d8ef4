import type {
  ChatDeploymentRef,
  OrgTrust,
  AuthorizationRef,
  KeysetTrust,
  TrustedKey,
  ChannelRef,
  TrustMap,
} from '../org-matrix';
import { groupBy } from '../../model';
import { pluralize } from '../text-layout';
import { expiryTone } from '../summary-tiles';
import { withLineBreaks, html, EMPTY, type Markup } from './markup';
import { syncTag, tag } from './tags';

/** If there are more different orgs, they are folded. */
const MAX_EXPANDED = 6;

/** The trust chains of the orgs: issuer, keyset, keys, configuration, channel, chat deployment. Orgs with equal trust are one. */
export function trustMaps(map: TrustMap): readonly Markup[] {
  const groups = [...groupBy(map, ({ alias: _alias, ...trust }) => JSON.stringify(trust)).values()];
  return groups.map(([org, ...others]) => {
    const names = [org, ...others].map(({ alias }) => alias).join(', ');
    return orgTrustMarkup({ ...org, alias: names }, groups.length <= MAX_EXPANDED);
  });
}

/** The trust of one org, or of several orgs with equal trust. */
const orgTrustMarkup = (
  { alias, kind, reached, undeclared, accepted, keysets, unverifiedChannels, unusedKeys }: OrgTrust,
  open: boolean,
): Markup =>
  html` <details class="card" ${open ? html` open` : EMPTY}>
    <summary>
      <h3>${alias}</h3>
      <span class="aside">${kind}, ${reached ? pluralize(keysets.length, 'keyset') : 'unreachable'}</span>
    </summary>
    ${trustBox('Undeclared trust', 'bad', undeclared)} ${trustBox('Accepted trust', 'warning', accepted)}
    ${
      keysets.length > 0
        ? html`<ul class="chains">
            ${keysets.map(keysetChain)}
          </ul>`
        : EMPTY
    }
    ${sideList('Unverified channels', unverifiedChannels.map(unverifiedChannelNode))}
    ${sideList('Keys in no keyset', unusedKeys.map(keyNode))}
  </details>`;

const trustBox = (title: string, kind: 'bad' | 'warning', lines: readonly string[]): Markup =>
  lines.length === 0
    ? EMPTY
    : html`<div class="box ${kind}">
        <h4>${title}</h4>
        <ul>
          ${lines.map((text) => html`<li>${text}</li>`)}
        </ul>
      </div>`;

const sideList = (title: string, nodes: readonly Markup[]): Markup =>
  nodes.length === 0
    ? EMPTY
    : html`<div class="beside">
        <h4>${title}</h4>
        <ul>
          ${nodes.map(listItem)}
        </ul>
      </div>`;

const listItem = (content: Markup): Markup => html`<li>${content}</li>`;

const keysetChain = (trust: KeysetTrust): Markup =>
  html` <li class="chain">
    <div class="stage">${node('Issuer', trust.issuer ?? 'none', EMPTY, 'address')}</div>
    <div class="stage">${node('Keyset', trust.keyset, syncTag(trust.syncState))}</div>
    <div class="stage">${keyNodes(trust)}</div>
    <div class="stage wide">${authorizationNodes(trust.authorizations)}</div>
  </li>`;

const node = (stage: string, name: string, state: Markup, style = ''): Markup =>
  html` <div class="node ${style}">
    <span class="kind">${stage}</span> <span class="name">${withLineBreaks(name)}</span> ${state}
  </div>`;

function keyNodes(trust: KeysetTrust): Markup {
  const { endpoint, keys } = trust;
  if (endpoint !== null) return node('Keys from the endpoint', endpoint, EMPTY, 'address');
  return keys.length === 0
    ? node('Keys', 'none', tag(trust.syncState === 'missing' ? 'quiet' : 'bad', 'no key'))
    : html`<ul>
        ${keys.map(keyNode).map(listItem)}
      </ul>`;
}

const keyNode = (key: TrustedKey): Markup =>
  node(
    'Key',
    key.name,
    html`${expiryTag(key)} ${key.active ? EMPTY : tag('warning', 'inactive')} ${syncTag(key.syncState)}`,
  );

function expiryTag({ daysLeft }: TrustedKey): Markup {
  if (daysLeft === null) return tag('warning', 'no certificate');
  if (daysLeft < 0) return tag('bad', `expired ${pluralize(-daysLeft, 'day')} ago`);
  return tag(expiryTone(daysLeft), daysLeft === 0 ? 'expires within a day' : `${pluralize(daysLeft, 'day')} left`);
}

const authorizationNodes = (authorizations: readonly AuthorizationRef[]): Markup =>
  authorizations.length === 0
    ? node('Configuration', 'none', tag('quiet', 'no channel uses it'))
    : html`<ul class="ways">
        ${authorizations.map(authorizationPath)}
      </ul>`;

const authorizationPath = ({ configurationName, enabled, channel }: AuthorizationRef): Markup =>
  html` <li class="way">
    <div class="stage">${node('Configuration', configurationName, enabled ? EMPTY : tag('warning', 'inactive'))}</div>
    <div class="stage">${channelNode(channel)}</div>
    <div class="stage">${chatDeploymentNodes(channel.chatDeployments)}</div>
  </li>`;

const channelNode = ({ name, syncState, active, verifies }: ChannelRef): Markup =>
  node(
    'Channel',
    name,
    html`${verifies ? tag('good', 'verification on') : tag('warning', 'verification off')}
    ${active ? EMPTY : tag('warning', 'inactive')} ${syncTag(syncState)}`,
  );

/** An unverified channel with its chat deployments. */
const unverifiedChannelNode = ({ name, syncState, active, chatDeployments }: ChannelRef): Markup =>
  html`${node('Channel', name, html`${active ? EMPTY : tag('warning', 'inactive')} ${syncTag(syncState)}`)}
    <ul>
      ${chatDeployments.map(chatDeploymentNode).map(listItem)}
    </ul>`;

const chatDeploymentNodes = (deployments: readonly ChatDeploymentRef[]): Markup =>
  deployments.length === 0
    ? node('Chat deployment', 'none', EMPTY)
    : html`<ul>
        ${deployments.map(chatDeploymentNode).map(listItem)}
      </ul>`;

const chatDeploymentNode = ({ name, enabled, syncState }: ChatDeploymentRef): Markup =>
  node('Chat deployment', name, html`${enabled ? EMPTY : tag('warning', 'off')} ${syncTag(syncState)}`);
