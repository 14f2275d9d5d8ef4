import type { AcceptedTrust, Finding, OrgConfig } from '../model';

/** The org without the accepted trust that has ended: it is drift again. `until` is the last day of the acceptance, in UTC. */
export const withCurrentTrust = (org: OrgConfig, now: Date): OrgConfig => ({
  ...org,
  alsoTrusted: org.alsoTrusted.filter((trust) => !hasEnded(trust, now)),
});

const hasEnded = ({ until }: AcceptedTrust, now: Date): boolean =>
  until !== undefined && now.toISOString().slice(0, 10) > until;

/** Warnings about accepted trust that has ended, with the way to extend it. */
export const endedTrustFindings = (org: OrgConfig, now: Date): readonly Finding[] =>
  org.alsoTrusted.flatMap((trust, index) =>
    hasEnded(trust, now)
      ? [
          {
            ...{ rule: 'also-trusted-ended', severity: 'warning', component: trust.component },
            ...{ path: `alsoTrusted.${index}`, file: org.file, line: org.lines.get(`alsoTrusted.${index}`) ?? 1 },
            message: `${org.alias} accepts ${trust.component} until ${trust.until ?? ''} only, so it is undeclared trust now. A deploy revokes it.`,
            fix: 'Remove the entry, or set a later date in "until".',
          } as const,
        ]
      : [],
  );
