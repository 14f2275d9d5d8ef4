import { isAuthMode, type ImpactAssessment } from '../../model';
import { disruptiveIfActive, unknownSetting, type ImpactCase } from './impact-rule';

/**
 * Verification is one switch for a whole channel (BOOT: the web client refuses tokens unless authMode is Auth; SFS-TEAMS:
 * a guest token is refused on an Auth channel). A verified customer and a guest have different platform keys, so neither
 * finds the other's conversations.
 */
export function verificationChanged(impactCase: ImpactCase): ImpactAssessment {
  const [isOn, wasOn] = [isAuthMode(impactCase.after), isAuthMode(impactCase.before)];
  if (isOn === wasOn) return unknownSetting(impactCase);
  return disruptiveIfActive(impactCase, isOn ? turnedOnEffect(impactCase.name) : turnedOffEffect(impactCase.name));
}

const turnedOnEffect = (name: string): string =>
  `Verification is switched on: a chat on ${name} starts only with a valid token. Guests are locked out, and so is every ` +
  'site and app that does not send one yet. Conversations that guests hold now are not continued.';

const turnedOffEffect = (name: string): string =>
  `Verification is switched off: everybody on ${name} is a guest, clients refuse tokens, and conversations of verified ` +
  'customers are not continued. An app built with user verification required has to be changed as well.';

/**
 * How long Salesforce's own token lives, in minutes (Help: user verification set-up). The web client renews it silently
 * while the identity token is valid; after that the page has about 30 seconds to set a new one (messaging-web guide).
 */
export function verifiedExpirationChanged(impactCase: ImpactCase): ImpactAssessment {
  if (!isAuthMode(impactCase.after)) return { impact: 'none', effect: 'Without verification this has no effect.' };
  return lifetimeChanged(
    impactCase,
    60,
    'Tokens of verified customers',
    'Clients renew them while the identity token is valid; after that the site or app is asked for a new one.',
  );
}

/** The life of a guest's token; with verification on there are no guests. */
export function unverifiedExpirationChanged(impactCase: ImpactCase): ImpactAssessment {
  if (isAuthMode(impactCase.after)) return { impact: 'none', effect: 'With verification on this has no effect.' };
  return lifetimeChanged(
    impactCase,
    360,
    'Sessions of guests',
    'What a guest wrote before is then out of reach for them.',
  );
}

/** `unstated` is the default of Salesforce, in minutes (Help: user verification set-up). */
function lifetimeChanged(
  { difference, name, context }: ImpactCase,
  unstated: number,
  whose: string,
  then: string,
): ImpactAssessment {
  const [from, to] = [Number(difference.from ?? Number.NaN), Number(difference.to ?? unstated)];
  if (!context.activeChannels.has(name)) return { impact: 'none', effect: '' };
  const instead = Number.isNaN(from) ? '' : ` instead of ${from}`;
  const effect = `${whose} on ${name} end ${to < from ? 'sooner' : 'later'}: after ${to}${instead} minutes. ${then}`;
  return { impact: 'visible', effect };
}
