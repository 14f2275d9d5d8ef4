import {
  EMPTY_ORG_SETTINGS,
  leaf,
  mapOf,
  parent,
  type Component,
  type DesiredState,
  type OrgConfig,
  type OrgResult,
} from '../../../lib/model';
import { packagePath, writeXml } from '../../../lib/metadata';
import { planFleet, type PlannedOrg, type RolloutOptions } from '../../../lib/rollout';
import type { FakeSf } from '../fake-sf';

/** A queue with one setting. */
export const queue = (name: string): Component => ({
  type: 'Queue',
  fullName: 'Chat',
  root: parent('Queue', [leaf('name', name)]),
});

const channel: Component = {
  type: 'MessagingChannel',
  fullName: 'Web',
  root: parent('MessagingChannel', [leaf('masterLabel', 'Web')]),
};
const chatDeployment: Component = {
  type: 'EmbeddedServiceConfig',
  fullName: 'Site',
  root: parent('EmbeddedServiceConfig', [
    leaf('masterLabel', 'Site'),
    parent('embeddedServiceMessagingChannel', [leaf('messagingChannel', 'Web')]),
  ]),
};

/** A channel to activate and a chat deployment to publish. */
export const CHAT: readonly Component[] = [channel, chatDeployment];

/** Components as the metadata files of an org. */
export const filesOf = (...components: readonly Component[]): Record<string, string> =>
  Object.fromEntries(components.map((component) => [packagePath(component), writeXml(component.root)]));

const orgConfig = (alias: string, orgId: string, wave: number): OrgConfig => ({
  alias,
  file: `config/orgs/${alias}.json`,
  orgId,
  kind: 'sandbox',
  wave,
  ...EMPTY_ORG_SETTINGS,
});

/** What an org of the fake should contain. */
export const desiredState = (sf: FakeSf, alias: string, components: readonly Component[], wave = 1): DesiredState => ({
  org: orgConfig(alias, sf.org(alias).orgId, wave),
  components: mapOf(components),
  compromised: [],
});

export const planAll = (sf: FakeSf, ...orgs: readonly DesiredState[]): Promise<readonly PlannedOrg[]> =>
  planFleet(sf, orgs, { apiVersion: '67.0', onResult: () => undefined });

/** Options of a rollout that record what they are told. */
export function recordingOptions(options: Partial<RolloutOptions> = {}) {
  const steps: string[] = [];
  const results: OrgResult[] = [];
  const rollout: RolloutOptions = {
    apiVersion: '67.0',
    concurrency: 10,
    publishAll: false,
    resumeCommand: 'npm run deploy -- --resume X',
    timeouts: { lock: 0, submit: 0 },
    saveSnapshot: (plan, transition) => {
      steps.push(`${plan.org.alias}: snapshot`);
      return transition;
    },
    onStep: (alias, step) => void steps.push(`${alias}: ${step}`),
    onResult: (result) => void results.push(result),
    ...options,
  };
  return { rollout, steps, results };
}
