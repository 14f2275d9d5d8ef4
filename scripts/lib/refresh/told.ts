import type { Change, Check, Finding, OrgConfig } from '../model';
import { styled, wrap, type Page } from '../report';
import type { ForeignTrust } from './foreign-trust';

/** What a refresh found. */
export interface Seen {
  readonly org: OrgConfig;
  /** The id that the org file pinned. */
  readonly before: string;
  readonly trust: ForeignTrust;
  readonly changes: readonly Change[];
}

/** What was found, before anything is asked. */
export function refreshText(page: Page, { org, before, trust, changes }: Seen): string {
  const kept = [...trust.kept.keys()];
  const lines = [
    before === org.orgId
      ? `The org has the id that ${org.file} pins, ${before}.`
      : `The org has another id: ${before} is ${org.orgId} now. It was refreshed.`,
    ...(trust.removed.length > 0 ? [`From production, and deleted: ${trust.removed.join(', ')}.`] : []),
    ...(kept.length > 0 ? [`Production's trust is taken out of ${kept.join(', ')}.`] : []),
    ...trust.used.map(({ key, by }) => `From production, but left, because ${by.join(', ')} uses it: ${key}.`),
    ...(changes.length === 0 ? ['Nothing has to be changed in the org.'] : []),
  ];
  return `${styled(page, 'bold', org.alias)}\n${lines.map((line) => wrap(page, '  ', line)).join('\n')}\n`;
}

/** What stays of production's trust is a warning: somebody has to look at it in Setup. */
export const usedFindings = (org: OrgConfig, { used }: ForeignTrust): readonly Finding[] =>
  used.map(({ key, by }) => ({
    ...{ rule: 'production-trust', severity: 'warning', component: key, path: '', file: org.file, line: 0 },
    message: `${org.alias} keeps ${key} of production, because ${by.join(', ')} uses it, which the source does not own.`,
    fix: 'Look at it in Setup, or import the channel into the source and give it a keyset of its own.',
  }));

export const repinnedCheck = (before: string, { orgId }: OrgConfig): Check => ({
  name: 'org id',
  ok: true,
  detail: before === orgId ? orgId : `${before} -> ${orgId}`,
});

/** Read back after the deployments. */
export function removedCheck({ removed, kept }: ForeignTrust, left: ForeignTrust | undefined): Check {
  const name = "production's trust";
  if (!left) return { name, ok: false, detail: 'The org could not be read again.' };
  if (left.removed.length + left.kept.size > 0)
    return { name, ok: false, detail: `still there: ${[...left.removed, ...left.kept.keys()].join(', ')}` };
  const gone = [...removed, ...kept.keys()];
  return { name, ok: true, detail: gone.length > 0 ? `taken out: ${gone.join(', ')}` : 'there was none' };
}
