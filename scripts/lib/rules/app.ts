import { componentsOf, referencesOf, textAt, type Component, type ComponentMap } from '../model';
import { liveFirst, placeAt, type Place } from './place';
import { error, flaw, rules, type Flaw } from './rule';
import { HELP_SETUP, MOBILE_GUIDES } from './sources';

export const APP_RULES = rules({
  'app-verified-and-not': error(
    'An app is either verified or unverified, never both.',
    `${HELP_SETUP}; ${MOBILE_GUIDES}`,
  ),
});

/** An app that a channel serves, and what says so. */
interface Service {
  /** As compared: without regard to case. */
  readonly app: string;
  readonly channel: string;
  readonly verified: boolean;
  readonly place: Place;
  readonly because: string;
}

/**
 * Help, user verification setup: an app is either verified or unverified. No metadata says which app a channel is for,
 * so a line of the channel's description does: `App: com.example.shop` (several separated by commas). A Mobile
 * deployment has exactly one channel, which therefore serves an app of the deployment's developer name as well.
 */
export function checkApps(components: ComponentMap): readonly Flaw[] {
  const services = liveFirst(servicesIn(components));
  return services.flatMap((here, index) => {
    const other = services.slice(0, index).find(({ app, verified }) => app === here.app && verified !== here.verified);
    return other ? [clash(here, other)] : [];
  });
}

/** The apps that a description names, as it writes them. */
const appsNamedIn = (description: string): readonly string[] =>
  [...description.matchAll(/^[ \t]*App:(.*)$/gim)]
    .flatMap(([, names = '']) => names.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');

const servicesIn = (components: ComponentMap): readonly Service[] => {
  const deployments = componentsOf(components, 'EmbeddedServiceConfig').filter(isMobile);
  return componentsOf(components, 'MessagingChannel').flatMap((channel) =>
    serviceOf(
      channel,
      deployments.filter((deployment) => serves(deployment, channel)),
    ),
  );
};

const isMobile = (deployment: Component): boolean => textAt(deployment.root, 'deploymentType') === 'Mobile';

const serves = (deployment: Component, channel: Component): boolean =>
  referencesOf(deployment).some(({ type, name }) => type === channel.type && name === channel.fullName);

/** A channel that does not say whether it verifies users is not judged. */
function serviceOf(channel: Component, deployments: readonly Component[]): readonly Service[] {
  const mode = textAt(channel.root, 'embeddedConfig.authMode');
  if (mode !== 'Auth' && mode !== 'UnAuth') return [];
  const named = appsNamedIn(placeAt(channel, 'description').element?.text ?? '').map((app) => ({
    app,
    because: 'its description',
  }));
  const deployed = deployments.map(({ fullName }) => ({ app: fullName, because: `the Mobile deployment ${fullName}` }));
  const common = {
    channel: channel.fullName,
    verified: mode === 'Auth',
    place: placeAt(channel, 'embeddedConfig.authMode'),
  };
  return [...named, ...deployed].map(({ app, because }) => ({ ...common, app: app.toLowerCase(), because }));
}

function clash(here: Service, other: Service): Flaw {
  const [verified, unverified] = here.verified ? [here, other] : [other, here];
  const message =
    `App ${here.app} is served by ${verified.channel} with verified users (says ${verified.because}) and by ` +
    `${unverified.channel} with unverified ones (says ${unverified.because}); an app is one or the other.`;
  const fix =
    'Give both channels the same authMode, or correct which app each is for ("App: <id>" in its description).';
  return flaw(APP_RULES['app-verified-and-not'], here.place, message, fix);
}
