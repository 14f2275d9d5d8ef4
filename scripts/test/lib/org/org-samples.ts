import {
  EMPTY_ORG_SETTINGS,
  keyOf,
  mapOf,
  type Component,
  type DesiredState,
  type OrgConfig,
} from '../../../lib/model';
import type { ReportStep } from '../../../lib/org';
import { FakeSf, type FakeOrg, type FakeOrgSetup } from '../fake-sf';
import { readComponent } from '../rules/org-components';

export const ORG: OrgConfig = {
  alias: 'dev',
  file: 'config/orgs/dev.json',
  orgId: '00D000000000001EAA',
  kind: 'sandbox',
  wave: 1,
  ...EMPTY_ORG_SETTINGS,
};

export const API_VERSION = '67.0';

export const queue = (fullName: string, label: string): Component =>
  readComponent('Queue', fullName, `<Queue><name>${label}</name></Queue>`);

export const channel = (fullName: string, queueName: string, label = fullName): Component =>
  readComponent(
    'MessagingChannel',
    fullName,
    `<MessagingChannel><masterLabel>${label}</masterLabel><sessionHandlerQueue>${queueName}</sessionHandlerQueue></MessagingChannel>`,
  );

export const chatDeployment = (fullName: string, channelName: string): Component =>
  readComponent(
    'EmbeddedServiceConfig',
    fullName,
    `<EmbeddedServiceConfig><embeddedServiceMessagingChannel><messagingChannel>${channelName}</messagingChannel></embeddedServiceMessagingChannel></EmbeddedServiceConfig>`,
  );

/** The desired state of the org dev: these components, as the source declares them. */
export const desiredState = (...components: readonly Component[]): DesiredState => ({
  org: ORG,
  components: mapOf(components),
  compromised: [],
});

/** A client of one fake org, called dev. */
export function fakeDev(setup: FakeOrgSetup = {}): { readonly sf: FakeSf; readonly org: FakeOrg } {
  const sf = new FakeSf({ dev: setup });
  return { sf, org: sf.org('dev') };
}

/** Adds a finished deploy job to an org. `components` are its successful components, such as `Queue:Chat`. */
export function addJob(
  org: FakeOrg,
  components: readonly string[],
  { checkOnly = false, success = true, createdAt = Date.now() } = {},
): string {
  const id = `0Af${String(org.jobs.length + 1).padStart(15, '0')}`;
  const componentSuccesses = components.map((key) => {
    const [componentType, fullName = ''] = key.split(':');
    return { componentType, fullName };
  });
  const report = {
    id,
    status: success ? 'Succeeded' : 'Failed',
    done: true,
    success,
    numberComponentsDeployed: 0,
    numberComponentsTotal: components.length,
    details: { componentFailures: [], componentSuccesses },
  };
  org.jobs.push({ report, running: false, checkOnly, createdAt });
  return id;
}

/** A `ReportStep` that collects its steps, such as `submitted 0Af...`. */
export function stepRecorder(): { readonly steps: string[]; readonly reportStep: ReportStep } {
  const steps: string[] = [];
  return { steps, reportStep: (step, detail) => void steps.push(detail === undefined ? step : `${step} ${detail}`) };
}

export const keysOf = (components: Iterable<Component>): readonly string[] => [...components].map(keyOf);
