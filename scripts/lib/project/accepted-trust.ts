import { UNREVIEWED_REASON, originIn, type Finding, type OrgConfig } from '../model';
import { hasEnded } from '../rules';

/** The org without the accepted trust that has ended: it is drift again. `until` is the last day of the acceptance, in UTC. */
export const withCurrentTrust = (org: OrgConfig, now: Date): OrgConfig => ({
  ...org,
  alsoTrusted: org.alsoTrusted.filter((trust) => !hasEnded(trust, now)),
});

/** Warnings about accepted trust that has ended, and about trust that an import accepted and that isn't reviewed yet. */
export const acceptedTrustFindings = (org: OrgConfig, now: Date): readonly Finding[] =>
  org.alsoTrusted.flatMap((trust, index) => {
    const { component, reason, until = '' } = trust;
    const path = `alsoTrusted.${index}`;
    const at = { severity: 'warning', component, path, ...originIn(org, path) } as const;
    if (hasEnded(trust, now)) {
      const message = `${org.alias} accepted ${component} until ${until}. It is undeclared trust now, and a deploy revokes it.`;
      return [{ ...at, rule: 'also-trusted-ended', message, fix: 'Remove the entry, or set a later date in "until".' }];
    }
    if (reason !== UNREVIEWED_REASON) return [];
    const message = `The import accepted ${component} in ${org.alias}. The entry has no reason yet.`;
    const fix = 'Write the reason and check "until". To revoke the trust, remove the entry and deploy.';
    return [{ ...at, rule: 'also-trusted-unreviewed', message, fix }];
  });
