import {
  AUTH_MODE_PATH,
  authModeOf,
  chatDeploymentsFor,
  componentsOf,
  findConflictingPairs,
  textAt,
  type Component,
  type ComponentMap,
} from '../model';
import { liveOnlyFirst, locationAt, type SourceLocation } from './location';
import { error, violation, defineRules, type Violation } from './rule';
import { HELP_SETUP, MOBILE_GUIDES } from './sources';

export const APP_RULES = defineRules({
  'app-mixed-verification': error(
    'An app is either verified or unverified, never both.',
    `${HELP_SETUP}; ${MOBILE_GUIDES}`,
  ),
});

/** An app that a channel serves, and where that is declared. */
interface AppAssignment {
  /** In lowercase, because apps are compared without regard to case. */
  readonly app: string;
  readonly channel: string;
  readonly verified: boolean;
  readonly location: SourceLocation;
  readonly evidence: string;
}

/**
 * Help, user verification setup: an app is either verified or unverified. The metadata of a channel doesn't name its apps,
 * so a line of its description does: `App: com.example.shop` (several separated by commas). A Mobile chat deployment has
 * exactly one channel, so its developer name counts as an app of that channel.
 */
export function checkApps(components: ComponentMap): readonly Violation[] {
  return findConflictingPairs(
    liveOnlyFirst(appAssignments(components)),
    ({ app }) => app,
    ({ verified }) => verified,
  ).map(([current, conflicting]) => mixedVerification(current, conflicting));
}

/** The apps that a description names, in their spelling. */
const appsInDescription = (description: string): readonly string[] =>
  [...description.matchAll(/^[ \t]*App:(.*)$/gim)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');

const appAssignments = (components: ComponentMap): readonly AppAssignment[] =>
  componentsOf(components, 'MessagingChannel').flatMap((channel) =>
    assignmentsOf(channel, chatDeploymentsFor(components, channel.fullName).filter(isMobile)),
  );

const isMobile = (chatDeployment: Component): boolean => textAt(chatDeployment.root, 'deploymentType') === 'Mobile';

/** A channel without a valid authMode has no assignments. */
function assignmentsOf(channel: Component, chatDeployments: readonly Component[]): readonly AppAssignment[] {
  const authMode = authModeOf(channel);
  if (authMode !== 'Auth' && authMode !== 'UnAuth') return [];
  const named = appsInDescription(locationAt(channel, 'description').element?.text ?? '').map((app) => ({
    app,
    evidence: 'named in its description',
  }));
  const deployed = chatDeployments.map(({ fullName }) => ({
    app: fullName,
    evidence: `named by the Mobile chat deployment ${fullName}`,
  }));
  const common = {
    channel: channel.fullName,
    verified: authMode === 'Auth',
    location: locationAt(channel, AUTH_MODE_PATH),
  };
  return [...named, ...deployed].map(({ app, evidence }) => ({ ...common, app: app.toLowerCase(), evidence }));
}

function mixedVerification(current: AppAssignment, other: AppAssignment): Violation {
  const [verified, unverified] = current.verified ? [current, other] : [other, current];
  const message =
    `App ${current.app} is served by ${verified.channel} with user verification on (${verified.evidence}) and by ` +
    `${unverified.channel} with it off (${unverified.evidence}). An app is either verified or unverified.`;
  const fix =
    'Set the same authMode in both channels (Auth with messagingAuthorizations, UnAuth without), or remove the app from one of them.';
  return violation(APP_RULES['app-mixed-verification'], current.location, message, fix);
}
