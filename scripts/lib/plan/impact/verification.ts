import { isAuthMode, type ImpactAssessment } from '../../model';
import { disruptiveIfActive, none, unknownSetting, visible, type ImpactCase } from './impact-rule';

/**
 * The impact of turning user verification on or off. It applies to the whole channel (BOOT: the web client rejects tokens
 * unless authMode is Auth; SFS-TEAMS: an Auth channel rejects a request for an access token without an identity token). A
 * customer has different platform keys as a verified and as an unverified user, so conversations don't continue.
 */
export function verificationChanged(impactCase: ImpactCase): ImpactAssessment {
  const [isOn, wasOn] = [isAuthMode(impactCase.after), isAuthMode(impactCase.before)];
  if (isOn === wasOn) return unknownSetting(impactCase);
  return disruptiveIfActive(impactCase, isOn ? turnedOnEffect(impactCase.name) : turnedOffEffect(impactCase.name));
}

const turnedOnEffect = (name: string): string =>
  `Turns user verification on. New chats on ${name} require a valid token. Unverified users, and sites or apps that don't ` +
  "send a token, can't start a chat. Their open chats don't continue.";

const turnedOffEffect = (name: string): string =>
  `Turns user verification off. All users on ${name} are unverified, and clients reject tokens. Open chats of verified ` +
  "users don't continue. Apps that require user verification must be changed too.";

/**
 * The impact of another lifetime of access tokens for verified users, in minutes (Help: user verification set-up). The web
 * client renews an access token while the identity token is valid. After that, the page has about 30 seconds to set a new
 * identity token (messaging-web guide).
 */
export function verifiedExpirationChanged(impactCase: ImpactCase): ImpactAssessment {
  if (!isAuthMode(impactCase.after)) return none('This setting has no effect while user verification is off.');
  return lifetimeChanged(
    impactCase,
    60,
    'Access tokens for verified users',
    'Clients renew them while the identity token is valid; after that, the site or app must provide a new one.',
  );
}

/** The impact of another lifetime of sessions of unverified users. A channel with user verification on has none. */
export function unverifiedExpirationChanged(impactCase: ImpactCase): ImpactAssessment {
  if (isAuthMode(impactCase.after)) return none('This setting has no effect while user verification is on.');
  return lifetimeChanged(
    impactCase,
    360,
    'Sessions of unverified users',
    'After that, an unverified user no longer sees earlier messages.',
  );
}

/** `defaultMinutes` is the default of Salesforce (Help: user verification set-up). */
function lifetimeChanged(
  { difference, name, context }: ImpactCase,
  defaultMinutes: number,
  subject: string,
  consequence: string,
): ImpactAssessment {
  const [from, to] = [Number(difference.from ?? Number.NaN), Number(difference.to ?? defaultMinutes)];
  if (!context.activeChannels.has(name)) return none();
  const instead = Number.isNaN(from) ? '' : ` instead of ${from}`;
  return visible(`${subject} on ${name} expire after ${to} minutes${instead}. ${consequence}`);
}
