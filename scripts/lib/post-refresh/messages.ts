import type { Change, Check, Finding, OrgConfig } from '../model';
import { styled, wrap, type TextLayout } from '../report';
import type { InheritedTrust } from './inherited-trust';

/** What a refresh found. */
export interface RefreshFindings {
  readonly org: OrgConfig;
  /** The id that the org file pinned. */
  readonly previousOrgId: string;
  readonly trust: InheritedTrust;
  readonly changes: readonly Change[];
}

/** What was found, before anything is asked. */
export function layout(page: TextLayout, { org, previousOrgId, trust, changes }: RefreshFindings): string {
  const kept = [...trust.kept.keys()];
  const lines = [
    previousOrgId === org.orgId
      ? `The org has the id that ${org.file} pins, ${previousOrgId}.`
      : `The org has another id: ${previousOrgId} is ${org.orgId} now. It was refreshed.`,
    ...(trust.removed.length > 0 ? [`From production, and deleted: ${trust.removed.join(', ')}.`] : []),
    ...(kept.length > 0 ? [`Production's trust is taken out of ${kept.join(', ')}.`] : []),
    ...trust.used.map(({ key, by }) => `From production, but left, because ${by.join(', ')} uses it: ${key}.`),
    ...(changes.length === 0 ? ['Nothing has to be changed in the org.'] : []),
  ];
  return `${styled(page, 'bold', org.alias)}\n${lines.map((line) => wrap(page, '  ', line)).join('\n')}\n`;
}

/** What stays of production's trust is a warning: somebody has to look at it in Setup. */
export const inheritedTrustFindings = (org: OrgConfig, { used }: InheritedTrust): readonly Finding[] =>
  used.map(({ key, by }) => ({
    ...{ rule: 'production-trust', severity: 'warning', component: key, path: '', file: org.file, line: 0 },
    message: `${org.alias} keeps ${key} of production, because ${by.join(', ')} uses it, which the source does not own.`,
    fix: 'Look at it in Setup, or import the channel into the source and give it a keyset of its own.',
  }));

export const orgIdCheck = (before: string, { orgId }: OrgConfig): Check => ({
  name: 'org id',
  ok: true,
  detail: before === orgId ? orgId : `${before} -> ${orgId}`,
});

/** Read back after the deployments. */
export function trustRemovedCheck({ removed, kept }: InheritedTrust, remaining: InheritedTrust | undefined): Check {
  const name = "production's trust";
  if (!remaining) return { name, ok: false, detail: 'The org could not be read again.' };
  if (remaining.removed.length + remaining.kept.size > 0)
    return { name, ok: false, detail: `still there: ${[...remaining.removed, ...remaining.kept.keys()].join(', ')}` };
  const gone = [...removed, ...kept.keys()];
  return { name, ok: true, detail: gone.length > 0 ? `taken out: ${gone.join(', ')}` : 'there was none' };
}
