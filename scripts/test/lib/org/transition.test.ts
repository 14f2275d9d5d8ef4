import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapOf, type Component, type LiveState, type OrgState, type Plan } from '../../../lib/model';
import { findConflicts, isApplied, planOrg, transitionFor, withFinalState, withRemoval } from '../../../lib/org';
import { readComponent } from '../rules/org-components';
import { channel, desiredState, keysOf, ORG, queue } from './org-samples';

const FACTS = { orgId: ORG.orgId, kind: ORG.kind, name: '', missingPermissions: [] };
const CHAT = queue('Chat', 'Chat');
const TALK = queue('Chat', 'Talk');
const OTHER = queue('Other', 'Other');
const WEB = channel('Web', 'Chat');

const liveOrg = (components: readonly Component[], active: Readonly<Record<string, boolean>> = {}): LiveState => ({
  facts: FACTS,
  components: mapOf(components),
  channels: new Map(Object.entries(active).map(([name, each]) => [name, { id: name, active: each }])),
});

const state = (
  components: readonly (Component | string)[],
  { active = {}, partial = false }: { active?: Readonly<Record<string, boolean>>; partial?: boolean } = {},
): OrgState => ({
  components: new Map(
    components.map((each) =>
      typeof each === 'string' ? [each as 'Queue:x', null] : [`${each.type}:${each.fullName}` as const, each],
    ),
  ),
  channels: new Map(Object.entries(active)),
  partial,
});

/** What is left of a transition, in terms of the plan. */
const remaining = (live: LiveState, to: OrgState): Plan =>
  planOrg({ ...desiredState(), transition: { from: state([]), to, publish: ['Site'] } }, { ...live, missing: [] });

test('plans the changes between the live state and the end of a transition', () => {
  const plan = remaining(liveOrg([CHAT, OTHER]), state([TALK, 'Queue:Other']));
  assert.deepEqual(
    plan.changes.map(({ component, action, path, from, to }) => [component, action, path, from, to]),
    [
      ['Queue:Chat', 'update', 'name', 'Chat', 'Talk'],
      ['Queue:Other', 'delete', '', plan.changes[1]?.from, null],
    ],
  );
  assert.deepEqual(
    [keysOf(plan.toDeploy.values()), plan.toDelete, plan.publish],
    [['Queue:Chat'], ['Queue:Other'], ['Site']],
  );
});

test('plans no change if the org already has the end of a transition', () => {
  const live = liveOrg([TALK], { Web: true });
  assert.deepEqual(remaining(live, state([TALK, 'Queue:Other'], { active: { Web: true } })).changes, []);
});

const LONG = readComponent('Queue', 'Chat', '<Queue><email>a@example.com</email><name>Talk</name></Queue>');

test('keeps settings that a partial end does not declare, and removes those that an exact end does not contain', () => {
  assert.deepEqual(remaining(liveOrg([LONG]), state([TALK], { partial: true })).changes, []);
  const [change, ...others] = remaining(liveOrg([LONG]), state([TALK])).changes;
  assert.deepEqual([change?.path, change?.to, others.length], ['email', null, 0]);
});

test('deploys components exactly as the transition has them', () => {
  const { toDeploy } = remaining(liveOrg([queue('Chat', 'x')]), state([TALK], { partial: true }));
  assert.equal(toDeploy.get('Queue:Chat'), TALK);
});

const planFor = (live: LiveState, ...components: Component[]): Plan =>
  planOrg(desiredState(...components), { ...live, missing: [] });

test('starts a transition from the live state of the changed components', () => {
  const live = liveOrg([CHAT, OTHER, WEB], { Web: false });
  const transition = transitionFor(planFor(live, TALK, WEB, queue('New', 'New')), live);
  assert.deepEqual(
    [...transition.from.components],
    [
      ['Queue:Chat', CHAT],
      ['Queue:New', null],
      ['MessagingChannel:Web', WEB],
    ],
  );
  assert.deepEqual([...transition.from.channels], [['Web', false]]);
  assert.deepEqual(
    [[...transition.to.components.keys()], [...transition.to.channels]],
    [['Queue:Chat', 'Queue:New'], [['Web', true]]],
  );
  assert.deepEqual([transition.from.partial, transition.to.partial], [false, true]);
});

test('a transition of a saved plan also contains declared components, dependencies and dependents', () => {
  const app = channel('App', 'Other');
  const live = liveOrg([CHAT, OTHER, WEB, app], { Web: true, App: true });
  const keys = (declared?: readonly ['Queue:Declared']) =>
    [...transitionFor(planFor(live, TALK), live, declared).from.components.keys()].sort();
  assert.deepEqual(keys(), ['Queue:Chat']);
  assert.deepEqual(keys(['Queue:Declared']), ['MessagingChannel:Web', 'Queue:Chat', 'Queue:Declared']);
});

test('ends a transition with the live state after it was applied', () => {
  const live = liveOrg([CHAT]);
  const transition = transitionFor(planFor(live, TALK), live);
  const after = withFinalState(transition, liveOrg([LONG]));
  assert.deepEqual([after.to.components.get('Queue:Chat'), after.to.partial], [LONG, false]);
  assert.deepEqual(after.from, transition.from);
});

test('isApplied tells whether the org has every component of the end', () => {
  const transition = { from: state([]), to: state([TALK, 'Queue:Other'], { partial: true }), publish: [] };
  assert.equal(isApplied(transition, liveOrg([LONG])), true);
  assert.equal(isApplied(transition, liveOrg([CHAT])), false);
  assert.equal(isApplied(transition, liveOrg([])), false);
  assert.equal(isApplied(transition, liveOrg([TALK, OTHER])), false);
});

const conflicts = (from: OrgState, to: OrgState, live: LiveState): readonly string[] =>
  findConflicts({ from, to, publish: [] }, live);

test('finds no conflict if a component has its start value or its end value', () => {
  const [from, to] = [state([CHAT]), state([TALK], { partial: true })];
  assert.deepEqual(conflicts(from, to, liveOrg([CHAT])), []);
  assert.deepEqual(conflicts(from, to, liveOrg([TALK])), []);
});

test('describes a changed, an added and a deleted component as conflicts', () => {
  const to = state([TALK], { partial: true });
  assert.deepEqual(conflicts(state([CHAT]), to, liveOrg([queue('Chat', 'x')])), ['Queue:Chat name: Chat -> x']);
  assert.deepEqual(conflicts(state([CHAT]), to, liveOrg([])), ['Queue:Chat was deleted']);
  assert.deepEqual(conflicts(state(['Queue:Chat']), to, liveOrg([CHAT])), ['Queue:Chat was added']);
});

test('describes a setting that was set or removed as a conflict', () => {
  const bare = readComponent('Queue', 'Chat', '<Queue><name>Talk</name></Queue>');
  const to = state([CHAT]);
  assert.deepEqual(conflicts(state([bare]), to, liveOrg([LONG])), ['Queue:Chat email: (not set) -> a@example.com']);
  assert.deepEqual(conflicts(state([LONG]), to, liveOrg([bare])), ['Queue:Chat email: a@example.com -> (not set)']);
});

test('finds conflicts in dependencies and dependents of the changes, but not in unrelated components', () => {
  const from = state([CHAT, OTHER, WEB]);
  const live = liveOrg([CHAT, queue('Other', 'x'), channel('Web', 'Chat', 'x')]);
  assert.deepEqual(conflicts(from, state([TALK], { partial: true }), live), [
    'MessagingChannel:Web masterLabel: Web -> x',
  ]);
  const renamed = state([channel('Web', 'Chat', 'New')], { partial: true });
  const changedQueue = liveOrg([queue('Chat', 'x'), OTHER, WEB]);
  assert.deepEqual(conflicts(from, renamed, changedQueue), ['Queue:Chat name: Chat -> x']);
});

test('finds a conflict in a channel that was activated or deactivated', () => {
  const from = state([WEB], { active: { Web: true } });
  const to = state([channel('Web', 'Chat', 'New')], { partial: true });
  assert.deepEqual(conflicts(from, to, liveOrg([WEB], { Web: false })), [
    'MessagingChannel:Web isActive: true -> false',
  ]);
  assert.deepEqual(conflicts(from, to, liveOrg([WEB], { Web: true })), []);
  assert.deepEqual(conflicts(from, { ...to, channels: new Map([['Web', false]]) }, liveOrg([WEB], { Web: false })), []);
});

test('withRemoval deletes components and removes settings in one transition', () => {
  const removal = { kept: mapOf([TALK]), deleted: ['Queue:Other'] as const };
  const { transition } = withRemoval(desiredState(), removal, ['Site']);
  assert.deepEqual(
    [...(transition?.to.components ?? [])],
    [
      ['Queue:Chat', TALK],
      ['Queue:Other', null],
    ],
  );
  assert.deepEqual([transition?.to.partial, transition?.publish, transition?.ignoreConflicts], [false, ['Site'], true]);
});
