import { configurationNameOf, enabledAuthorizationsOf, keysetNameOf, type ImpactAssessment } from '../../model';
import { quotedIssuer } from '../impact-context';
import { disruptiveIfActive, none, visible, type ImpactCase } from './impact-rule';

/** A user verification configuration of a channel. */
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

/** The impact of a configuration that is added to a channel or enabled on it. */
export function authorizationAdded(impactCase: ImpactCase): ImpactAssessment {
  const name = configurationNameIn(impactCase.difference.path);
  const added = enabledAuthorizations(impactCase.after).find((each) => each.name === name);
  if (!added) return none(`User verification configuration ${name} isn't enabled, so it verifies no tokens.`);
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
    `${name} accepts tokens of ${quotedIssuer(context.target, keyset)} under user verification configuration ${configuration}.`,
  );

/** Salesforce doesn't document which of two configurations with the same keyset applies to a token. */
const duplicateEffect = ({ name }: ImpactCase, added: Authorization, earlier: Authorization): string =>
  `Enables a second user verification configuration for keyset ${added.keyset} on ${name}: ${added.name} in addition to ` +
  `${earlier.name}. Salesforce doesn't document which of the two applies to a customer, and which conversations the ` +
  `customer sees. To rename the configuration, set ${earlier.name} to enabled=false in the same deploy.`;

/** The Configuration Name is part of a customer's platform key: v2/iamessage/AUTH/<Configuration Name>/uid:<sub>. */
const renameEffect = (to: string, from: string): string =>
  `Renames user verification configuration ${from} to ${to}. Customers no longer see their conversations under ${from}, ` +
  'because the Configuration Name is part of their platform key.';

/** The impact of a configuration that is enabled, disabled, or removed. */
export function authorizationToggled(impactCase: ImpactCase): ImpactAssessment {
  if (impactCase.difference.to === 'true') return authorizationAdded(impactCase);
  const name = configurationNameIn(impactCase.difference.path);
  const before = enabledAuthorizations(impactCase.before).find((each) => each.name === name);
  if (!before) return none(`User verification configuration ${name} wasn't enabled, so it verified no tokens.`);
  const replacement = enabledAuthorizations(impactCase.after).find((each) => each.keyset === before.keyset);
  if (replacement) return disruptiveIfActive(impactCase, renameEffect(replacement.name, name));
  return disruptiveIfActive(
    impactCase,
    `Disables user verification configuration ${name}. Its tokens are rejected on ${impactCase.name}.`,
  );
}

/** The impact of another keyset under the same Configuration Name: the same `sub` stays the same customer. */
export function keysetChanged(impactCase: ImpactCase): ImpactAssessment {
  const { difference, name, context } = impactCase;
  const [from, to] = [difference.from ?? '', difference.to ?? ''];
  const [before, after] = [quotedIssuer(context.live, from), quotedIssuer(context.target, to)];
  if (before === after) {
    return disruptiveIfActive(
      impactCase,
      `Tokens of ${after} are verified on ${name} with keyset ${to} instead of ${from}. Tokens signed with a key that only ${from} lists are rejected.`,
    );
  }
  const effect = `Tokens of ${before} (keyset ${from}) are rejected on ${name}; those of ${after} (keyset ${to}) are accepted.`;
  return disruptiveIfActive(impactCase, `${effect} ${SUB_REUSE_WARNING}`);
}

/** Inferred from the platform key, which contains neither the issuer nor the keyset. */
export const SUB_REUSE_WARNING =
  'The Configuration Name and the sub claim of the token identify a customer. If the new issuer uses other sub values, ' +
  'customers lose their conversations. If it assigns a sub value to another person, that person sees them.';
