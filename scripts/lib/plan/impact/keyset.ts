import { joinNames, isActiveKey, keyNamesOf, type ImpactAssessment } from '../../model';
import { activeChannelsOfKeyset, quotedIssuer, type ImpactContext } from '../impact-context';
import { SUB_REUSE_WARNING } from './authorization';
import { disruptive, none, visible, type ImpactCase, type ImpactRule } from './impact-rule';

/** What a change of a keyset means for the channels that trust it. The issuer is compared byte for byte (Metadata API guide). */
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
    (channels) => `Tokens of "${from}" are refused on ${channels}; those of "${to}" are accepted. ${SUB_REUSE_WARNING}`,
  );
}

function endpointChanged(impactCase: ImpactCase): ImpactAssessment {
  const [from, to] = [impactCase.difference.from ?? 'the old source', impactCase.difference.to ?? 'nowhere'];
  return disruptiveIfTrusted(
    impactCase,
    (channels) =>
      `Keys for ${channels} come from ${to}: tokens signed with a key that only ${from} serves are refused. How soon Salesforce asks the new endpoint is not documented.`,
  );
}

function typeChanged(impactCase: ImpactCase): ImpactAssessment {
  return disruptiveIfTrusted(
    impactCase,
    (channels) =>
      `Keys for ${channels} come from another kind of source: tokens signed with a key that is not there are refused.`,
  );
}

/** A keyset that no active channel trusts disturbs nobody. */
export function disruptiveIfTrusted(
  { context, name }: ImpactCase,
  effect: (channels: string) => string,
): ImpactAssessment {
  const channels = activeChannelsOfKeyset(context, name);
  return channels.length > 0
    ? disruptive(effect(joinNames(channels)))
    : none('No active channel trusts this keyset yet.');
}

function keyAdded({ context, name, difference }: ImpactCase): ImpactAssessment {
  const key = difference.path.slice(difference.path.indexOf('[') + 1, -1);
  const channels = activeChannelsOfKeyset(context, name);
  if (channels.length === 0) return none();
  if (!isAccepted(context, key)) return none(`${key} is not active, so its tokens are not accepted.`);
  const otherKeysNote = activeKeys(context, name).length === 1 ? '' : ', beside those of the other keys';
  return visible(`Tokens signed with ${key} are accepted on ${joinNames(channels)}${otherKeysNote}.`);
}

/** Whether tokens signed with a key are accepted where its keyset is trusted. */
export const isAccepted = ({ target, live }: ImpactContext, key: string): boolean =>
  isActiveKey(target.has(`PublicKeyCertificate:${key}`) ? target : live, key);

const activeKeys = (context: ImpactContext, keyset: string): readonly string[] =>
  keyNamesOf(context.target.get(`PublicKeyCertificateSet:${keyset}`)).filter((key) => isAccepted(context, key));
