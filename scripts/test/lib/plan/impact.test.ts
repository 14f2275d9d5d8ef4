import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelRules } from '../../../lib/plan/impact/channel';
import { keyRules } from '../../../lib/plan/impact/key';
import { keysetRules } from '../../../lib/plan/impact/keyset';
import type { ImpactRule } from '../../../lib/plan/impact/impact-rule';
import { corsRules, chatDeploymentRules, queueRules } from '../../../lib/plan/impact/related';
import type { Change } from '../../../lib/model';
import { CHANNEL_CASES } from './channel-cases';
import type { ImpactTestCase } from './impact-case';
import { diffAfter, applyEdits, LIVE, liveState } from './live-org';
import { RELATED_CASES } from './related-cases';

const IMPACT_CASES = [...CHANNEL_CASES, ...RELATED_CASES];

function changeOf({ component, path, declared, live }: ImpactTestCase, active: boolean): Change {
  const defaultContent = LIVE[component] ?? assert.fail(component);
  const liveContent = live === 'missing' ? undefined : applyEdits(defaultContent, live ?? []);
  const { changes } = diffAfter(
    liveState({ [component]: liveContent }, active),
    component,
    applyEdits(defaultContent, declared),
  );
  const matches = changes.filter((change) => change.component === component && change.path === path);
  assert.equal(matches.length, 1, changes.map((change) => change.path).join());
  return matches[0] ?? assert.fail();
}

for (const each of IMPACT_CASES) {
  test(`${each.description}: ${each.impact[0]} while customers chat, ${each.impact[1]} while the channel is not active`, () => {
    const [chatting, quiet] = [changeOf(each, true), changeOf(each, false)];
    assert.deepEqual([chatting.impact, quiet.impact], each.impact, chatting.effect);
    assert.match(chatting.effect, each.effect);
    for (const { effect } of [chatting, quiet]) assert.match(effect, /^$|^[A-Z].*\.$/);
  });
}

test('a channel that goes live says who can chat on it; one that somebody switched off is a matter to think about', () => {
  const usual = LIVE['MessagingChannel:Web'] ?? '';
  const goesLive = (content: string, held: string | undefined): Change | undefined => {
    const live = liveState({ 'MessagingChannel:Web': held }, false);
    const { changes, activate } = diffAfter(live, 'MessagingChannel:Web', content, true);
    assert.deepEqual(activate, ['Web']);
    const activation = changes.find(({ path }) => path === 'isActive');
    assert.deepEqual([activation?.from, activation?.to], ['false', 'true']);
    return activation;
  };
  const guests = usual.replace('>Auth<', '>UnAuth<');
  assert.match(
    goesLive(usual, usual)?.effect ?? '',
    /Web is not active.* customers with a valid token can start a chat/,
  );
  assert.match(goesLive(guests, guests)?.effect ?? '', /guests can start a chat/);
  assert.deepEqual([goesLive(usual, usual)?.impact, goesLive(usual, undefined)?.impact], ['disruptive', 'visible']);
  assert.match(goesLive(usual, undefined)?.effect ?? '', /Web goes live: customers with a valid token/);
});

test('a channel that goes live with the same deploy is judged as one on which customers chat', () => {
  const usual = LIVE['MessagingChannel:Web'] ?? '';
  const stated = applyEdits(usual, [['>Keys<', '>Fetched<']]);
  const { changes } = diffAfter(liveState({}, false), 'MessagingChannel:Web', stated, true);
  assert.deepEqual(
    changes.map(({ impact }) => impact),
    ['disruptive', 'disruptive'],
  );
});

const IMPACT_RULES: Readonly<Record<string, readonly ImpactRule[]>> = {
  MessagingChannel: channelRules,
  PublicKeyCertificateSet: keysetRules,
  PublicKeyCertificate: keyRules,
  EmbeddedServiceConfig: chatDeploymentRules,
  Queue: queueRules,
  QueueRoutingConfig: queueRules,
  CorsWhitelistOrigin: corsRules,
  PermissionSet: [],
};

test('every rule of impact has a case above', () => {
  const places = [...IMPACT_CASES, { component: 'MessagingChannel:Web', path: 'isActive' }];
  const used = new Set(
    places.map(({ component, path }) =>
      IMPACT_RULES[component.split(':')[0] ?? '']?.find((rule) => rule.path.test(path)),
    ),
  );
  const unused = Object.entries(IMPACT_RULES).flatMap(([type, rules]) =>
    rules.filter((rule) => !used.has(rule)).map(({ path }) => `${type} ${path.source}`),
  );
  assert.deepEqual(unused, []);
});

test('a keyset that only an inactive configuration or a channel for guests trusts disturbs nobody', () => {
  const stated = applyEdits(LIVE['PublicKeyCertificateSet:Keys'] ?? '', [['id.example', 'new.example']]);
  for (const edit of [
    ['>true<', '>false<'],
    ['>Auth<', '>UnAuth<'],
    ['>Keys<', '>Fetched<'],
  ] as const) {
    const web = applyEdits(LIVE['MessagingChannel:Web'] ?? '', [edit]);
    const { changes } = diffAfter(
      liveState({ 'MessagingChannel:Web': web }, true),
      'PublicKeyCertificateSet:Keys',
      stated,
    );
    assert.deepEqual(
      changes.map(({ impact }) => impact),
      ['none'],
      edit.join(),
    );
  }
});
