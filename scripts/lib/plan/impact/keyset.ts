import { joinNames, isActiveKey, keyNamesOf, type ImpactAssessment } from '../../model';
import { activeChannelsOfKeyset, quotedIssuer, type ImpactContext } from '../impact-context';
import { SUB_REUSE_WARNING } from './authorization';
import { disruptive, none, visible, type ImpactCase, type ImpactRule } from './impact-rule';

/** The rules for changes of a keyset. Salesforce compares the issuer byte for byte (Metadata API guide). */
export const keysetRules: readonly ImpactRule[] = [
  { path: /^$/, assess: ({ name, context }) => none(`Trusts the issuer ${quotedIssuer(context.target, name)}.`) },
  { path: /^jwtIssuer$/, assess: issuerChanged },
  { path: /^jwksEndPoint$/, assess: endpointChanged },
  { path: /^type$/, assess: typeChanged },
  { path: /^publicKeyCertificateSetKeys\[.*\]$/, assess: keyAdded },
  { path: /.*/, assess: () => none() },
];

function issuerChanged(impactCase: ImpactCase): ImpactAssessment {
  const [from, to] = [impactCase.difference.from ?? '', impactCase.difference.to ?? ''];
  return disruptiveIfTrusted(
    impactCase,
    (channels) =>
      `Tokens of "${from}" are rejected on ${channels}; those of "${to}" are accepted. ${SUB_REUSE_WARNING}`,
  );
}

function endpointChanged(impactCase: ImpactCase): ImpactAssessment {
  const [from, to] = [impactCase.difference.from ?? 'the old source', impactCase.difference.to ?? 'no endpoint'];
  return disruptiveIfTrusted(
    impactCase,
    (channels) =>
      `Tokens on ${channels} are verified with the keys from ${to}. Tokens signed with a key that only ${from} provides are rejected. Salesforce doesn't document when it first downloads keys from a new endpoint.`,
  );
}

function typeChanged(impactCase: ImpactCase): ImpactAssessment {
  return disruptiveIfTrusted(
    impactCase,
    (channels) =>
      `Changes the key source for ${channels}. Tokens signed with a key that the new source doesn't provide are rejected.`,
  );
}

/** A change of a keyset that no active channel trusts has no impact. */
export function disruptiveIfTrusted(
  { context, name }: ImpactCase,
  effect: (channels: string) => string,
): ImpactAssessment {
  const channels = activeChannelsOfKeyset(context, name);
  return channels.length > 0 ? disruptive(effect(joinNames(channels))) : none('No active channel trusts this keyset.');
}

function keyAdded({ context, name, difference }: ImpactCase): ImpactAssessment {
  const key = difference.path.slice(difference.path.indexOf('[') + 1, -1);
  const channels = activeChannelsOfKeyset(context, name);
  if (channels.length === 0) return none();
  if (!isAccepted(context, key)) return none(`${key} isn't active, so tokens signed with it aren't accepted.`);
  const otherKeysNote = activeKeys(context, name).length === 1 ? '' : ', in addition to those of the other keys';
  return visible(`Tokens signed with ${key} are accepted on ${joinNames(channels)}${otherKeysNote}.`);
}

/** Whether channels that trust the keyset of a key accept tokens signed with the key. */
export const isAccepted = ({ target, live }: ImpactContext, key: string): boolean =>
  isActiveKey(target.has(`PublicKeyCertificate:${key}`) ? target : live, key);

const activeKeys = (context: ImpactContext, keyset: string): readonly string[] =>
  keyNamesOf(context.target.get(`PublicKeyCertificateSet:${keyset}`)).filter((key) => isAccepted(context, key));
