import { joinNames, type Change, type Check, type Finding, type OrgConfig } from '../../model';
import { styled, wrap, type TextLayout } from '../../report';
import type { InheritedTrust } from './inherited-trust';

/** The facts that a post-refresh read in the org. */
export interface RefreshFindings {
  readonly org: OrgConfig;
  /** The org ID in the org file. */
  readonly previousOrgId: string;
  readonly trust: InheritedTrust;
  readonly changes: readonly Change[];
}

/** Describes the org before the changes are confirmed. */
export function refreshText(layout: TextLayout, { org, previousOrgId, trust, changes }: RefreshFindings): string {
  const kept = [...trust.kept.keys()];
  const lines = [
    previousOrgId === org.orgId
      ? `The org ID is the one in ${org.file}: ${previousOrgId}.`
      : `The org ID changed from ${previousOrgId} to ${org.orgId}: the sandbox was refreshed.`,
    ...(trust.removed.length > 0 ? [`Inherited from production, will be deleted: ${trust.removed.join(', ')}.`] : []),
    ...(kept.length > 0 ? [`Trust inherited from production will be removed from ${kept.join(', ')}.`] : []),
    ...trust.used.map(({ key, by }) => `Inherited from production, but used by ${by.join(', ')}, so it stays: ${key}.`),
    ...(changes.length === 0 ? ['The org needs no changes.'] : []),
  ];
  return `${styled(layout, 'bold', org.alias)}\n${lines.map((line) => wrap(layout, '  ', line)).join('\n')}\n`;
}

/** A warning for each part of production's trust that stays. */
export const inheritedTrustFindings = (org: OrgConfig, { used }: InheritedTrust): readonly Finding[] =>
  used.map(({ key, by }) => ({
    rule: 'production-trust',
    severity: 'warning',
    component: key,
    path: '',
    file: org.file,
    line: 0,
    message: `${org.alias} keeps ${key} of production, because it is used by the unmanaged ${by.length === 1 ? 'component' : 'components'} ${joinNames(by)}.`,
    fix: 'Review it in Setup, or import the channel and give it its own keyset.',
  }));

export const orgIdCheck = (before: string, { orgId }: OrgConfig): Check => ({
  name: 'org id',
  ok: true,
  detail: before === orgId ? orgId : `${before} -> ${orgId}`,
});

/** Whether the org trusts nothing of production any more. `changes` are those of the deploy that removed it. */
export function trustRemovedCheck(changes: readonly Change[], remaining: InheritedTrust | undefined): Check {
  const name = "production's trust";
  if (!remaining) return { name, ok: false, detail: "the org couldn't be read again" };
  const left = [...remaining.removed, ...remaining.kept.keys()];
  if (left.length > 0) return { name, ok: false, detail: `still there: ${left.join(', ')}` };
  const removed = [...new Set(changes.map(({ component }) => component))];
  return { name, ok: true, detail: removed.length > 0 ? `removed: ${removed.join(', ')}` : 'none' };
}
