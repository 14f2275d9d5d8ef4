import { childrenOf, isTrueAt, textAt, type Meaning } from '../../model';
import { channelsTrusting, issuerOf, keysetsWith, listed, type Scene } from '../trust';
import { SAME_SUB } from './configuration';
import { disruptive, none, notice, type Case, type ImpactRule } from './meaning';

/** What a change of a keyset means for the channels that trust it. The issuer is compared byte for byte (Metadata API guide). */
export const keysetRules: readonly ImpactRule[] = [
  { path: /^$/, meaning: ({ name, scene }) => none(`Trusts the issuer ${issuerOf(scene.target, name)}.`) },
  { path: /^jwtIssuer$/, meaning: issuerChanged },
  { path: /^jwksEndPoint$/, meaning: endpointChanged },
  { path: /^type$/, meaning: typeChanged },
  { path: /^publicKeyCertificateSetKeys\[.*\]$/, meaning: keyAdded },
  { path: /.*/, meaning: () => none() },
];

function issuerChanged(subject: Case): Meaning {
  const [from, to] = [subject.difference.from ?? '', subject.difference.to ?? ''];
  return ifTrusted(
    subject,
    (channels) => `Tokens of "${from}" are refused on ${channels}; those of "${to}" are accepted. ${SAME_SUB}`,
  );
}

function endpointChanged(subject: Case): Meaning {
  const [from, to] = [subject.difference.from ?? 'the old source', subject.difference.to ?? 'nowhere'];
  return ifTrusted(
    subject,
    (channels) =>
      `Keys for ${channels} come from ${to}: tokens signed with a key that only ${from} serves are refused. How soon Salesforce asks the new endpoint is not documented.`,
  );
}

function typeChanged(subject: Case): Meaning {
  return ifTrusted(
    subject,
    (channels) =>
      `Keys for ${channels} come from another kind of source: tokens signed with a key that is not there are refused.`,
  );
}

/** A keyset that no active channel trusts disturbs nobody. */
export function ifTrusted({ scene, name }: Case, effect: (channels: string) => string): Meaning {
  const channels = channelsTrusting(scene, name);
  return channels.length > 0 ? disruptive(effect(listed(channels))) : none('No active channel trusts this keyset yet.');
}

function keyAdded({ scene, name, difference }: Case): Meaning {
  const key = difference.path.slice(difference.path.indexOf('[') + 1, -1);
  const channels = channelsTrusting(scene, name);
  if (channels.length === 0) return none();
  if (!isActiveKey(scene, key)) return none(`${key} is not active, so its tokens are not accepted.`);
  const alone = activeKeys(scene, name).length === 1 ? '' : ', beside those of the other keys';
  return notice(`Tokens signed with ${key} are accepted on ${listed(channels)}${alone}.`);
}

/** Whether tokens signed with a key are accepted where its keyset is trusted. */
export function isActiveKey({ target, live }: Scene, key: string): boolean {
  const found = target.get(`PublicKeyCertificate:${key}`) ?? live.get(`PublicKeyCertificate:${key}`);
  return found !== undefined && isTrueAt(found.root, 'isActive');
}

function activeKeys(scene: Scene, keyset: string): readonly string[] {
  const found = scene.target.get(`PublicKeyCertificateSet:${keyset}`);
  const names = found ? childrenOf(found.root, 'publicKeyCertificateSetKeys') : [];
  return names.flatMap((item) => textAt(item, 'publicKeyCertificate') ?? []).filter((key) => isActiveKey(scene, key));
}

/** Channels on which customers' tokens may be signed with a key. */
export function channelsHolding(scene: Scene, key: string): readonly string[] {
  return [...new Set(keysetsWith(scene, key).flatMap((keyset) => channelsTrusting(scene, keyset)))];
}
