import { isTrueAt, textAt, type Meaning } from '../../model';
import { authorizationsOf, isVerified, issuerOf } from '../trust';
import { disruptive, none, notice, type Case, type ImpactRule } from './meaning';

const isActive = ({ scene, name }: Case): boolean => scene.active.has(name);

/** A channel that is not active has no customers to disturb. */
const ifActive = (subject: Case, effect: string): Meaning =>
  isActive(subject) ? disruptive(effect) : none(`${subject.name} is not active, so nobody is affected yet.`);

/** What a change of a channel means (Help: user verification set-up and overview; BOOT: authMode is one flag for the channel). */
export const channelRules: readonly ImpactRule[] = [
  { path: /^$/, meaning: created },
  { path: /^isActive$/, meaning: goesLive },
  { path: /^embeddedConfig$/, meaning: verification },
  { path: /^embeddedConfig\.authMode$/, meaning: verification },
  { path: /^embeddedConfig\.messagingAuthorizations\[.*\]$/, meaning: configurationAdded },
  { path: /\.publicKeyCertificateSetName$/, meaning: keysetChanged },
  { path: /messagingAuthorizations\[.*\]\.enabled$/, meaning: configurationSwitched },
  { path: /\.verifiedUserJwtExpirationTime$/, meaning: (subject) => expiration(subject, 'verified') },
  { path: /\.anonymousUserJwtExpirationTime$/, meaning: (subject) => expiration(subject, 'unverified') },
  { path: /^(sessionHandler\w+|queueRoutingConfig)$/, meaning: routing },
  { path: /^(masterLabel|description)$/, meaning: () => none() },
  { path: /.*/, meaning: anyOther },
];

function created({ after }: Case): Meaning {
  return none(isVerified(after) ? 'User verification is on.' : 'For guests, nobody is verified.');
}

function goesLive({ after, name }: Case): Meaning {
  const who = isVerified(after) ? 'customers with a valid token' : 'guests';
  return notice(`${name} goes live: ${who} can start a chat on it.`);
}

function verification(subject: Case): Meaning {
  const { after, before, name } = subject;
  const on = after !== undefined && textAt(after.root, 'embeddedConfig.authMode') === 'Auth';
  const was = before !== undefined && textAt(before.root, 'embeddedConfig.authMode') === 'Auth';
  if (on === was) return anyOther(subject);
  return on
    ? ifActive(
        subject,
        `Verification is switched on: a chat on ${name} now starts only with a valid token, and guests are locked out.`,
      )
    : ifActive(
        subject,
        `Verification is switched off: tokens are no longer checked on ${name}, and customers are guests from now on.`,
      );
}

/** A second configuration for a keyset that the channel trusts already is a rename. */
function configurationAdded(subject: Case): Meaning {
  const { before, after, name, scene, difference } = subject;
  const added = authorizationsOf(after).find((item) =>
    difference.path.endsWith(`[${textAt(item, 'authIdentifier') ?? ''}]`),
  );
  const keyset = added && textAt(added, 'publicKeyCertificateSetName');
  const identifier = added && textAt(added, 'authIdentifier');
  const earlier = authorizationsOf(before).find((item) => isTrueAt(item, 'enabled'));
  if (!earlier || !keyset)
    return notice(
      `${name} trusts tokens of ${issuerOf(scene.target, keyset ?? '')} under the configuration ${identifier ?? ''}.`,
    );
  const old = textAt(earlier, 'authIdentifier') ?? '';
  return ifActive(
    subject,
    `The configuration of ${name} becomes ${identifier ?? ''}: customers lose sight of the conversations they hold under ${old}, for its name is part of their identity. ${old} stays in the org until it is disabled on purpose.`,
  );
}

function keysetChanged(subject: Case): Meaning {
  const { difference, name, scene } = subject;
  const [from, to] = [difference.from ?? '', difference.to ?? ''];
  return ifActive(
    subject,
    `Tokens of ${issuerOf(scene.live, from)} (keyset ${from}) are refused on ${name} from now on; those of ${issuerOf(scene.target, to)} (keyset ${to}) are accepted.`,
  );
}

function configurationSwitched(subject: Case): Meaning {
  const { difference, name } = subject;
  if (difference.to !== 'false')
    return notice(`The configuration becomes active: ${name} accepts its tokens from now on.`);
  return ifActive(subject, `The configuration is no longer active: its tokens are refused on ${name} from now on.`);
}

function expiration({ difference, name }: Case, who: string): Meaning {
  const [from, to] = [Number(difference.from ?? Number.NaN), Number(difference.to ?? Number.NaN)];
  if (to < from)
    return notice(`Sessions of ${who} customers on ${name} end sooner: after ${to} instead of ${from} minutes.`);
  return notice(
    `Sessions of ${who} customers on ${name} last ${to} minutes${Number.isNaN(from) ? '' : ` instead of ${from}`}.`,
  );
}

function routing(subject: Case): Meaning {
  const { difference, name } = subject;
  return ifActive(
    subject,
    `Routing moves: new conversations on ${name} go to ${difference.to ?? 'nobody'} instead of ${difference.from ?? 'nobody'}, at once.`,
  );
}

function anyOther(subject: Case): Meaning {
  return isActive(subject) ? notice(`Customers who chat on ${subject.name} may notice.`) : none();
}
