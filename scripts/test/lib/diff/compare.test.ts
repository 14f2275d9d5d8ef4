import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compare, extraTrust } from '../../../lib/diff';
import { overlay } from '../../../lib/metadata';
import { mapOf, type Change, type Element } from '../../../lib/model';
import { anyChannel } from '../metadata/any-channel';
import { leaves } from '../metadata/untouched';
import { changesOf, edited, LIVE, snapshot, type Edit } from './live-org';

const contentOf = (key: string): string => LIVE[key] ?? assert.fail(key);

function shown(key: string, live: readonly Edit[], stated: readonly Edit[]): readonly Change[] {
  const held = snapshot({ [key]: edited(contentOf(key), live) }, true);
  return changesOf(held, key, edited(contentOf(key), stated)).changes;
}

const values = (changes: readonly Change[]): unknown => changes.map(({ path, from, to }) => [path, from, to]);

test('a key is shown by its kid and the end of its modulus, never as a whole', () => {
  const changes = shown('PublicKeyCertificate:Key_A', [], [['0123456789abcdefghij', 'ZYXWVUTSRQPONMLKJIHG']]);
  assert.deepEqual(
    changes.map(({ path }) => path),
    ['jsonWebKey'],
  );
  assert.match(changes[0]?.from ?? '', /^kid 2026-A \(n .*cdefghij\)$/);
  assert.match(changes[0]?.to ?? '', /^kid 2026-A \(n .*NMLKJIHG\)$/);
  assert.doesNotMatch(JSON.stringify(changes), /0123456789|ZYXWV|AQAB/);
});

test('what is no JWK is not shown either, nor is a private member', () => {
  for (const text of ['no json "d":"secret"', 'null', '[]', '7', '{"d":"secret"}']) {
    const changes = shown(
      'PublicKeyCertificate:Key_A',
      [[contentOf('PublicKeyCertificate:Key_A').split(/jsonWebKey>|<\/jsonWebKey/)[1] ?? '', text]],
      [],
    );
    assert.equal(changes.length, 1, text);
    assert.doesNotMatch(JSON.stringify(changes), /secret/);
  }
});

test('a key more in a keyset is a change of its own, with an empty before', () => {
  const changes = shown('PublicKeyCertificateSet:Keys', [], [['Key_A', 'Key_B']]);
  assert.deepEqual(values(changes), [['publicKeyCertificateSetKeys[Key_B]', null, 'publicKeyCertificate Key_B']]);
});

test('an empty value and an absent one are told apart', () => {
  const description = '<description>For customers</description>';
  assert.deepEqual(values(shown('MessagingChannel:Web', [[description, '']], [])), [
    ['description', null, 'For customers'],
  ]);
  assert.deepEqual(values(shown('MessagingChannel:Web', [[description, '<description/>']], [])), [
    ['description', '', 'For customers'],
  ]);
});

test('what means the same is no change', () => {
  const same: readonly (readonly [string, readonly Edit[]])[] = [
    ['MessagingChannel:Web', [['<enabled>true</enabled>', '<enabled>1</enabled>']]],
    ['PublicKeyCertificate:Key_A', [['"kty":"RSA","kid":"2026-A"', '"kid": "2026-A",\n "kty": "RSA"']]],
    ['Queue:Chat', [['>Chat<', '>\n  Chat\n<']]],
  ];
  for (const [key, live] of same) assert.deepEqual(shown(key, live, []), [], key);
});

test('a new component is one change, named by its label', () => {
  const { changes, bundle } = changesOf(
    snapshot({ 'Queue:Chat': undefined }, true),
    'Queue:Chat',
    contentOf('Queue:Chat'),
  );
  assert.deepEqual(
    changes.map(({ component, action, path, from, to }) => [component, action, path, from, to]),
    [['Queue:Chat', 'create', '', null, 'Chat']],
  );
  assert.deepEqual([...bundle.keys()], ['Queue:Chat']);
});

test('the bundle holds what changes and nothing else; a channel that is only activated is not in it', () => {
  const live = snapshot({}, false);
  const { bundle, activate, changes } = compare(live, live.components);
  assert.deepEqual([[...bundle], activate, changes.length], [[], ['Web'], 1]);
});

/** Paths and texts of what is not empty. */
const filled = (root: Element): readonly string[] =>
  leaves(root).flatMap(([path, { text }]) => (text.trim() === '' ? [] : [`${path} ${text}`]));

test('whatever an org holds and the source states: no change is planned twice over, and none for an org as stated', () => {
  fc.assert(
    fc.property(anyChannel, anyChannel, (root, stated) => {
      const at = (each: typeof root) => mapOf([{ type: 'MessagingChannel', fullName: 'Web', root: each }]);
      const live = { ...snapshot({}, true), components: at(root) };
      const merged = overlay(root, stated);
      const { changes } = compare(live, at(merged));
      if (merged === root) assert.deepEqual(changes, []);
      if (changes.length === 0) assert.deepEqual(filled(merged), filled(root));
      assert.equal(new Set(changes.map(({ path }) => path)).size, changes.length);
      assert.deepEqual(compare({ ...live, components: at(merged) }, at(overlay(merged, stated))).changes, []);
    }),
    { numRuns: 1000 },
  );
});

test('keys and enabled configurations that only the org trusts are told; what the source states is not', () => {
  const more = (name: string, enabled: boolean): string =>
    `<messagingAuthorizations><authIdentifier>${name}</authIdentifier><enabled>${enabled}</enabled></messagingAuthorizations></embeddedConfig>`;
  const web = edited(contentOf('MessagingChannel:Web'), [
    ['</embeddedConfig>', more('Old', true)],
    ['</embeddedConfig>', more('Off', false)],
  ]);
  const keys = edited(contentOf('PublicKeyCertificateSet:Keys'), [['Key_A', 'Key_B']]);
  const live = snapshot({ 'MessagingChannel:Web': web, 'PublicKeyCertificateSet:Keys': keys }, true).components;
  const extras = extraTrust(snapshot({}, true).components, live).map(({ component, name }) => `${component} ${name}`);
  assert.deepEqual(extras.sort(), ['MessagingChannel:Web Old', 'PublicKeyCertificateSet:Keys Key_B']);
});
