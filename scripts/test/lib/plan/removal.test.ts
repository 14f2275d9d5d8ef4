import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diffOrgExactly } from '../../../lib/plan';
import { REMOVAL_RULES } from '../../../lib/plan/impact/removal';
import { replaceExactly } from '../../../lib/metadata';
import { mapOf, type Change, type ComponentKey, type Impact } from '../../../lib/model';
import { applyEdits, LIVE, liveState, type Edit } from './live-org';

/** Something is taken out of a component, or the component as a whole: what that means while customers chat, and what otherwise. */
type Removal = readonly [key: ComponentKey, path: string, edits: readonly Edit[] | 'deleted', Impact, Impact, RegExp];

const CUSTOMER =
  /<messagingAuthorizations>[^]*<\/messagingAuthorizations>/.exec(LIVE['MessagingChannel:Web'] ?? '')?.[0] ?? '';
const KEY_A =
  '<publicKeyCertificateSetKeys><publicKeyCertificate>Key_A</publicKeyCertificate></publicKeyCertificateSetKeys>';
const ISSUER = '<jwtIssuer>https://id.example.com</jwtIssuer>';

const CASES: Readonly<Record<string, Removal>> = {
  'a channel is deleted': [
    'MessagingChannel:Web',
    '',
    'deleted',
    'disruptive',
    'none',
    /nobody can chat on it any more/,
  ],
  'a configuration is taken out': [
    'MessagingChannel:Web',
    'embeddedConfig.messagingAuthorizations[Customer]',
    [[CUSTOMER, '']],
    ...(['disruptive', 'none'] as const),
    /Customer is no longer active: its tokens are refused on Web/,
  ],
  'a life of tokens is taken out': [
    'MessagingChannel:Web',
    'embeddedConfig.verifiedUserJwtExpirationTime',
    [['<verifiedUserJwtExpirationTime>120</verifiedUserJwtExpirationTime>', '']],
    ...(['visible', 'none'] as const),
    /end sooner: after 60 instead of 120 minutes/,
  ],
  'a keyset is deleted': [
    'PublicKeyCertificateSet:Keys',
    '',
    'deleted',
    ...(['disruptive', 'none'] as const),
    /Tokens of "https:\/\/id\.example\.com" are refused on Web/,
  ],
  'an issuer is taken out': [
    'PublicKeyCertificateSet:Keys',
    'jwtIssuer',
    [[ISSUER, '']],
    ...(['disruptive', 'none'] as const),
    /Tokens of "https:\/\/id\.example\.com" are refused on Web/,
  ],
  'a key is taken out of a keyset': [
    'PublicKeyCertificateSet:Keys',
    'publicKeyCertificateSetKeys[Key_A]',
    [[KEY_A, '']],
    ...(['disruptive', 'none'] as const),
    /Tokens signed with Key_A are refused on Web/,
  ],
  'a key is deleted': [
    'PublicKeyCertificate:Key_A',
    '',
    'deleted',
    ...(['disruptive', 'none'] as const),
    /Tokens signed with Key_A are refused on Web/,
  ],
  'a key is no longer said to be active': [
    'PublicKeyCertificate:Key_A',
    'isActive',
    [['<isActive>true</isActive>', '']],
    ...(['disruptive', 'none'] as const),
    /no longer active: tokens signed with Key_A are refused on Web/,
  ],
  'a deployment is deleted': [
    'EmbeddedServiceConfig:Site',
    '',
    'deleted',
    'disruptive',
    'disruptive',
    /lose their chat/,
  ],
  'a queue is deleted': ['Queue:Chat', '', 'deleted', 'visible', 'visible', /no longer routed to Chat/],
  'an origin is deleted': [
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
  test(`${what}: ${chatting} while customers chat, ${quiet} while the channel is not active`, () => {
    const [while1, while2] = [changeOf(loss, true), changeOf(loss, false)];
    assert.deepEqual([while1.impact, while2.impact], [chatting, quiet], while1.effect);
    assert.match(while1.effect, effect);
    assert.deepEqual([while1.action, while1.to], [edits === 'deleted' ? 'delete' : 'update', null]);
  });
}

test('a channel that goes offline disturbs customers, and is taken offline before it is deleted', () => {
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
  assert.match(changes[0]?.effect ?? '', /nobody can start a chat on it/);
});

test('every rule of loss has a case above', () => {
  const used = Object.values(CASES).map(([key, path]) =>
    REMOVAL_RULES[key.split(':')[0] as keyof typeof REMOVAL_RULES].find((rule) => rule.path.test(path)),
  );
  const unused = Object.entries(REMOVAL_RULES).flatMap(([type, rules]) =>
    rules.filter((rule) => !used.includes(rule)).map(({ path }) => `${type} ${path.source}`),
  );
  assert.deepEqual(unused, []);
});
