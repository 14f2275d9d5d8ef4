import { parseKey, type Change, type ComponentType, type Difference } from '../../model';
import type { ImpactContext } from '../impact-context';
import { channelRules } from './channel';
import { keyRules } from './key';
import { keysetRules } from './keyset';
import { REMOVAL_RULES } from './removal';
import { none, type ImpactRule } from './impact-rule';
import { memberSiteRemovalRules, memberSiteRules } from './member-site';
import { corsRules, chatDeploymentRules, queueRules, trustedUrlRules } from './related';

/** The rules of each type. The first rule whose path matches applies. */
const IMPACT_RULES: Readonly<Partial<Record<ComponentType, readonly ImpactRule[]>>> = {
  QueueRoutingConfig: queueRules,
  Queue: queueRules,
  PublicKeyCertificate: keyRules,
  PublicKeyCertificateSet: keysetRules,
  MessagingChannel: channelRules,
  EmbeddedServiceConfig: chatDeploymentRules,
  CorsWhitelistOrigin: corsRules,
  CspTrustedSite: trustedUrlRules,
  PermissionSet: [],
};

/** Adds to a difference its impact on customers who are chatting now. */
export function assessImpact(difference: Difference, context: ImpactContext): Change {
  const { type, fullName: name } = parseKey(difference.component);
  const removalRules = difference.to === null ? (REMOVAL_RULES[type as ComponentType] ?? memberSiteRemovalRules) : [];
  const rule = [...removalRules, ...(IMPACT_RULES[type as ComponentType] ?? memberSiteRules)].find(({ path }) =>
    path.test(difference.path),
  );
  const [before, after] = [context.live.get(difference.component), context.target.get(difference.component)];
  return { ...difference, ...(rule?.assess({ difference, before, after, name, context }) ?? none()) };
}
