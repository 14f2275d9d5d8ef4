import { isTrueAt, textAt, type Element, type Meaning } from '../../model';
import { authorizationsOf, issuerOf } from '../trust';
import { ifActive, none, notice, type Case } from './meaning';

/** One "User Verification Configuration" of a channel. */
interface Configuration {
  readonly name: string;
  readonly keyset: string;
}

const nameOf = (item: Element): string => textAt(item, 'authIdentifier') ?? '';

const enabledOf = (channel: Case['before']): readonly Configuration[] =>
  authorizationsOf(channel)
    .filter((item) => isTrueAt(item, 'enabled'))
    .map((item) => ({ name: nameOf(item), keyset: textAt(item, 'publicKeyCertificateSetName') ?? '' }));

const subjectOf = (path: string): string => /messagingAuthorizations\[(.*?)\]/.exec(path)?.[1] ?? '';

/** A configuration comes to a channel, or is switched on there: what its customers and those of the others see. */
export function configurationAdded(subject: Case): Meaning {
  const name = subjectOf(subject.difference.path);
  const added = enabledOf(subject.after).find((each) => each.name === name);
  if (!added) return none(`The configuration ${name} is not active, so it verifies nobody.`);
  const earlier = enabledOf(subject.before).find((each) => each.keyset === added.keyset && each.name !== name);
  if (!earlier) return accepted(subject, added);
  const stays = enabledOf(subject.after).some((each) => each.name === earlier.name);
  return ifActive(subject, stays ? doubled(subject, added, earlier) : renamed(added.name, earlier.name));
}

const accepted = ({ name, scene }: Case, { name: configuration, keyset }: Configuration): Meaning =>
  notice(`${name} accepts tokens of ${issuerOf(scene.target, keyset)}, under the configuration ${configuration}.`);

/** Not documented: which of two configurations for one keyset a token is taken for. */
const doubled = ({ name }: Case, added: Configuration, earlier: Configuration): string =>
  `${name} gets a second active configuration for keyset ${added.keyset}, beside ${earlier.name}. Which of the two a ` +
  `customer is counted under is not documented, and so is which conversations they see. To rename it, set ` +
  `${earlier.name} to enabled=false in the same deploy.`;

/** The name is a segment of the customer's platform key: v2/iamessage/AUTH/<Configuration Name>/uid:<sub>. */
const renamed = (to: string, from: string): string =>
  `The configuration is renamed from ${from} to ${to}: customers lose sight of the conversations they hold under ${from}, ` +
  'for the name is part of their identity.';

/** A configuration is switched on or off on a channel that has it. */
export function configurationSwitched(subject: Case): Meaning {
  if (subject.difference.to === 'true') return configurationAdded(subject);
  const name = subjectOf(subject.difference.path);
  const before = enabledOf(subject.before).find((each) => each.name === name);
  if (!before) return none(`The configuration ${name} was not active, so it verified nobody.`);
  const heir = enabledOf(subject.after).find((each) => each.keyset === before.keyset);
  if (heir) return ifActive(subject, renamed(heir.name, name));
  return ifActive(subject, `The configuration ${name} is no longer active: its tokens are refused on ${subject.name}.`);
}

/** Another keyset under the same name: the same `sub` stays the same customer, whoever signs it now. */
export function keysetChanged(subject: Case): Meaning {
  const { difference, name, scene } = subject;
  const [from, to] = [difference.from ?? '', difference.to ?? ''];
  const [before, after] = [issuerOf(scene.live, from), issuerOf(scene.target, to)];
  if (before === after) {
    return ifActive(
      subject,
      `Tokens of ${after} are checked on ${name} with the keys of ${to} instead of ${from}: those signed with a key that only ${from} has are refused.`,
    );
  }
  const swap = `Tokens of ${before} (keyset ${from}) are refused on ${name}; those of ${after} (keyset ${to}) are accepted.`;
  return ifActive(subject, `${swap} ${SAME_SUB}`);
}

/** Inferred from the platform key, in which neither issuer nor keyset has a part. */
export const SAME_SUB =
  'A customer is known by the configuration and the sub of the token: where the new issuer uses other subs, customers ' +
  'lose their conversations; where it gives a sub to somebody else, that person sees them.';
