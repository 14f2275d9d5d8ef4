import { parseJsonObject, type JsonObject } from '../../files';
import { joinNames, isTrue, isTrueAt, textAt, type ImpactAssessment } from '../../model';
import { activeChannelsOfKey } from '../impact-context';
import { disruptive, none, visible, type ImpactCase, type ImpactRule } from './impact-rule';

/** The rules for changes of a key. The impact concerns the channels whose keysets list the key. */
export const keyRules: readonly ImpactRule[] = [
  { path: /^$/, assess: () => none() },
  { path: /^isActive$/, assess: activeChanged },
  { path: /^jsonWebKey$/, assess: keyReplaced },
  { path: /.*/, assess: () => none() },
];

/** The members that decide which tokens a key verifies. A change of x5c changes only the certificate. */
const IDENTIFYING_MEMBERS = ['kty', 'n', 'e', 'kid', 'alg'];

function keyReplaced(impactCase: ImpactCase): ImpactAssessment {
  const [before, after] = [parseJwk(impactCase.before), parseJwk(impactCase.after)];
  const changedMembers = IDENTIFYING_MEMBERS.filter((name) => before[name] !== after[name]);
  if (changedMembers.length === 0)
    return none('Replaces the certificate of the key. Tokens signed with the key stay valid.');
  const wasActive = impactCase.before !== undefined && isTrueAt(impactCase.before.root, 'isActive');
  if (!wasActive) return none("The key wasn't active, so no tokens are rejected.");
  return disruptiveIfKeyTrusted(
    impactCase,
    (channels) =>
      `Replaces the key (changed: ${changedMembers.join(', ')}). Tokens signed with ${impactCase.difference.from ?? ''} are rejected on ${channels}.`,
  );
}

const parseJwk = (component: ImpactCase['before']): JsonObject =>
  parseJsonObject((component && textAt(component.root, 'jsonWebKey')) ?? '') ?? {};

function activeChanged(impactCase: ImpactCase): ImpactAssessment {
  const { difference, name, context } = impactCase;
  const channels = joinNames(activeChannelsOfKey(context, name));
  if (isTrue(difference.to ?? undefined))
    return channels === '' ? none() : visible(`Tokens signed with ${name} are accepted on ${channels}.`);
  return disruptiveIfKeyTrusted(
    impactCase,
    (affected) => `Deactivates the key. Tokens signed with ${name} are rejected on ${affected}.`,
  );
}

function disruptiveIfKeyTrusted({ context, name }: ImpactCase, effect: (channels: string) => string): ImpactAssessment {
  const channels = activeChannelsOfKey(context, name);
  return channels.length > 0 ? disruptive(effect(joinNames(channels))) : none('No active channel trusts this key.');
}
