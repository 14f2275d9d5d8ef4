import { asToolError, ToolError } from '../errors';
import { writePackage } from '../metadata';
import type { Desired, Plan, Snapshot } from '../model';
import type { Sf } from '../sf';
import { ship, type Ground } from './deployment';
import { activate, deactivate, publish } from './finish';
import { GO_ON } from './go-on';
import { planOrg } from './plan';
import type { Progress } from './progress';
import { readSlice } from './slice';
import { readChannels } from './snapshot';

/**
 * Applies a plan: channels that are to go offline do so first, then there is one deployment, then channels are activated and
 * deployments published, then the org is planned anew from what it holds. Fails if that plan is not empty; otherwise returns
 * what the org was read to hold. Never deploys twice. The metadata is read back while channels are activated, for neither
 * touches the other; which channels are active is asked for last.
 */
export async function applyPlan(
  sf: Sf,
  desired: Desired,
  plan: Plan,
  apiVersion: string,
  progress: Progress,
  ground: Ground = {},
): Promise<Snapshot> {
  if (plan.deactivate.length > 0) progress('deactivating', plan.deactivate.join(', '));
  await deactivate(sf, plan);
  if (plan.bundle.size + plan.remove.length > 0) {
    await deploy(sf, plan, apiVersion, progress, ground).catch((thrown: unknown) => {
      throw asToolError(thrown).code === 'deploy-unknown' ? unpublished(plan, thrown) : thrown;
    });
  }
  // Both come to an end before either's failure counts: nothing may be left half done behind a report.
  const [read, finished] = await Promise.allSettled([readSlice(sf, desired, apiVersion), finish(sf, plan, progress)]);
  if (finished.status === 'rejected') throw unpublished(plan, finished.reason);
  if (read.status === 'rejected') throw asToolError(read.reason);
  const live = { facts: plan.facts, ...read.value, channels: finished.value };
  verifySettled(planOrg(desired, live));
  return live;
}

async function finish(sf: Sf, plan: Plan, progress: Progress): Promise<Snapshot['channels']> {
  if (plan.activate.length > 0) progress('activating', plan.activate.join(', '));
  await activate(sf, plan);
  if (plan.publish.length > 0) progress('publishing', plan.publish.join(', '));
  await publish(sf, plan);
  if (plan.publish.length > 0) progress('published');
  progress('reading back');
  return readChannels(sf, plan.org.alias);
}

/** A plain deploy finds the metadata as stated and would not publish; a run that is gone on with does. */
function unpublished({ publish: names }: Plan, thrown: unknown): ToolError {
  const error = asToolError(thrown);
  if (names.length === 0) return error;
  const going = error.fix.includes(GO_ON) ? error.fix : `${error.fix} ${GO_ON}`;
  const fix = `${going} That publishes ${names.join(', ')} too, of which it is not certain.`;
  return new ToolError(error.code, { what: error.what, why: error.why, fix }, { exit: error.exit, cause: thrown });
}

function deploy(sf: Sf, plan: Plan, apiVersion: string, progress: Progress, ground: Ground): Promise<void> {
  const { org, bundle, remove } = plan;
  const components = [...bundle.keys(), ...remove.map((key) => `-${key}`)];
  return ship(
    sf,
    { alias: org.alias, files: writePackage(bundle, apiVersion, remove), components, bundle },
    progress,
    ground,
  );
}

function verifySettled({ org, changes }: Plan): void {
  if (changes.length === 0) return;
  throw new ToolError('not-settled', {
    what: `The deployment to "${org.alias}" went through, but the org does not hold what was sent.`,
    why: `Read back, ${changes.length} settings differ: ${changes.map(({ component, path }) => `${component} ${path}`).join(', ')}.`,
    fix: 'Someone may have changed the org meanwhile: run plan. If the same settings differ again, Salesforce keeps them otherwise than stated.',
  });
}
