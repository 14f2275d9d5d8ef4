import type { PlannedOrg } from './plan-fleet';
import {
  authorizationsOf,
  canVerifyMembers,
  keysetNameOf,
  parseKey,
  type ComponentKey,
  joinNames,
  uncheckedTrust,
  unmanagedInUse,
  unreadChannels,
  type Component,
  type ComponentMap,
  componentsOf,
  type CompromisedKey,
  compromisedKeyText,
  type DesiredState,
  type Finding,
  type LiveState,
  keyOf,
  npmRun,
  type OrgConfig,
  ownSites,
  type Plan,
  referencesOf,
  SIGNER_RECORD,
  signerRecordOf,
  siteText,
  textAt,
} from '../model';
import { trustedCompromisedKeys } from '../org';
import { acceptFinding, checkOrg, productionTrust, signerProblems, verifiesNobodyReason } from '../rules';

/**
 * Findings about unmanaged settings in an org: conflicts with the source, and production trust in a refreshed
 * sandbox. All are warnings, because the source doesn't manage these settings.
 */
export function orgFindings(
  { desired, live, plan }: PlannedOrg,
  production: readonly DesiredState[],
  now: Date,
): readonly Finding[] {
  if (!live) return [];
  const components: ComponentMap = new Map([...live.components, ...desired.components]);
  const declaredIds = new Set(checkOrg(desired, now).map(findingId));
  const conflicts = checkOrg({ ...desired, components }, now).filter((finding) => !declaredIds.has(findingId(finding)));
  const findings = [
    ...conflicts.map((finding) => liveFinding(desired.org, finding)),
    ...trustedCompromisedKeys(live.components, desired.compromised).map(({ component, key }) =>
      compromisedKeyFinding(desired.org, component, key),
    ),
    ...productionTrustFindings({ ...desired, components: live.components }, production, now),
    ...unmanagedDeploymentFindings(desired, live.components, plan?.publish ?? []),
    ...unmanagedComponentFindings(desired, live, plan),
    ...unreadChannelFindings(desired, live),
    ...uncheckedTrustFindings(desired),
    ...retiredRemainsFindings(desired.org, live.components, plan),
    ...signerFindings(desired.org, live, plan?.toDeploy ?? new Map()),
    ...exportableKeyFindings(desired.org, live),
    ...siteFindings(desired.org, live),
    ...(plan ? redeployedAgentFindings(plan, live.components) : []),
    ...verifiesNobodyFindings(desired, new Map([...live.components, ...(plan?.toDeploy ?? [])])),
  ];
  return findings.map((finding) => acceptFinding(finding, [desired.org], now));
}

/**
 * Active channels that a plan deploys for another reason than their agent. Whether a deploy drops an agent that is set already
 * isn't documented; the impact of a change of the agent says the same.
 */
const redeployedAgentFindings = ({ org, toDeploy, changes }: Plan, live: ComponentMap): readonly Finding[] =>
  componentsOf(toDeploy, 'MessagingChannel').flatMap((channel) => {
    const agent = textAt(channel.root, 'sessionHandlerAsa');
    const isChanged = changes.some(
      (change) => change.component === keyOf(channel) && change.path === 'sessionHandlerAsa',
    );
    if (agent === undefined || isChanged || !live.has(keyOf(channel))) return [];
    return [
      {
        rule: 'agent-redeployed',
        severity: 'warning',
        component: keyOf(channel),
        path: 'sessionHandlerAsa',
        file: org.file,
        line: 0,
        message: `In the org ${org.alias}: the deploy of ${channel.fullName} can drop its agent ${agent}. The deploy then sets it again with the data API. Sessions that start in between can be without an agent.`,
        fix: 'Deploy while few customers chat.',
      } as const,
    ];
  });

/** A sandbox refresh copies production's issuers and keys, so the sandbox accepts identity tokens of production customers. */
function productionTrustFindings(
  live: DesiredState,
  production: readonly DesiredState[],
  now: Date,
): readonly Finding[] {
  const { alias, file, kind } = live.org;
  if (kind === 'production') return [];
  return productionTrust(live, production, now).map(({ kind: what, component, path, production: from }) => ({
    rule: 'production-trust',
    severity: 'warning',
    component,
    path,
    file,
    line: 0,
    message: `${alias} isn't a production org but trusts the ${what} of ${from}. It was probably refreshed or copied from ${from}.`,
    fix: `Replace the trust: ${npmRun('post-refresh', '--org', alias)}`,
  }));
}

const findingId = ({ rule, component, path, message }: Finding): string => [rule, component, path, message].join('\n');

const liveFinding = (org: OrgConfig, finding: Finding): Finding => ({
  ...finding,
  severity: finding.severity === 'error' ? 'warning' : finding.severity,
  ...(finding.file === '' && { file: org.file, line: 0 }),
  message: `In the org ${org.alias}: ${finding.message}`,
});

const compromisedKeyFinding = (org: OrgConfig, component: Component, key: CompromisedKey): Finding => ({
  rule: 'compromised-key',
  severity: 'warning',
  component: keyOf(component),
  path: 'isActive',
  file: org.file,
  line: 0,
  message: `In the org ${org.alias}: ${component.fullName} is trusted, but it has the key pair of ${compromisedKeyText(key)}.`,
  fix: `To revoke it: ${npmRun('deploy', '--org', org.alias)}`,
});

/** The components that the org uses, source doesn't manage, and the plan doesn't change, such as to revoke trust; as one note. */
function unmanagedComponentFindings(
  desired: DesiredState,
  live: LiveState,
  plan: Plan | undefined,
): readonly Finding[] {
  const changed = new Set((plan?.changes ?? []).map(({ component }) => component));
  const unmanaged = unmanagedInUse(desired, live).filter((key) => !changed.has(key));
  const { alias, file } = desired.org;
  if (unmanaged.length === 0) return [];
  return [
    {
      rule: 'live-and-unmanaged',
      severity: 'note',
      component: '',
      path: '',
      file,
      line: 0,
      message: `In the org ${alias}: ${joinNames(unmanaged)} ${unmanaged.length === 1 ? 'is' : 'are'} live and unmanaged. A deploy doesn't change ${unmanaged.length === 1 ? 'it' : 'them'}.`,
      fix: `To turn a component off, add it to "retired" in the org file. To manage it, import it: ${npmRun('import', '--org', alias)}`,
    },
  ];
}

/** Active channels whose metadata the login can't read. */
function unreadChannelFindings({ org: { alias, file } }: DesiredState, live: LiveState): readonly Finding[] {
  const unread = unreadChannels(live);
  if (unread.length === 0) return [];
  return [
    {
      rule: 'unread-channel',
      severity: 'warning',
      component: '',
      path: '',
      file,
      line: 0,
      message: `In the org ${alias}: the metadata of ${joinNames(unread)} can't be read, so it's unknown whom ${unread.length === 1 ? 'this active channel trusts' : 'these active channels trust'}.`,
      fix: 'Check the channels in Setup, Messaging Settings. If they belong to a managed package, ask its publisher.',
    },
  ];
}

/** Existing keysets and keys that channels trust, and whose content no file declares. */
function uncheckedTrustFindings(desired: DesiredState): readonly Finding[] {
  const unchecked = uncheckedTrust(desired);
  const { alias, file } = desired.org;
  if (unchecked.length === 0) return [];
  return [
    {
      rule: 'existing-trust',
      severity: 'warning',
      component: '',
      path: 'existing',
      file,
      line: 0,
      message: `In the org ${alias}: a change of ${joinNames(unchecked)} isn't detected, because "existing" declares only the name.`,
      fix: 'Import it into the source, or list its keys under "alsoTrusted" in the org file.',
    },
  ];
}

/** The keysets that only retired channels refer to. A channel can keep its user verification configurations, disabled. */
function retiredRemainsFindings(
  { alias, file, retired }: OrgConfig,
  live: ComponentMap,
  plan: Plan | undefined,
): readonly Finding[] {
  const channels = componentsOf(live, 'MessagingChannel');
  const keysetsOf = (isRetired: boolean): readonly string[] =>
    channels
      .filter((channel) => retired.includes(keyOf(channel)) === isRetired)
      .flatMap((channel) => authorizationsOf(channel).flatMap((item) => keysetNameOf(item) ?? []));
  const used = new Set(keysetsOf(false));
  const remaining = [...new Set(keysetsOf(true))]
    .map((name): ComponentKey => `PublicKeyCertificateSet:${name}`)
    .filter((key) => !used.has(parseKey(key).fullName) && live.has(key) && !plan?.toDelete.includes(key));
  if (remaining.length === 0) return [];
  return [
    {
      rule: 'retired-remains',
      severity: 'note',
      component: '',
      path: '',
      file,
      line: 0,
      message: `In the org ${alias}: ${joinNames(remaining)} ${remaining.length === 1 ? 'remains' : 'remain'}, because retired channels keep their user verification configurations. They are disabled, so they verify nobody.`,
      fix: 'To delete the keysets and their keys, delete the user verification configurations of the channels in Setup, then deploy again.',
    },
  ];
}

/** Why Salesforce rejects the tokens of site members after the deploy, although the plan sets the signer record of the org. */
function signerFindings(org: OrgConfig, live: LiveState, toDeploy: ComponentMap): readonly Finding[] {
  const { memberSite, orgId, alias, file, origins } = org;
  if (!memberSite) return [];
  const components = new Map([...live.components, ...toDeploy]);
  const own = components.get(SIGNER_RECORD);
  const planned = own ? [signerRecordOf(own)] : [];
  const names = new Set(planned.map(({ name }) => name));
  const records = [...planned, ...(live.signerRecords ?? []).filter(({ name }) => !names.has(name))];
  const problems = signerProblems({ orgId, memberSite, records, components, certificate: live.signerCertificate });
  return problems.map((problem) => ({
    rule: 'signer-record',
    severity: 'warning',
    component: SIGNER_RECORD,
    path: '',
    ...(origins.get('memberSite') ?? { file, line: 0 }),
    message: `In the org ${alias}: ${problem}`,
    fix: 'Correct the record, certificate, or key in the org. A deploy deletes other records with the ID of the org.',
  }));
}

/** A certificate whose private key an admin can export from Setup: a copy of the key signs tokens without a trace in the org. */
function exportableKeyFindings(
  { memberSite, alias, file, origins }: OrgConfig,
  { hasExportableKey }: LiveState,
): readonly Finding[] {
  if (!memberSite || hasExportableKey !== true) return [];
  const { certificate, key } = memberSite;
  return [
    {
      rule: 'exportable-key',
      severity: 'warning',
      component: `PublicKeyCertificate:${key}`,
      path: 'memberSite.certificate',
      ...(origins.get('memberSite') ?? { file, line: 0 }),
      message: `In the org ${alias}: the private key of the certificate ${certificate} can be exported. A person who exports it can sign tokens for any customer anywhere, and the org shows no trace of it.`,
      fix: 'Create a certificate without Exportable Private Key in Setup, Certificate and Key Management, and rotate to its key.',
    },
  ];
}

/** Sites on which the component of the member site can't verify members. It is a warning if the org has no other site. */
function siteFindings({ memberSite, alias, file, origins }: OrgConfig, { sites = [] }: LiveState): readonly Finding[] {
  const own = ownSites(sites);
  const unsupported = own.filter((site) => !canVerifyMembers(site));
  if (!memberSite || unsupported.length === 0) return [];
  const names = joinNames(unsupported.map(siteText));
  const severity = unsupported.length === own.length ? 'warning' : 'note';
  return [
    {
      rule: 'member-site-template',
      severity,
      component: '',
      path: 'memberSite',
      ...(origins.get('memberSite') ?? { file, line: 0 }),
      message: `In the org ${alias}: members can't be verified on ${names}. Salesforce supports token-based user verification only on sites with the Aura templates Build Your Own, Help Center, and Customer Service, and not on LWR sites.`,
      fix: 'Add the component to a site with one of these templates. A template that was made from one of them can work: test it in a sandbox.',
    },
  ];
}

/** Channels that verify nobody after the deploy, one finding for each reason. */
function verifiesNobodyFindings({ org, components }: DesiredState, after: ComponentMap): readonly Finding[] {
  const channels = componentsOf(components, 'MessagingChannel').flatMap((declared) => {
    const channel = after.get(keyOf(declared));
    const reason = channel && verifiesNobodyReason(after, channel);
    return reason === undefined ? [] : [{ key: keyOf(declared), name: declared.fullName, reason }];
  });
  return [...new Set(channels.map(({ reason }) => reason))].flatMap((reason) => {
    const [first, ...others] = channels.filter((each) => each.reason === reason);
    return first
      ? [
          verifiesNobodyFinding(
            org,
            first.key,
            [first, ...others].map(({ name }) => name),
            reason,
          ),
        ]
      : [];
  });
}

const verifiesNobodyFinding = (
  org: OrgConfig,
  component: string,
  names: readonly string[],
  reason: string,
): Finding => ({
  rule: 'channel-verifies-nobody',
  severity: 'warning',
  component,
  path: '',
  file: org.file,
  line: 0,
  message: `In the org ${org.alias}: nobody can start a chat on ${joinNames(names)}, because ${names.length === 1 ? reason : reason.replace(/^it has/, 'they have').replace(/^its/, 'their')}.`,
  fix: `Create your own key (${npmRun('keys', 'new', 'NAME', '--private-key', 'FILE')}) and list it in the keyset.`,
});

/** Unmanaged chat deployments that use a channel whose managed chat deployments are about to be published. */
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
  rule: 'unmanaged-deployment',
  severity: 'warning',
  component: keyOf(deployment),
  path: '',
  file: org.file,
  line: 0,
  message: `In the org ${org.alias}: ${deployment.fullName} also uses ${channelsOf(deployment).join(', ')}, but the source doesn't declare it, so it isn't published. Its site or app keeps the earlier settings.`,
  fix: 'Publish it in Setup after the deploy, or add it to the source.',
});
