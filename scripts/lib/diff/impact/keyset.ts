import type { Meaning } from '../../model';
import { channelsTrusting, issuerOf, keysetsWith, listed } from '../trust';
import { disruptive, none, notice, type Case, type ImpactRule } from './meaning';

/** What a change of a keyset means for the channels that trust it. The issuer is compared byte for byte (Metadata API guide). */
export const keysetRules: readonly ImpactRule[] = [
  { path: /^$/, meaning: ({ name, scene }) => none(`Trusts the issuer ${issuerOf(scene.target, name)}.`) },
  {
    path: /^jwtIssuer$/,
    meaning: (subject) =>
      ifTrusted(
        subject,
        (channels) =>
          `Tokens of "${subject.difference.from ?? ''}" are refused on ${channels} from now on; those of "${subject.difference.to ?? ''}" are accepted.`,
      ),
  },
  {
    path: /^jwksEndPoint$/,
    meaning: (subject) =>
      ifTrusted(
        subject,
        (channels) =>
          `Keys for ${channels} come from ${subject.difference.to ?? 'nowhere'}; tokens signed with a key that only ${subject.difference.from ?? 'the old source'} serves are refused.`,
      ),
  },
  {
    path: /^type$/,
    meaning: (subject) =>
      ifTrusted(
        subject,
        (channels) =>
          `Keys for ${channels} come from another kind of source; tokens signed with a key that is not there are refused.`,
      ),
  },
  { path: /^publicKeyCertificateSetKeys\[.*\]$/, meaning: keyAdded },
  { path: /.*/, meaning: () => none() },
];

/** What a change of a key means for the channels whose keysets hold it. */
export const keyRules: readonly ImpactRule[] = [
  { path: /^$/, meaning: () => none() },
  { path: /^isActive$/, meaning: keySwitched },
  {
    path: /^jsonWebKey$/,
    meaning: (subject) =>
      ifHeld(
        subject,
        (channels) =>
          `The key is replaced: tokens signed with ${subject.difference.from ?? ''} are refused on ${channels} from now on.`,
      ),
  },
  { path: /.*/, meaning: () => none() },
];

function ifTrusted({ scene, name }: Case, effect: (channels: string) => string): Meaning {
  const channels = channelsTrusting(scene, name);
  return channels.length > 0 ? disruptive(effect(listed(channels))) : none('No active channel trusts this keyset yet.');
}

function ifHeld({ scene, name }: Case, effect: (channels: string) => string): Meaning {
  const channels = keysetsWith(scene, name).flatMap((keyset) => channelsTrusting(scene, keyset));
  return channels.length > 0
    ? disruptive(effect(listed([...new Set(channels)])))
    : none('No active channel trusts this key yet.');
}

function keyAdded({ scene, name, difference }: Case): Meaning {
  const key = difference.path.slice(difference.path.indexOf('[') + 1, -1);
  const channels = channelsTrusting(scene, name);
  return channels.length > 0
    ? notice(`Tokens signed with ${key} are accepted on ${listed(channels)}, beside those of the other keys.`)
    : none();
}

function keySwitched(subject: Case): Meaning {
  if (subject.difference.to !== 'false') return notice(`Tokens signed with ${subject.name} are accepted from now on.`);
  return ifHeld(
    subject,
    (channels) =>
      `The key is no longer active: tokens signed with ${subject.name} are refused on ${channels} from now on.`,
  );
}
