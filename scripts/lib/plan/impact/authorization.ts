import { configurationNameOf, enabledAuthorizationsOf, keysetNameOf, type ImpactAssessment } from '../../model';
import { quotedIssuer } from '../impact-context';
import { disruptiveIfActive, none, visible, type ImpactCase } from './impact-rule';

/** One "User Verification Configuration" of a channel. */
interface Authorization {
  readonly name: string;
  readonly keyset: string;
}

const enabledAuthorizations = (channel: ImpactCase['before']): readonly Authorization[] =>
  enabledAuthorizationsOf(channel).map((item) => ({
    name: configurationNameOf(item) ?? '',
    keyset: keysetNameOf(item) ?? '',
  }));

const configurationNameIn = (path: string): string => /messagingAuthorizations\[(.*?)\]/.exec(path)?.[1] ?? '';

/** A configuration comes to a channel, or is switched on there: what its customers and those of the others see. */
export function authorizationAdded(impactCase: ImpactCase): ImpactAssessment {
  const name = configurationNameIn(impactCase.difference.path);
  const added = enabledAuthorizations(impactCase.after).find((each) => each.name === name);
  if (!added) return none(`The configuration ${name} is not active, so it verifies nobody.`);
  const existing = enabledAuthorizations(impactCase.before).find(
    (each) => each.keyset === added.keyset && each.name !== name,
  );
  if (!existing) return acceptsTokens(impactCase, added);
  const isKept = enabledAuthorizations(impactCase.after).some((each) => each.name === existing.name);
  return disruptiveIfActive(
    impactCase,
    isKept ? duplicateEffect(impactCase, added, existing) : renameEffect(added.name, existing.name),
  );
}

const acceptsTokens = (
  { name, context }: ImpactCase,
  { name: configuration, keyset }: Authorization,
): ImpactAssessment =>
  visible(
    `${name} accepts tokens of ${quotedIssuer(context.target, keyset)}, under the configuration ${configuration}.`,
  );

/** Not documented: which of two configurations for one keyset a token is taken for. */
const duplicateEffect = ({ name }: ImpactCase, added: Authorization, earlier: Authorization): string =>
  `${name} gets a second active configuration for keyset ${added.keyset}, beside ${earlier.name}. Which of the two a ` +
  `customer is counted under is not documented, and so is which conversations they see. To rename it, set ` +
  `${earlier.name} to enabled=false in the same deploy.`;

/** The name is a segment of the customer's platform key: v2/iamessage/AUTH/<Configuration Name>/uid:<sub>. */
const renameEffect = (to: string, from: string): string =>
  `The configuration is renamed from ${from} to ${to}: customers lose sight of the conversations they hold under ${from}, ` +
  'for the name is part of their identity.';

/** A configuration is switched on or off on a channel that has it. */
export function authorizationToggled(subject: ImpactCase): ImpactAssessment {
  if (subject.difference.to === 'true') return authorizationAdded(subject);
  const name = configurationNameIn(subject.difference.path);
  const before = enabledAuthorizations(subject.before).find((each) => each.name === name);
  if (!before) return none(`The configuration ${name} was not active, so it verified nobody.`);
  const heir = enabledAuthorizations(subject.after).find((each) => each.keyset === before.keyset);
  if (heir) return disruptiveIfActive(subject, renameEffect(heir.name, name));
  return disruptiveIfActive(
    subject,
    `The configuration ${name} is no longer active: its tokens are refused on ${subject.name}.`,
  );
}

/** Another keyset under the same name: the same `sub` stays the same customer, whoever signs it now. */
export function keysetChanged(impactCase: ImpactCase): ImpactAssessment {
  const { difference, name, context } = impactCase;
  const [from, to] = [difference.from ?? '', difference.to ?? ''];
  const [before, after] = [quotedIssuer(context.live, from), quotedIssuer(context.target, to)];
  if (before === after) {
    return disruptiveIfActive(
      impactCase,
      `Tokens of ${after} are checked on ${name} with the keys of ${to} instead of ${from}: those signed with a key that only ${from} has are refused.`,
    );
  }
  const effect = `Tokens of ${before} (keyset ${from}) are refused on ${name}; those of ${after} (keyset ${to}) are accepted.`;
  return disruptiveIfActive(impactCase, `${effect} ${SUB_REUSE_WARNING}`);
}

/** Inferred from the platform key, in which neither issuer nor keyset has a part. */
export const SUB_REUSE_WARNING =
  'A customer is known by the configuration and the sub of the token: where the new issuer uses other subs, customers ' +
  'lose their conversations; where it gives a sub to somebody else, that person sees them.';
