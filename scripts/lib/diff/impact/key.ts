import { isTrue, isTrueAt, textAt, type Meaning } from '../../model';
import { listed } from '../trust';
import { channelsHolding } from './keyset';
import { disruptive, none, notice, type Case, type ImpactRule } from './meaning';

/** What a change of a key means for the channels whose keysets hold it. */
export const keyRules: readonly ImpactRule[] = [
  { path: /^$/, meaning: () => none() },
  { path: /^isActive$/, meaning: switched },
  { path: /^jsonWebKey$/, meaning: replaced },
  { path: /.*/, meaning: () => none() },
];

type Members = Readonly<Record<string, unknown>>;

/** The members that decide which tokens a key verifies; x5c is only a certificate of them. */
const DECISIVE = ['kty', 'n', 'e', 'kid', 'alg'];

function replaced(subject: Case): Meaning {
  const [before, after] = [membersOf(subject.before), membersOf(subject.after)];
  const differ = DECISIVE.filter((name) => before[name] !== after[name]);
  if (differ.length === 0) return none('The same key with another certificate: its tokens stay valid.');
  const wasActive = subject.before !== undefined && isTrueAt(subject.before.root, 'isActive');
  if (!wasActive) return none('The key was not active, so no token is refused.');
  return ifHeld(
    subject,
    (channels) =>
      `The key is replaced (${differ.join(', ')} differ): tokens signed with ${subject.difference.from ?? ''} are refused on ${channels}.`,
  );
}

function membersOf(component: Case['before']): Members {
  try {
    const parsed: unknown = JSON.parse((component && textAt(component.root, 'jsonWebKey')) ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Members) : {};
  } catch {
    return {};
  }
}

function switched(subject: Case): Meaning {
  const { difference, name, scene } = subject;
  const channels = listed(channelsHolding(scene, name));
  if (isTrue(difference.to ?? undefined))
    return channels === '' ? none() : notice(`Tokens signed with ${name} are accepted on ${channels}.`);
  return ifHeld(subject, (where) => `The key is no longer active: tokens signed with ${name} are refused on ${where}.`);
}

function ifHeld({ scene, name }: Case, effect: (channels: string) => string): Meaning {
  const channels = channelsHolding(scene, name);
  return channels.length > 0 ? disruptive(effect(listed(channels))) : none('No active channel trusts this key yet.');
}
