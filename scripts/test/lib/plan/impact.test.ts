import assert from 'node:assert/strict';
import { test } from 'node:test';
import { channelRules } from '../../../lib/plan/impact/channel';
import { keyRules } from '../../../lib/plan/impact/key';
import { keysetRules } from '../../../lib/plan/impact/keyset';
import type { ImpactRule } from '../../../lib/plan/impact/impact-rule';
import { corsRules, trustedUrlRules, chatDeploymentRules, queueRules } from '../../../lib/plan/impact/related';
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
  test(`${each.description}: ${each.impact[0]} on an active channel, ${each.impact[1]} on an inactive one`, () => {
    const [active, inactive] = [changeOf(each, true), changeOf(each, false)];
    assert.deepEqual([active.impact, inactive.impact], each.impact, active.effect);
    assert.match(active.effect, each.effect);
    for (const { effect } of [active, inactive]) assert.match(effect, /^$|^[A-Z].*\.$/);
  });
}

test('an activated channel names who can chat on it, and is disruptive if it exists in the org', () => {
  const usual = LIVE['MessagingChannel:Web'] ?? '';
  const activationOf = (content: string, liveContent: string | undefined): Change | undefined => {
    const live = liveState({ 'MessagingChannel:Web': liveContent }, false);
    const { changes, activate } = diffAfter(live, 'MessagingChannel:Web', content, true);
    assert.deepEqual(activate, ['Web']);
    const activation = changes.find(({ path }) => path === 'isActive');
    assert.deepEqual([activation?.from, activation?.to], ['false', 'true']);
    return activation;
  };
  const unverified = usual.replace('>Auth<', '>UnAuth<');
  assert.match(
    activationOf(usual, usual)?.effect ?? '',
    /^Activates Web, which is inactive in the org\. Customers with a valid token can start a chat/,
  );
  assert.match(activationOf(unverified, unverified)?.effect ?? '', /Unverified users can start a chat/);
  assert.deepEqual(
    [activationOf(usual, usual)?.impact, activationOf(usual, undefined)?.impact],
    ['disruptive', 'visible'],
  );
  assert.match(activationOf(usual, undefined)?.effect ?? '', /^Activates Web\. Customers with a valid token/);
});

test('a channel that the same deploy activates counts as active', () => {
  const usual = LIVE['MessagingChannel:Web'] ?? '';
  const declared = applyEdits(usual, [['>Keys<', '>Fetched<']]);
  const { changes } = diffAfter(liveState({}, false), 'MessagingChannel:Web', declared, true);
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
  CspTrustedSite: trustedUrlRules,
  PermissionSet: [],
};

test('every impact rule has a case above', () => {
  const cases = [...IMPACT_CASES, { component: 'MessagingChannel:Web', path: 'isActive' }];
  const used = new Set(
    cases.map(({ component, path }) =>
      IMPACT_RULES[component.split(':')[0] ?? '']?.find((rule) => rule.path.test(path)),
    ),
  );
  const unused = Object.entries(IMPACT_RULES).flatMap(([type, rules]) =>
    rules.filter((rule) => !used.has(rule)).map(({ path }) => `${type} ${path.source}`),
  );
  assert.deepEqual(unused, []);
});

test('a change of a keyset that only a disabled configuration or an unverified channel uses has no impact', () => {
  const declared = applyEdits(LIVE['PublicKeyCertificateSet:Keys'] ?? '', [['id.example', 'new.example']]);
  for (const edit of [
    ['>true<', '>false<'],
    ['>Auth<', '>UnAuth<'],
    ['>Keys<', '>Fetched<'],
  ] as const) {
    const web = applyEdits(LIVE['MessagingChannel:Web'] ?? '', [edit]);
    const { changes } = diffAfter(
      liveState({ 'MessagingChannel:Web': web }, true),
      'PublicKeyCertificateSet:Keys',
      declared,
    );
    assert.deepEqual(
      changes.map(({ impact }) => impact),
      ['none'],
      edit.join(),
    );
  }
});
