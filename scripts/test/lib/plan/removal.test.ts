import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffOrgExactly } from '../../../lib/plan';
import { memberSiteRemovalRules } from '../../../lib/plan/impact/member-site';
import { REMOVAL_RULES } from '../../../lib/plan/impact/removal';
import { replaceExactly } from '../../../lib/metadata';
import { leaf, mapOf, parent, type Change, type Component, type ComponentKey, type Impact } from '../../../lib/model';
import { applyEdits, LIVE, liveState, type Edit } from './live-org';

/** A deleted component or removed element, and its impact on an active and on an inactive channel. */
type Removal = readonly [key: ComponentKey, path: string, edits: readonly Edit[] | 'deleted', Impact, Impact, RegExp];

const CUSTOMER =
  /<messagingAuthorizations>[^]*<\/messagingAuthorizations>/.exec(LIVE['MessagingChannel:Web'] ?? '')?.[0] ?? '';
const KEY_A =
  '<publicKeyCertificateSetKeys><publicKeyCertificate>Key_A</publicKeyCertificate></publicKeyCertificateSetKeys>';
const ISSUER = '<jwtIssuer>https://id.example.com</jwtIssuer>';

const CASES: Readonly<Record<string, Removal>> = {
  'a deleted channel': [
    'MessagingChannel:Web',
    '',
    'deleted',
    'disruptive',
    'none',
    /^Deletes Web\. Nobody can chat on it\./,
  ],
  'a removed configuration': [
    'MessagingChannel:Web',
    'embeddedConfig.messagingAuthorizations[Customer]',
    [[CUSTOMER, '']],
    ...(['disruptive', 'none'] as const),
    /^Disables user verification configuration Customer\. Its tokens are rejected on Web/,
  ],
  'a removed lifetime': [
    'MessagingChannel:Web',
    'embeddedConfig.verifiedUserJwtExpirationTime',
    [['<verifiedUserJwtExpirationTime>120</verifiedUserJwtExpirationTime>', '']],
    ...(['visible', 'none'] as const),
    /expire after 60 minutes instead of 120/,
  ],
  'a deleted keyset': [
    'PublicKeyCertificateSet:Keys',
    '',
    'deleted',
    ...(['disruptive', 'none'] as const),
    /Tokens of "https:\/\/id\.example\.com" are rejected on Web/,
  ],
  'a removed issuer': [
    'PublicKeyCertificateSet:Keys',
    'jwtIssuer',
    [[ISSUER, '']],
    ...(['disruptive', 'none'] as const),
    /Tokens of "https:\/\/id\.example\.com" are rejected on Web/,
  ],
  'a key removed from a keyset': [
    'PublicKeyCertificateSet:Keys',
    'publicKeyCertificateSetKeys[Key_A]',
    [[KEY_A, '']],
    ...(['disruptive', 'none'] as const),
    /Tokens signed with Key_A are rejected on Web/,
  ],
  'a deleted key': [
    'PublicKeyCertificate:Key_A',
    '',
    'deleted',
    ...(['disruptive', 'none'] as const),
    /Tokens signed with Key_A are rejected on Web/,
  ],
  'a key without isActive': [
    'PublicKeyCertificate:Key_A',
    'isActive',
    [['<isActive>true</isActive>', '']],
    ...(['disruptive', 'none'] as const),
    /^Deactivates the key\. Tokens signed with Key_A are rejected on Web/,
  ],
  'a deleted chat deployment': [
    'EmbeddedServiceConfig:Site',
    '',
    'deleted',
    'disruptive',
    'disruptive',
    /^Deletes Site\. Customers can't chat/,
  ],
  'a deleted queue': [
    'Queue:Chat',
    '',
    'deleted',
    'visible',
    'visible',
    /^Deletes Chat\. Messaging sessions are no longer routed to it\./,
  ],
  'a deleted Trusted URL': [
    'CspTrustedSite:Shop',
    '',
    'deleted',
    ...(['visible', 'visible'] as const),
    /Chat windows can no longer use https:\/\/shop\.example\.com\.$/,
  ],
  'a deleted origin': [
    'CorsWhitelistOrigin:Shop',
    '',
    'deleted',
    ...(['disruptive', 'disruptive'] as const),
    /Pages of https:\/\/shop\.example\.com can no longer/,
  ],
};

function changeOf([key, path, edits]: Removal, active: boolean): Change {
  const live = liveState({}, active);
  const before = live.components.get(key) ?? assert.fail(key);
  const after =
    edits === 'deleted'
      ? undefined
      : liveState({ [key]: applyEdits(LIVE[key] ?? '', edits) }, active).components.get(key);
  const target = after ? mapOf([{ ...after, root: replaceExactly(before.root, after.root) }]) : new Map();
  const { changes } = diffOrgExactly(live, target, { active: new Map(), absent: after ? [] : [key] });
  const matches = changes.filter((change) => change.component === key && change.path === path);
  assert.equal(matches.length, 1, changes.map((change) => `${change.component} ${change.path}`).join());
  return matches[0] ?? assert.fail();
}

for (const [what, loss] of Object.entries(CASES)) {
  const [, , edits, chatting, quiet, effect] = loss;
  test(`${what}: ${chatting} on an active channel, ${quiet} on an inactive one`, () => {
    const [while1, while2] = [changeOf(loss, true), changeOf(loss, false)];
    assert.deepEqual([while1.impact, while2.impact], [chatting, quiet], while1.effect);
    assert.match(while1.effect, effect);
    assert.deepEqual([while1.action, while1.to], [edits === 'deleted' ? 'delete' : 'update', null]);
  });
}

test('a deleted active channel is deactivated first, and both changes are disruptive', () => {
  const key = 'MessagingChannel:Web';
  const { changes, toDelete, deactivate } = diffOrgExactly(liveState({}, true), new Map(), {
    active: new Map(),
    absent: [key],
  });
  assert.deepEqual([toDelete, deactivate], [[key], ['Web']]);
  assert.deepEqual(
    changes.map(({ path, action, impact }) => [path, action, impact]),
    [
      ['isActive', 'update', 'disruptive'],
      ['', 'delete', 'disruptive'],
    ],
  );
  assert.match(changes[0]?.effect ?? '', /^Deactivates Web\. Nobody can start a chat on it/);
});

test('every removal rule has a case above', () => {
  const used = Object.values(CASES).map(([key, path]) =>
    REMOVAL_RULES[key.split(':')[0] as keyof typeof REMOVAL_RULES]?.find((rule) => rule.path.test(path)),
  );
  const unused = Object.entries(REMOVAL_RULES).flatMap(([type, rules]) =>
    rules.filter((rule) => !used.includes(rule)).map(({ path }) => `${type} ${path.source}`),
  );
  assert.deepEqual(unused, []);
});

test('a deleted class of tests has no impact, and a deleted class that issues tokens does', () => {
  const rule = memberSiteRemovalRules[0] ?? assert.fail();
  const impactOf = (content: string): Impact => {
    const root = parent('ApexClass', [parent('files', [leaf('path', 'X.cls'), leaf('content', content)])]);
    const before: Component = { type: 'ApexClass', fullName: 'X', root };
    const difference = { component: 'ApexClass:X', action: 'delete', path: '', from: '', to: null };
    return rule.assess({ difference, before, name: 'X' } as unknown as Parameters<typeof rule.assess>[0]).impact;
  };
  assert.equal(impactOf('@IsTest\nprivate class X { @IsTest static void test() {} }'), 'none');
  assert.equal(impactOf('public with sharing class X { }'), 'disruptive');
});
