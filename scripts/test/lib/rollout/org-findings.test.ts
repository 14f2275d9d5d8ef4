import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ComponentKey, type DesiredState, type LiveState, type OrgKind } from '../../../lib/model';
import { planOrg } from '../../../lib/org';
import { orgFindings } from '../../../lib/rollout/org-findings';
import { NOW } from '../jwk/test-keys';
import { ORG } from '../org/org-samples';
import { LIVE, liveState } from '../plan/live-org';

const live = { ...liveState({}, true), missing: [] };
const org = (alias: string, kind: OrgKind): DesiredState => ({
  org: { ...ORG, alias, file: `config/orgs/${alias}.json`, kind },
  components: live.components,
  compromised: [],
});
const production = [org('prod', 'production')];

const rulesOf = (desired: DesiredState): ReadonlySet<string> => {
  const result = { ...desired.org, status: 'unchanged', changes: [], deployIds: [], checks: [] } as const;
  return new Set(orgFindings({ desired, live, result, readAt: 0 }, production, NOW).map(({ rule }) => rule));
};

test('a sandbox that trusts what production trusts has a finding, and production itself has none', () => {
  assert.ok(rulesOf(org('uat', 'sandbox')).has('production-trust'));
  assert.ok(!rulesOf(org('prod', 'production')).has('production-trust'));
});

test('a note names what the org uses and source does not manage, except retired and accepted components', () => {
  const unmanagedIn = (config: Partial<DesiredState['org']>): string | undefined => {
    const components = new Map([...live.components].filter(([key]) => key !== 'MessagingChannel:Web'));
    const desired = { org: { ...org('uat', 'sandbox').org, ...config }, components, compromised: [] };
    const result = { ...desired.org, status: 'unchanged', changes: [], deployIds: [], checks: [] } as const;
    const findings = orgFindings({ desired, live, result, readAt: 0 }, [], NOW);
    return findings.find(({ rule }) => rule === 'live-and-unmanaged')?.message;
  };
  assert.match(unmanagedIn({}) ?? '', /In the org uat: MessagingChannel:Web is live and unmanaged\./);
  assert.equal(unmanagedIn({ retired: ['MessagingChannel:Web'] }), undefined);
  assert.equal(
    unmanagedIn({ alsoTrusted: [{ component: 'MessagingChannel:Web', keys: ['x'], reason: 'x' }] }),
    undefined,
  );
});

test('a note does not name an unmanaged component that the plan changes', () => {
  const unmanagedIn = (changed: readonly ComponentKey[]): string | undefined => {
    const components = new Map([...live.components].filter(([key]) => key !== 'MessagingChannel:Web'));
    const desired = { ...org('uat', 'sandbox'), components };
    const change = {
      action: 'update',
      path: 'enabled',
      from: 'true',
      to: 'false',
      impact: 'disruptive',
      effect: '',
    } as const;
    const changes = changed.map((component) => ({ ...change, component }));
    const result = { ...desired.org, status: 'planned', changes, deployIds: [], checks: [] } as const;
    const plan = { ...planOrg(desired, live), changes };
    const findings = orgFindings({ desired, live, result, plan, readAt: 0 }, [], NOW);
    return findings.find(({ rule }) => rule === 'live-and-unmanaged')?.message;
  };
  for (const other of [[], ['MessagingChannel:Other'] as const])
    assert.match(unmanagedIn(other) ?? '', /: MessagingChannel:Web is live and unmanaged\./);
  assert.equal(unmanagedIn(['MessagingChannel:Web']), undefined);
});

test('a channel whose keys are all inactive has a warning, because it verifies nobody', () => {
  assert.ok(!rulesOf(org('uat', 'sandbox')).has('channel-verifies-nobody'));
  const inactive = liveState(
    { 'PublicKeyCertificate:Key_A': (LIVE['PublicKeyCertificate:Key_A'] ?? '').replace('>true<', '>false<') },
    true,
  );
  const desired = { ...org('uat', 'sandbox'), components: inactive.components };
  const result = { ...desired.org, status: 'unchanged', changes: [], deployIds: [], checks: [] } as const;
  const planned = { desired, live: { ...inactive, missing: [] }, result, readAt: 0 };
  const [finding] = orgFindings(planned, [], NOW).filter(({ rule }) => rule === 'channel-verifies-nobody');
  assert.deepEqual([finding?.severity, finding?.component], ['warning', 'MessagingChannel:Web']);
  assert.match(finding?.message ?? '', /nobody can start a chat on Web, because it has no active key\.$/);
});

test('an org that was not read has no findings', () => {
  const desired = org('uat', 'sandbox');
  const result = { ...desired.org, status: 'unreachable', changes: [], deployIds: [], checks: [] } as const;
  assert.deepEqual(orgFindings({ desired, result, readAt: 0 }, production, NOW), []);
});

test('a channel with an agent that is deployed for another reason has a warning', () => {
  const withAgent = (LIVE['MessagingChannel:Web'] ?? '').replace(
    '<sessionHandlerQueue>',
    '<sessionHandlerAsa>Helper</sessionHandlerAsa><sessionHandlerQueue>',
  );
  const findingsFor = (before: string, after: string): readonly string[] => {
    const [live, target] = [before, after].map((text) => liveState({ 'MessagingChannel:Web': text }, true));
    assert.ok(live && target);
    const desired = { ...org('uat', 'sandbox'), components: target.components };
    const plan = planOrg(desired, { ...live, missing: [] });
    const result = { ...desired.org, status: 'planned', changes: [], deployIds: [], checks: [] } as const;
    const planned = { desired, live: { ...live, missing: [] }, plan, result, readAt: 0 };
    return orgFindings(planned, [], NOW).flatMap(({ rule, message }) => (rule === 'agent-redeployed' ? [message] : []));
  };
  const relabeled = withAgent.replace('<masterLabel>Web<', '<masterLabel>Chat<');
  assert.match(findingsFor(withAgent, relabeled).join(), /the deploy of Web can drop its agent Helper\./);
  assert.deepEqual(findingsFor(withAgent, withAgent), [], 'nothing is deployed');
  assert.deepEqual(findingsFor(LIVE['MessagingChannel:Web'] ?? '', withAgent), [], 'the change of the agent says it');
});

describe('an org with a member site', () => {
  const findingFor = (sites: LiveState['sites'], hasMemberSite = true) => {
    const uat = org('uat', 'sandbox');
    const memberSite = { key: 'Key_A', certificate: 'Signing' };
    const desired = { ...uat, org: { ...uat.org, ...(hasMemberSite && { memberSite }) } };
    const result = { ...desired.org, status: 'unchanged', changes: [], deployIds: [], checks: [] } as const;
    const planned = { desired, live: { ...live, ...(sites && { sites }) }, result, readAt: 0 };
    return orgFindings(planned, [], NOW).find(({ rule }) => rule === 'member-site-template');
  };
  const site = (name: string, template: string) => ({ name, template });
  const [lwr, aura] = [site('Shop', 'Build Your Own (LWR)'), site('Help', 'Help Center')];

  test('has a warning that names its sites and templates if none is supported', () => {
    const finding = findingFor([lwr, site('Partners', 'Partner Central')]);
    assert.equal(finding?.severity, 'warning');
    assert.match(
      finding?.message ?? '',
      /on Shop \(template Build Your Own \(LWR\)\) and Partners \(template Partner Central\)\. Salesforce supports/,
    );
  });

  test('has a note about the other sites if one is supported', () => {
    assert.equal(findingFor([lwr, aura])?.severity, 'note');
    assert.doesNotMatch(findingFor([lwr, aura])?.message ?? '', /Help \(/);
  });

  test('has no finding if every site is supported, is generated for chat, or could not be read', () => {
    for (const template of ['Build Your Own', 'Customer Service', 'Customer Service (Napili)'])
      assert.equal(findingFor([site('Members', template)]), undefined, template);
    for (const sites of [[], undefined, [aura, site('ESW_Web_Chat_1', 'Build Your Own (LWR)')]])
      assert.equal(findingFor(sites), undefined);
    assert.equal(findingFor([lwr], false), undefined);
  });
});
