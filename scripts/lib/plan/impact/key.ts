import { parseJsonObject, type JsonObject } from '../../json';
import { joinNames, isTrue, isTrueAt, textAt, type ImpactAssessment } from '../../model';
import { activeChannelsOfKey } from '../impact-context';
import { disruptive, none, visible, type ImpactCase, type ImpactRule } from './impact-rule';

/** What a change of a key means for the channels whose keysets hold it. */
export const keyRules: readonly ImpactRule[] = [
  { path: /^$/, assess: () => none() },
  { path: /^isActive$/, assess: activeChanged },
  { path: /^jsonWebKey$/, assess: keyReplaced },
  { path: /.*/, assess: () => none() },
];

/** The members that decide which tokens a key verifies; x5c is only a certificate of them. */
const IDENTIFYING_MEMBERS = ['kty', 'n', 'e', 'kid', 'alg'];

function keyReplaced(impactCase: ImpactCase): ImpactAssessment {
  const [before, after] = [parseJwk(impactCase.before), parseJwk(impactCase.after)];
  const changedMembers = IDENTIFYING_MEMBERS.filter((name) => before[name] !== after[name]);
  if (changedMembers.length === 0) return none('The same key with another certificate: its tokens stay valid.');
  const wasActive = impactCase.before !== undefined && isTrueAt(impactCase.before.root, 'isActive');
  if (!wasActive) return none('The key was not active, so no token is refused.');
  return disruptiveIfKeyTrusted(
    impactCase,
    (channels) =>
      `The key is replaced (${changedMembers.join(', ')} differ): tokens signed with ${impactCase.difference.from ?? ''} are refused on ${channels}.`,
  );
}

const parseJwk = (component: ImpactCase['before']): JsonObject =>
  parseJsonObject((component && textAt(component.root, 'jsonWebKey')) ?? '') ?? {};

function activeChanged(subject: ImpactCase): ImpactAssessment {
  const { difference, name, context } = subject;
  const channels = joinNames(activeChannelsOfKey(context, name));
  if (isTrue(difference.to ?? undefined))
    return channels === '' ? none() : visible(`Tokens signed with ${name} are accepted on ${channels}.`);
  return disruptiveIfKeyTrusted(
    subject,
    (where) => `The key is no longer active: tokens signed with ${name} are refused on ${where}.`,
  );
}

function disruptiveIfKeyTrusted({ context, name }: ImpactCase, effect: (channels: string) => string): ImpactAssessment {
  const channels = activeChannelsOfKey(context, name);
  return channels.length > 0 ? disruptive(effect(joinNames(channels))) : none('No active channel trusts this key yet.');
}
