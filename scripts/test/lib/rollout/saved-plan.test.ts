import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Context } from '../../../lib/cli';
import { mapOf, type Component, type DesiredState } from '../../../lib/model';
import { readPlanFile } from '../../../lib/plan';
import { planFleet } from '../../../lib/rollout';
import { desiredStateFrom, orgConfigFrom, savePlan, selectOrgs } from '../../../lib/rollout/saved-plan';
import { API_VERSION, channel, fakeDev, ORG, queue } from '../org/org-samples';
import { runsFolder } from './journal-fixture';

const NOW = new Date('2026-11-27T10:00:00Z');
const CHAT = queue('Chat', 'Chat');

/** Plans the org dev. */
async function planDev(desired: readonly Component[], live: Readonly<Record<string, string>>, fail = false) {
  const { sf, org } = fakeDev({ files: live });
  if (fail) org.fail('query', 'unreachable');
  const state: DesiredState = { org: ORG, components: mapOf(desired), compromised: [] };
  return { sf, fleet: await planFleet(sf, [state], { apiVersion: API_VERSION, onResult: () => undefined }) };
}

type Planned = Awaited<ReturnType<typeof planDev>>;

function saveFleet({ sf, fleet }: Planned) {
  const file = join(runsFolder(), 'plan.json');
  const planned = { sf, apiVersion: API_VERSION, from: 'project', valid: true, fleet, findings: [] } as const;
  return { file, message: savePlan({ now: NOW }, file, planned), plan: readPlanFile(file, 'plan') };
}

/** Plans the org dev and saves the plan. */
const save = async (...args: Parameters<typeof planDev>) => saveFleet(await planDev(...args));

test('a saved plan contains the transition from the live state to the declared one', async () => {
  const { file, message, plan } = await save([queue('Chat', 'Talk')], {
    'queues/Chat.queue': '<Queue><name>Chat</name></Queue>',
  });
  assert.equal(message, `Plan saved to ${file}.\nTo deploy exactly this plan: npm run deploy -- --plan ${file} --all`);
  assert.deepEqual([plan.createdAt, plan.apiVersion, plan.unplanned], [NOW, '67.0', []]);
  const { changes, transition } = plan.orgs[0] ?? assert.fail();
  assert.deepEqual(
    changes.map(({ path, from, to }) => [path, from, to]),
    [['name', 'Chat', 'Talk']],
  );
  const nameIn = (component: Component | null | undefined) => component?.root.children.map(({ text }) => text);
  assert.deepEqual(nameIn(transition.from.components.get('Queue:Chat')), ['Chat']);
  assert.deepEqual(nameIn(transition.to.components.get('Queue:Chat')), ['Talk']);
});

test('the command that deploys a saved plan accepts its disruptive changes', async () => {
  const { sf, fleet } = await planDev([queue('Chat', 'Talk')], {
    'queues/Chat.queue': '<Queue><name>Chat</name></Queue>',
  });
  const disruptive = fleet.map((planned) => ({
    ...planned,
    ...(planned.plan && {
      plan: {
        ...planned.plan,
        changes: planned.plan.changes.map((each) => ({ ...each, impact: 'disruptive' as const })),
      },
    }),
  }));
  assert.match(saveFleet({ sf, fleet: disruptive }).message, / --plan \S+ --all --accept disruptive$/);
});

test('a saved plan starts from every declared component, also from those that do not change', async () => {
  const { plan } = await save([queue('Chat', 'Talk'), queue('Other', 'Other')], {
    'queues/Chat.queue': '<Queue><name>Chat</name></Queue>',
    'queues/Other.queue': '<Queue><name>Other</name></Queue>',
  });
  const { transition } = plan.orgs[0] ?? assert.fail();
  assert.deepEqual([...transition.from.components.keys()].sort(), ['Queue:Chat', 'Queue:Other']);
  assert.deepEqual([...transition.to.components.keys()], ['Queue:Chat']);
});

test('the desired state of a saved plan has the end of each changed component, and the start of the others', async () => {
  const { plan } = await save([queue('Chat', 'Talk'), queue('Other', 'Other')], {
    'queues/Chat.queue': '<Queue><name>Chat</name></Queue>',
    'queues/Other.queue': '<Queue><name>Other</name></Queue>',
  });
  const { components, org } = desiredStateFrom(plan.orgs[0] ?? assert.fail(), []);
  const names = [...components].map(([key, { root }]) => [key, root.children.map(({ text }) => text).join()]);
  assert.deepEqual(names.sort(), [
    ['Queue:Chat', 'Talk'],
    ['Queue:Other', 'Other'],
  ]);
  assert.equal(org.alias, 'dev');
});

test('a saved plan activates channels', async () => {
  const { plan } = await save([CHAT, channel('Web', 'Chat')], {});
  assert.deepEqual([...(plan.orgs[0]?.transition.to.channels ?? [])], [['Web', true]]);
});

test('a saved plan without a planned org contains the errors, and its message recommends no deploy', async () => {
  const { message, plan } = await save([CHAT], {}, true);
  assert.match(message, /^No org could be planned, so .* contains only the errors\./);
  assert.doesNotMatch(message, /deploy/);
  assert.deepEqual(plan.orgs, []);
  assert.deepEqual(
    plan.unplanned.map(({ alias, error }) => [alias, error.code]),
    [['dev', 'org-unreachable']],
  );
});

test('the message of a saved plan names the orgs that it does not include', async () => {
  const { sf, fleet } = await planDev([CHAT], {});
  const { fleet: unplanned } = await planDev([CHAT], {}, true);
  const { message } = saveFleet({ sf, fleet: [...fleet, ...unplanned] });
  assert.match(message, /^Plan saved to .*\. It doesn't include dev\.\nTo deploy exactly this plan: /);
});

const orgIn = (alias: string, wave: number) => ({ org: { ...ORG, alias, wave }, changes: [], transition: {} as never });
const lost = {
  alias: 'lost',
  orgId: ORG.orgId,
  kind: ORG.kind,
  wave: 2,
  error: { code: 'x', what: '', why: '', fix: '' },
};
const PLAN = { orgs: [orgIn('dev', 1), orgIn('uat', 2)], unplanned: [lost] };

function select(flags: { readonly org?: readonly string[]; readonly wave?: number }): readonly (readonly string[])[] {
  const { orgs, unplanned } = selectOrgs(PLAN, { org: [], ...flags } as unknown as Context['flags']);
  return [orgs.map(({ org }) => org.alias), unplanned.map(({ alias }) => alias)];
}

test('selects all orgs of a plan by default, and orgs by alias, wave or both', () => {
  assert.deepEqual(select({}), [['dev', 'uat'], ['lost']]);
  assert.deepEqual(select({ org: ['dev'] }), [['dev'], []]);
  assert.deepEqual(select({ org: ['lost'] }), [[], ['lost']]);
  assert.deepEqual(select({ wave: 2 }), [['uat'], ['lost']]);
  assert.deepEqual(select({ org: ['uat', 'dev'], wave: 2 }), [['uat'], []]);
});

test('rejects an alias that the plan does not contain, and a selection without an org', () => {
  assert.throws(() => select({ org: ['dev', 'nobody'] }), {
    code: 'unknown-org',
    exit: 3,
    what: 'Unknown org "nobody".',
  });
  assert.throws(() => select({ wave: 3 }), { code: 'invalid-flag', exit: 3 });
  assert.throws(() => select({ org: ['dev'], wave: 2 }), { code: 'invalid-flag' });
});

test('the org of a saved plan has no overrides and no existing components', () => {
  const { alias, existing, overrides } = orgConfigFrom({ org: ORG });
  assert.deepEqual([alias, existing, overrides.size], ['dev', [], 0]);
});
