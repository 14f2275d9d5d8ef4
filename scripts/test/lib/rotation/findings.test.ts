import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { readSource } from '../../../lib/project';
import { PROJECT } from '../../gates/list-files';
import { rotationFindings, type Rotation } from '../../../lib/rotation';
import {
  componentsOf,
  mapOf,
  parent,
  leaf,
  type Component,
  type ComponentMap,
  type DesiredState,
} from '../../../lib/model';
import { DAY_MS, publicJwk, NOW, keyPair } from '../jwk/test-keys';
import { sampleRotation } from './fake-backend';

const HOUR = DAY_MS / 24;
const ago = (milliseconds: number): string => new Date(NOW.getTime() - milliseconds).toISOString();

const keyset = (...keys: string[]): Component => ({
  type: 'PublicKeyCertificateSet',
  fullName: 'Customers',
  root: parent(
    'PublicKeyCertificateSet',
    keys.map((key) => parent('publicKeyCertificateSetKeys', [leaf('publicKeyCertificate', key)])),
  ),
});

async function key(fullName: string, days: number): Promise<Component> {
  const jwk = await publicJwk(keyPair(), { notAfter: new Date(NOW.getTime() + days * DAY_MS) });
  const members = [leaf('isActive', 'true'), leaf('jsonWebKey', JSON.stringify(jwk))];
  return { type: 'PublicKeyCertificate', fullName, root: parent('PublicKeyCertificate', members) };
}

/** An org that gets all components of source. */
const orgWith = (components: ComponentMap): DesiredState =>
  ({ org: { alias: 'dev' }, components }) as unknown as DesiredState;

let old: Component;
let next: Component;
before(async () => {
  old = await key('Old', 200);
  next = await key('New', 400);
});

const rulesOf = (
  rotations: readonly Rotation[],
  components: readonly Component[],
  orgs = [orgWith(mapOf(components))],
): readonly string[] =>
  rotationFindings({ rotations, source: mapOf(components), orgs, now: NOW }).map(({ rule }) => rule);

const both = (): readonly Component[] => [keyset('Old', 'New'), old, next];
const staged = (rest: Partial<Rotation> = {}): Rotation =>
  sampleRotation({ startedAt: ago(10 * DAY_MS), targets: { dev: { stagedAt: ago(9 * DAY_MS) } }, ...rest });

test('reports nothing for keys in use with a long validity and no rotation', () => {
  assert.deepEqual(rulesOf([], both()), []);
});

test('reports a rotation as stuck after 14 days without a step', () => {
  const at = (days: number): Rotation =>
    sampleRotation({ startedAt: ago(days * DAY_MS), targets: { dev: { stagedAt: ago(days * DAY_MS) } } });
  assert.deepEqual(rulesOf([at(13.99)], both()), []);
  assert.deepEqual(rulesOf([at(14)], both()), ['rotation-stuck']);
});

test('reports an old key as overdue from the earliest time it can be retired', () => {
  const wait = 72 * HOUR + 2 * HOUR;
  assert.deepEqual(rulesOf([staged({ switchedAt: ago(wait - 1000) })], both()), []);
  assert.deepEqual(rulesOf([staged({ switchedAt: ago(wait) })], both()), ['rotation-overdue']);
});

test('does not report a retired key as overdue, or a completed rotation', () => {
  const retired = { stagedAt: ago(9 * DAY_MS), retiredAt: ago(DAY_MS) };
  assert.deepEqual(rulesOf([staged({ switchedAt: ago(8 * DAY_MS), targets: { dev: retired } })], both()), []);
  const over = { dev: { ...retired, deletedAt: ago(20 * DAY_MS) } };
  assert.deepEqual(rulesOf([staged({ startedAt: ago(90 * DAY_MS), targets: over })], both()), []);
});

test('reports a compromised key as overdue immediately', () => {
  assert.deepEqual(rulesOf([sampleRotation({ startedAt: ago(0), compromised: true })], both()), ['rotation-overdue']);
});

test('reports a new key as late if the signer cannot switch before the old certificate expires', async () => {
  const ending = (days: number): Promise<Component> => key('Old', days);
  const unstaged = sampleRotation({ startedAt: ago(HOUR), tokenLifetimeMinutes: 24 * 60 });
  assert.deepEqual(rulesOf([unstaged], [keyset('Old', 'New'), await ending(1.01), next]), []);
  assert.deepEqual(rulesOf([unstaged], [keyset('Old', 'New'), await ending(0.99), next]), ['rotation-late']);
});

test('reports a missing rotation for an active key that expires within days', async () => {
  const soon = await key('Old', 3);
  assert.deepEqual(rulesOf([], [keyset('Old', 'New'), soon, next]), ['rotation-missing']);
  const inactive = {
    ...soon,
    root: { ...soon.root, children: soon.root.children.filter(({ name }) => name !== 'isActive') },
  };
  assert.deepEqual(rulesOf([], [keyset('Old', 'New'), inactive, next]), []);
});

test('reports a key that no org gets as unused, unless it is in a rotation', () => {
  const used = [orgWith(mapOf([keyset('Old'), old]))];
  assert.deepEqual(rulesOf([], both(), used), ['key-unused']);
  assert.deepEqual(rulesOf([sampleRotation({ startedAt: ago(0) })], both(), used), []);
  assert.equal(componentsOf(mapOf(both()), 'PublicKeyCertificate').length, 2);
});

test("a key isn't reported as unused while an org file can't be read", () => {
  const input = { rotations: [], source: mapOf(both()), orgs: [], now: NOW };
  assert.deepEqual(rotationFindings({ ...input, allOrgsRead: false }), []);
  assert.deepEqual(
    rotationFindings(input).map(({ rule }) => rule),
    ['key-unused', 'key-unused'],
  );
});

test('the fix for an unused key names the keysets that list it', () => {
  const fixes = (...components: readonly Component[]): readonly string[] =>
    rotationFindings({ rotations: [], source: mapOf(components), orgs: [], now: NOW }).map(({ fix }) => fix);
  const stageFix = 'Stage it: npm run keys -- rotate stage KEYSET --new-key Old. Or ';
  assert.deepEqual(fixes(old), [`${stageFix}delete its file.`]);
  assert.deepEqual(fixes(keyset('Old'), old), [
    `${stageFix}delete its file and the file of Customers, which has no other key.`,
  ]);
  const listed = (fullName: string, ...keys: string[]): Component => ({ ...keyset(...keys), fullName });
  assert.equal(fixes(listed('A', 'Old', 'New'), old)[0], `${stageFix}remove it from A and delete its file.`);
  assert.equal(
    fixes(listed('A', 'Old', 'New'), listed('B', 'Old'), old)[0],
    `${stageFix}remove it from A and delete its file and the file of B, which has no other key.`,
  );
});

test('the fix for an unused sample key only deletes it, because nobody has its private key', () => {
  const sample = componentsOf(readSource(PROJECT).components, 'PublicKeyCertificate')[0] ?? assert.fail();
  const [finding] = rotationFindings({ rotations: [], source: mapOf([sample]), orgs: [], now: NOW });
  assert.equal(finding?.fix, 'Delete its file.');
});

test('a completed rotation is not overdue, stuck, or late', async () => {
  const done = staged({ switchedAt: ago(8 * DAY_MS), targets: { dev: { deletedAt: ago(DAY_MS) } } });
  assert.deepEqual(rulesOf([done], [keyset('New'), await key('Old', 3), next], []), ['key-unused', 'key-unused']);
});

/** The finding of the only rule that applies. */
function findingOf(
  rotations: readonly Rotation[],
  components: readonly Component[],
  orgs = [orgWith(mapOf(components))],
) {
  const [finding, ...others] = rotationFindings({ rotations, source: mapOf(components), orgs, now: NOW });
  assert.deepEqual(others, []);
  return finding ?? assert.fail('no finding');
}

const KEYSET_PLACE = {
  severity: 'warning',
  component: 'PublicKeyCertificateSet:Customers',
  path: '',
  file: 'config/rotations/Customers.json',
  line: 0,
};

test('names the moment, the key, and the next command', async () => {
  const soon = await key('Old', 0.5);
  const [overdue, stuck] = [staged({ switchedAt: ago(4 * DAY_MS) }), sampleRotation({ startedAt: ago(15 * DAY_MS) })];
  assert.deepEqual(findingOf([overdue], both()), {
    rule: 'rotation-overdue',
    ...KEYSET_PLACE,
    message:
      'Old could be retired since 2026-09-30 14:00:00 UTC but is still trusted, so its private key can still sign tokens.',
    fix: 'Run: npm run keys -- rotate retire Customers',
  });
  assert.deepEqual(findingOf([stuck], both()), {
    rule: 'rotation-stuck',
    ...KEYSET_PLACE,
    message: 'The rotation of Customers has been staging for 15 days without a next step.',
    fix: 'Show the next step: npm run keys -- rotate status Customers',
  });
  const { newKey: _, ...unnamed } = sampleRotation({ startedAt: ago(HOUR), tokenLifetimeMinutes: 24 * 60 });
  assert.deepEqual(findingOf([unnamed], [keyset('Old'), soon]), {
    rule: 'rotation-late',
    ...KEYSET_PLACE,
    message:
      'The certificate of Old expires at 2026-10-02 00:00:00 UTC, before the signer can have switched to a new key (2026-10-02 12:00:00 UTC).',
    fix: 'Take the next step now, or import a new certificate for the old key: npm run keys -- import Old --from CERTIFICATE',
  });
});

test('names the key without a rotation, and the place of its source', async () => {
  const soon = await key('Old', 3);
  const origin = { file: 'Old.xml', line: 7 };
  const declared = { ...soon, root: { ...soon.root, origin } };
  const place = { component: 'PublicKeyCertificate:Old', path: '' };
  const missing = findingOf([], [keyset('Old', 'New'), declared, next]);
  assert.deepEqual(
    { ...missing, fix: '' },
    {
      rule: 'rotation-missing',
      severity: 'warning',
      ...place,
      ...origin,
      fix: '',
      message:
        'The certificate of Old expires at 2026-10-04 12:00:00 UTC and no rotation replaces it. A new key that is staged now may come too late.',
    },
  );
  assert.match(missing.fix, /^Create a key \(npm run keys -- new NAME --private-key FILE\) and stage it now\./);
  const unused = findingOf([], [old], []);
  assert.deepEqual(
    { ...unused, fix: '' },
    {
      rule: 'key-unused',
      severity: 'note',
      ...place,
      file: '',
      line: 0,
      fix: '',
      message: 'No org uses the key Old, because no keyset of an org lists it.',
    },
  );
});

test('does not report a new key as late after the switch, for a compromised key, or without a certificate', async () => {
  const soon = [keyset('Old', 'New'), await key('Old', 0.5), next];
  const rotation = sampleRotation({ startedAt: ago(HOUR), tokenLifetimeMinutes: 24 * 60 });
  assert.deepEqual(rulesOf([rotation], soon), ['rotation-late']);
  assert.deepEqual(rulesOf([{ ...rotation, switchedAt: ago(HOUR / 2) }], soon), []);
  assert.deepEqual(rulesOf([{ ...rotation, compromised: true }], soon), ['rotation-overdue']);
  assert.deepEqual(rulesOf([rotation], [keyset('Old', 'New'), next]), []);
});

test('counts the orgs whose keyset lists one of the keys, and the recorded targets of an endpoint', () => {
  const listing = orgWith(mapOf([keyset('Old'), old]));
  const bystander = { org: { alias: 'qa' }, components: mapOf([keyset('Other')]) } as unknown as DesiredState;
  const retired = { stagedAt: ago(9 * DAY_MS), retiredAt: ago(DAY_MS) };
  const switched = staged({ switchedAt: ago(8 * DAY_MS), targets: { dev: retired } });
  const found = (rotation: Rotation, orgs: readonly DesiredState[]): readonly string[] =>
    rulesOf([rotation], both(), [...orgs]);
  assert.deepEqual(found(switched, [listing, bystander]), []);
  const another = { ...listing, org: { ...listing.org, alias: 'uat' } };
  assert.deepEqual(found(switched, [listing, another]), ['rotation-overdue']);
  assert.deepEqual(found({ ...switched, delivery: 'endpoint' }, [listing, another]), []);
  assert.deepEqual(found(switched, []), []);
});

test('reports a missing rotation only for a key that an org gets', async () => {
  const soon = await key('Old', 3);
  const orgs = [orgWith(mapOf([keyset('Old'), soon])), orgWith(mapOf([]))];
  assert.deepEqual(rulesOf([], [keyset('Old'), soon], orgs), ['rotation-missing']);
  assert.deepEqual(rulesOf([], [keyset('Old'), soon], [orgWith(mapOf([]))]), ['key-unused']);
});
