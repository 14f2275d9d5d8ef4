import { findUnmanagedTrust, type UnmanagedTrust } from '../plan';
import type { PlannedOrg } from './plan-fleet';
import {
  componentsOf,
  keyOf,
  referencesOf,
  type Component,
  type ComponentMap,
  type DesiredState,
  type Finding,
  type OrgConfig,
} from '../model';
import { checkOrg, productionTrust } from '../rules';

/**
 * What an org holds beside the source that somebody should know: neighbours in conflict with it, trust that it does not
 * state, and trust that a sandbox got from production when it was refreshed. Warnings, because what the source does not own is not its to refuse.
 */
export function orgFindings(
  { desired, live, plan }: PlannedOrg,
  production: readonly DesiredState[],
  now: Date,
): readonly Finding[] {
  if (!live) return [];
  const components: ComponentMap = new Map([...live.components, ...desired.components]);
  const declaredIds = new Set(checkOrg(desired, now).map(findingId));
  const conflicts = checkOrg({ org: desired.org, components }, now).filter(
    (finding) => !declaredIds.has(findingId(finding)),
  );
  return [
    ...conflicts.map((finding) => liveFinding(desired.org, finding)),
    ...findUnmanagedTrust(desired.components, live.components).map((extra) =>
      unmanagedTrustFinding(desired.org, extra),
    ),
    ...productionTrustFindings({ org: desired.org, components: live.components }, production, now),
    ...unmanagedDeploymentFindings(desired, live.components, plan?.publish ?? []),
  ];
}

/** A refresh copies production, its issuers and keys included: a token made for customers is good in a sandbox then. */
function productionTrustFindings(
  live: DesiredState,
  production: readonly DesiredState[],
  now: Date,
): readonly Finding[] {
  const { alias, file, kind } = live.org;
  if (kind === 'production') return [];
  return productionTrust(live, production, now).map(({ kind: what, component, path, production: from }) => ({
    ...{ rule: 'production-trust', severity: 'warning', component, path, file, line: 0 },
    message: `The org ${alias} is no production, but trusts the ${what} of ${from}: it was refreshed from there, or copied.`,
    fix: `Look at it and have it replaced: npm run post-refresh -- --org ${alias}.`,
  }));
}

const findingId = ({ rule, component, path, message }: Finding): string => [rule, component, path, message].join('\n');

const liveFinding = (org: OrgConfig, finding: Finding): Finding => ({
  ...finding,
  severity: finding.severity === 'error' ? 'warning' : finding.severity,
  ...(finding.file === '' && { file: org.file, line: 0 }),
  message: `In the org ${org.alias}: ${finding.message}`,
});

const unmanagedTrustFinding = (org: OrgConfig, { component, path, name }: UnmanagedTrust): Finding => ({
  ...{ rule: 'unmanaged-trust', severity: 'warning', component, path, file: org.file, line: 0 },
  message: `In the org ${org.alias}: ${name} is trusted although the source does not state it. It stays as it is.`,
  fix: `To revoke it, state it in the source and switch it off (isActive or enabled false); or remove it in Setup.`,
});

/** Deployments that only the org has, and that serve a channel whose deployments are about to be published. */
function unmanagedDeploymentFindings(
  { org, components }: DesiredState,
  live: ComponentMap,
  publish: readonly string[],
): readonly Finding[] {
  const channels = new Set(publish.flatMap((name) => channelsOf(components.get(`EmbeddedServiceConfig:${name}`))));
  return componentsOf(live, 'EmbeddedServiceConfig')
    .filter((deployment) => !components.has(keyOf(deployment)))
    .filter((deployment) => channelsOf(deployment).some((channel) => channels.has(channel)))
    .map((deployment) => notPublishedFinding(org, deployment));
}

const channelsOf = (deployment: Component | undefined): readonly string[] =>
  deployment ? referencesOf(deployment).map(({ name }) => name) : [];

const notPublishedFinding = (org: OrgConfig, deployment: Component): Finding => ({
  ...{
    rule: 'unmanaged-deployment',
    severity: 'warning',
    component: keyOf(deployment),
    path: '',
    file: org.file,
    line: 0,
  },
  message: `In the org ${org.alias}: ${deployment.fullName} serves ${channelsOf(deployment).join(', ')} too, but the source does not have it, so it is not published; its site or app keeps the settings of before.`,
  fix: 'Publish it in Setup after the deploy, or retrieve it into the source.',
});
