import { extraTrust, type ExtraTrust } from '../diff';
import type { Planned } from '../fleet';
import type { ComponentMap, Finding, OrgConfig } from '../model';
import { checkOrg } from '../rules';

/**
 * What an org holds beside the source that somebody should know: neighbours in conflict with it, and trust that it does not
 * state. Warnings, because what the source does not own is not its to refuse.
 */
export function orgFindings({ desired, live }: Planned, now: Date): readonly Finding[] {
  if (!live) return [];
  const components: ComponentMap = new Map([...live.components, ...desired.components]);
  const known = new Set(checkOrg(desired, now).map(identity));
  const conflicts = checkOrg({ org: desired.org, components }, now).filter((finding) => !known.has(identity(finding)));
  return [
    ...conflicts.map((finding) => inOrg(desired.org, finding)),
    ...extraTrust(desired.components, live.components).map((extra) => unstated(desired.org, extra)),
  ];
}

const identity = ({ rule, component, path, message }: Finding): string => [rule, component, path, message].join('\n');

const inOrg = (org: OrgConfig, finding: Finding): Finding => ({
  ...finding,
  severity: finding.severity === 'error' ? 'warning' : finding.severity,
  ...(finding.file === '' && { file: org.file, line: 0 }),
  message: `In the org ${org.alias}: ${finding.message}`,
});

const unstated = (org: OrgConfig, { component, path, name }: ExtraTrust): Finding => ({
  ...{ rule: 'unstated-trust', severity: 'warning', component, path, file: org.file, line: 0 },
  message: `In the org ${org.alias}: ${name} is trusted although the source does not state it. It stays as it is.`,
  fix: `State ${name} in the source to manage it, or remove it in Setup.`,
});
