import {
  AUTH_MODE_PATH,
  authModeOf,
  chatDeploymentsFor,
  componentsOf,
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

/** An app that a channel serves, and what says so. */
interface AppAssignment {
  /** As compared: without regard to case. */
  readonly app: string;
  readonly channel: string;
  readonly verified: boolean;
  readonly location: SourceLocation;
  readonly evidence: string;
}

/**
 * Help, user verification setup: an app is either verified or unverified. No metadata says which app a channel is for,
 * so a line of the channel's description does: `App: com.example.shop` (several separated by commas). A Mobile
 * deployment has exactly one channel, which therefore serves an app of the deployment's developer name as well.
 */
export function checkApps(components: ComponentMap): readonly Violation[] {
  const assignments = liveOnlyFirst(appAssignments(components));
  return assignments.flatMap((current, index) => {
    const conflicting = assignments
      .slice(0, index)
      .find(({ app, verified }) => app === current.app && verified !== current.verified);
    return conflicting ? [mixedVerification(current, conflicting)] : [];
  });
}

/** The apps that a description names, as it writes them. */
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

/** A channel that does not say whether it verifies users is not judged. */
function assignmentsOf(channel: Component, chatDeployments: readonly Component[]): readonly AppAssignment[] {
  const authMode = authModeOf(channel);
  if (authMode !== 'Auth' && authMode !== 'UnAuth') return [];
  const named = appsInDescription(locationAt(channel, 'description').element?.text ?? '').map((app) => ({
    app,
    evidence: 'its description',
  }));
  const deployed = chatDeployments.map(({ fullName }) => ({
    app: fullName,
    evidence: `the Mobile deployment ${fullName}`,
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
    `App ${current.app} is served by ${verified.channel} with verified users (says ${verified.evidence}) and by ` +
    `${unverified.channel} with unverified ones (says ${unverified.evidence}); an app is one or the other.`;
  const fix =
    'Give both channels the same authMode, or correct which app each is for ("App: <id>" in its description).';
  return violation(APP_RULES['app-mixed-verification'], current.location, message, fix);
}
