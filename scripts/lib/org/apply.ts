import { asToolError, ToolError } from '../errors';
import { writePackage } from '../metadata';
import type { DesiredState, Plan, LiveState } from '../model';
import type { Sf } from '../sf';
import { deployAndWait, type DeployContext } from './deploy';
import { activate, deactivate, publish } from './post-deploy';
import { RESUME_HINT } from './errors';
import { planOrg } from './plan';
import type { ReportStep } from './progress';
import { retrieveComponents } from './retrieve';
import { readChannels } from './read-org';

/**
 * Applies a plan: channels that are to go offline do so first, then there is one deployment, then channels are activated and
 * deployments published, then the org is planned anew from what it holds. Fails if that plan is not empty; otherwise returns
 * what the org was read to hold. Never deploys twice. The metadata is read back while channels are activated, for neither
 * touches the other; which channels are active is asked for last.
 */
export async function applyPlan(
  sf: Sf,
  desired: DesiredState,
  plan: Plan,
  apiVersion: string,
  reportStep: ReportStep,
  context: DeployContext = {},
): Promise<LiveState> {
  if (plan.deactivate.length > 0) reportStep('deactivating', plan.deactivate.join(', '));
  await deactivate(sf, plan);
  if (plan.toDeploy.size + plan.toDelete.length > 0) {
    await deployChanges(sf, plan, apiVersion, reportStep, context).catch((thrown: unknown) => {
      throw asToolError(thrown).code === 'deploy-unknown' ? withPublishHint(plan, thrown) : thrown;
    });
  }
  // Both come to an end before either's failure counts: nothing may be left half done behind a report.
  const [retrieved, activated] = await Promise.allSettled([
    retrieveComponents(sf, desired, apiVersion),
    activateAndPublish(sf, plan, reportStep),
  ]);
  if (activated.status === 'rejected') throw withPublishHint(plan, activated.reason);
  if (retrieved.status === 'rejected') throw asToolError(retrieved.reason);
  const live = { facts: plan.facts, ...retrieved.value, channels: activated.value };
  assertInSync(planOrg(desired, live));
  return live;
}

async function activateAndPublish(sf: Sf, plan: Plan, reportStep: ReportStep): Promise<LiveState['channels']> {
  if (plan.activate.length > 0) reportStep('activating', plan.activate.join(', '));
  await activate(sf, plan);
  if (plan.publish.length > 0) reportStep('publishing', plan.publish.join(', '));
  await publish(sf, plan);
  if (plan.publish.length > 0) reportStep('published');
  reportStep('reading back');
  return readChannels(sf, plan.org.alias);
}

/** A plain deploy finds the metadata as stated and would not publish; a run that is gone on with does. */
function withPublishHint({ publish: names }: Plan, thrown: unknown): ToolError {
  const error = asToolError(thrown);
  if (names.length === 0) return error;
  const resumeFix = error.fix.includes(RESUME_HINT) ? error.fix : `${error.fix} ${RESUME_HINT}`;
  const fix = `${resumeFix} That publishes ${names.join(', ')} too, of which it is not certain.`;
  return new ToolError(error.code, { what: error.what, why: error.why, fix }, { exit: error.exit, cause: thrown });
}

function deployChanges(
  sf: Sf,
  plan: Plan,
  apiVersion: string,
  reportStep: ReportStep,
  context: DeployContext,
): Promise<void> {
  const { org, toDeploy, toDelete } = plan;
  const components = [...toDeploy.keys(), ...toDelete.map((key) => `-${key}`)];
  return deployAndWait(
    sf,
    { alias: org.alias, files: writePackage(toDeploy, apiVersion, toDelete), components, toDeploy },
    reportStep,
    context,
  );
}

function assertInSync({ org, changes }: Plan): void {
  if (changes.length === 0) return;
  throw new ToolError('readback-mismatch', {
    what: `The deployment to "${org.alias}" went through, but the org does not hold what was sent.`,
    why: `Read back, ${changes.length} settings differ: ${changes.map(({ component, path }) => `${component} ${path}`).join(', ')}.`,
    fix: 'Someone may have changed the org meanwhile: run plan. If the same settings differ again, Salesforce keeps them otherwise than stated.',
  });
}
