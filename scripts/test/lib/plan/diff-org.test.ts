import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffOrg } from '../../../lib/plan';
import { overlay } from '../../../lib/metadata';
import { mapOf, type Change, type Element } from '../../../lib/model';
import { anyChannel } from '../metadata/any-channel';
import { leafElements } from '../metadata/unmanaged-parts';
import { diffAfter, applyEdits, LIVE, liveState, type Edit } from './live-org';

const contentOf = (key: string): string => LIVE[key] ?? assert.fail(key);

function changesFor(key: string, live: readonly Edit[], stated: readonly Edit[]): readonly Change[] {
  const liveOrg = liveState({ [key]: applyEdits(contentOf(key), live) }, true);
  return diffAfter(liveOrg, key, applyEdits(contentOf(key), stated)).changes;
}

const values = (changes: readonly Change[]): unknown => changes.map(({ path, from, to }) => [path, from, to]);

test('shows a key by its kid and the end of its modulus, never in full', () => {
  const changes = changesFor('PublicKeyCertificate:Key_A', [], [['0123456789abcdefghij', 'ZYXWVUTSRQPONMLKJIHG']]);
  assert.deepEqual(
    changes.map(({ path }) => path),
    ['jsonWebKey'],
  );
  assert.match(changes[0]?.from ?? '', /^kid 2026-A \(n .*cdefghij\)$/);
  assert.match(changes[0]?.to ?? '', /^kid 2026-A \(n .*NMLKJIHG\)$/);
  assert.doesNotMatch(JSON.stringify(changes), /0123456789|ZYXWV|AQAB/);
});

test('shows neither text that is not a JWK nor private members', () => {
  for (const text of ['no json "d":"secret"', 'null', '[]', '7', '{"d":"secret"}']) {
    const changes = changesFor(
      'PublicKeyCertificate:Key_A',
      [[contentOf('PublicKeyCertificate:Key_A').split(/jsonWebKey>|<\/jsonWebKey/)[1] ?? '', text]],
      [],
    );
    assert.equal(changes.length, 1, text);
    assert.doesNotMatch(JSON.stringify(changes), /secret/);
  }
});

test('reports an added key of a keyset as a separate change without a previous value', () => {
  const changes = changesFor('PublicKeyCertificateSet:Keys', [], [['Key_A', 'Key_B']]);
  assert.deepEqual(values(changes), [['publicKeyCertificateSetKeys[Key_B]', null, 'publicKeyCertificate Key_B']]);
});

test('distinguishes an empty value from a missing one', () => {
  const description = '<description>For customers</description>';
  assert.deepEqual(values(changesFor('MessagingChannel:Web', [[description, '']], [])), [
    ['description', null, 'For customers'],
  ]);
  assert.deepEqual(values(changesFor('MessagingChannel:Web', [[description, '<description/>']], [])), [
    ['description', '', 'For customers'],
  ]);
});

test('reports no change for equivalent values', () => {
  const same: readonly (readonly [string, readonly Edit[]])[] = [
    ['MessagingChannel:Web', [['<enabled>true</enabled>', '<enabled>1</enabled>']]],
    ['PublicKeyCertificate:Key_A', [['"kty":"RSA","kid":"2026-A"', '"kid": "2026-A",\n "kty": "RSA"']]],
    ['Queue:Chat', [['>Chat<', '>\n  Chat\n<']]],
  ];
  for (const [key, live] of same) assert.deepEqual(changesFor(key, live, []), [], key);
});

test('reports a new component as one change with its label', () => {
  const { changes, toDeploy } = diffAfter(
    liveState({ 'Queue:Chat': undefined }, true),
    'Queue:Chat',
    contentOf('Queue:Chat'),
  );
  assert.deepEqual(
    changes.map(({ component, action, path, from, to }) => [component, action, path, from, to]),
    [['Queue:Chat', 'create', '', null, 'Chat']],
  );
  assert.deepEqual([...toDeploy.keys()], ['Queue:Chat']);
});

test('deploys only changed components, without a channel that is only activated', () => {
  const live = liveState({}, false);
  const { toDeploy, activate, changes } = diffOrg(live, live.components);
  assert.deepEqual([[...toDeploy], activate, changes.length], [[], ['Web'], 1]);
});

/** The paths and texts of non-empty elements. */
const nonEmptyPaths = (root: Element): readonly string[] =>
  leafElements(root).flatMap(([path, { text }]) => (text.trim() === '' ? [] : [`${path} ${text}`]));

test('plans no duplicate change, and none for an org in sync, for any live and declared channel', () => {
  fc.assert(
    fc.property(anyChannel, anyChannel, (root, stated) => {
      const at = (each: typeof root) => mapOf([{ type: 'MessagingChannel', fullName: 'Web', root: each }]);
      const live = { ...liveState({}, true), components: at(root) };
      const merged = overlay(root, stated);
      const { changes } = diffOrg(live, at(merged));
      if (merged === root) assert.deepEqual(changes, []);
      if (changes.length === 0) assert.deepEqual(nonEmptyPaths(merged), nonEmptyPaths(root));
      assert.equal(new Set(changes.map(({ path }) => path)).size, changes.length);
      assert.deepEqual(diffOrg({ ...live, components: at(merged) }, at(overlay(merged, stated))).changes, []);
    }),
    { numRuns: 1000 },
  );
});
