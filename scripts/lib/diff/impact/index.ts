import type { Change, ComponentType, Difference } from '../../model';
import type { Scene } from '../trust';
import { channelRules } from './channel';
import { keyRules } from './key';
import { keysetRules } from './keyset';
import { LOSSES } from './loss';
import { none, type ImpactRule } from './meaning';
import { corsRules, deploymentRules, queueRules } from './neighbours';

/** The rules of each type; the first whose path fits decides. */
const RULES: Readonly<Record<ComponentType, readonly ImpactRule[]>> = {
  QueueRoutingConfig: queueRules,
  Queue: queueRules,
  PublicKeyCertificate: keyRules,
  PublicKeyCertificateSet: keysetRules,
  MessagingChannel: channelRules,
  EmbeddedServiceConfig: deploymentRules,
  CorsWhitelistOrigin: corsRules,
  PermissionSet: [],
};

/** A difference with what it does to customers who are chatting now. */
export function judge(difference: Difference, scene: Scene): Change {
  const [type = '', name = ''] = difference.component.split(/:(.*)/s);
  const losses = difference.to === null ? LOSSES[type as ComponentType] : [];
  const rule = [...losses, ...RULES[type as ComponentType]].find(({ path }) => path.test(difference.path));
  const [before, after] = [scene.live.get(difference.component), scene.target.get(difference.component)];
  return { ...difference, ...(rule?.meaning({ difference, before, after, name, scene }) ?? none()) };
}
