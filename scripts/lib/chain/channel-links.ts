import { isTrueAt, textAt, type Component } from '../model';
import { textClaim } from '../token';
import {
  broken,
  deployFix,
  endpointFix,
  named,
  ok,
  unknown,
  type Link,
  type Look,
  type Scene,
  type TokenScene,
  type Way,
} from './link';
import { configurationsOf, deploymentsOf, endpointOf, holds } from './picture';

/** Whether the channel has an active configuration with the keyset of the token. */
export const CONFIGURATION_LINKS: readonly Link[] = [
  { name: 'configuration', look: configuration },
  { name: 'enabled', look: enabled },
];

/** Whether that keyset could verify any token; with a token in hand its own key was looked at. */
export const KEYSET_LINKS: readonly Link[] = [{ name: 'keyset-keys', look: keysetKeys }];

/** Whether the customer of a token can be told apart in the org. */
export const SUBJECT_LINKS: readonly Link<TokenScene>[] = [{ name: 'subject', look: subject }];

/** From a channel that verifies to the client of a customer. */
export const CHANNEL_LINKS: readonly Link[] = [
  { name: 'mode', look: mode },
  { name: 'channel', look: active },
  { name: 'deployment', look: deployment },
  { name: 'published', look: published },
];

const idOf = ({ configuration: item }: Way): string | undefined => item && textAt(item, 'authIdentifier');

function configuration({ ways, channel, picture }: Scene): Look {
  const open = ways.flatMap((way) =>
    configurationsOf(channel)
      .filter((item) => textAt(item, 'publicKeyCertificateSetName') === way.keyset?.fullName)
      .map((item) => ({ ...way, configuration: item })),
  );
  if (open.length > 0) return ok(named(open.map(idOf)), open);
  const has = named(configurationsOf(channel).map((item) => textAt(item, 'publicKeyCertificateSetName')));
  return broken(
    `No configuration of ${channel.fullName} has the keyset ${named(ways.map(({ keyset }) => keyset?.fullName))}; it has: ${has}.`,
    `Add messagingAuthorizations with that keyset to ${channel.fullName} in the source, then ${deployFix(picture)}.`,
  );
}

function enabled({ ways, channel, picture }: Scene): Look {
  const open = ways.filter((way) => way.configuration && isTrueAt(way.configuration, 'enabled'));
  if (open.length > 0) return ok(named(open.map(idOf)), open);
  return broken(
    `The configuration ${named(ways.map(idOf))} of ${channel.fullName} is not active: Salesforce then says "User verification configuration has no active AuthSchemes."`,
    `Set enabled to true in it (left out, it is false), then ${deployFix(picture)}.`,
  );
}

/** MessagingEndUser.MessagingPlatformKey (object reference): the subject of a customer has to fit in. */
const LONGEST_SUBJECT = 255;

function subject({ token, ways }: TokenScene): Look {
  const sub = textClaim(token.claims, 'sub') ?? '';
  const fitting = ways.filter((way) => subjectOf(idOf(way) ?? '', sub).length <= LONGEST_SUBJECT);
  if (fitting.length > 0) return ok(named(fitting.map((way) => subjectOf(idOf(way) ?? '', sub))), fitting);
  return broken(
    `The sub has ${sub.length} characters; with the name of the configuration before it, Salesforce keeps ${LONGEST_SUBJECT}.`,
    'Have the issuer use a shorter sub that never changes, such as the customer number.',
  );
}

/** A customer as Salesforce knows them (public build logs of live orgs). */
export const subjectOf = (authIdentifier: string, sub: string): string =>
  `v2/iamessage/AUTH/${authIdentifier}/uid:${sub}`;

function keysetKeys({ ways, keys, picture }: Scene): Look {
  const keysets = ways.flatMap(({ keyset }) => keyset ?? []);
  const usable = keysets.filter((keyset) =>
    keys.some((key) => holds(keyset, key) && key.active && key.problems.length === 0),
  );
  if (usable.length > 0) return ok(named(usable.map(({ fullName }) => fullName)));
  const addresses = keysets.flatMap((keyset) => endpointOf(keyset) ?? []);
  const unseen = addresses.filter((address) => !picture.endpoints.has(address));
  if (unseen.length > 0) return unknown(`${named(unseen)} was not looked at.`);
  const problems = addresses.map((address) => `${address}: ${picture.endpoints.get(address)?.problem ?? 'no keys'}`);
  const own = keys.filter((key) => keysets.some((keyset) => holds(keyset, key)));
  const faults = own.map((key) => `${key.name}: ${key.active ? key.problems.join(' ') : 'it is not active.'}`);
  return broken(
    [`${named(keysets.map(({ fullName }) => fullName))} has no key to verify with.`, ...problems, ...faults].join(' '),
    addresses.length > 0
      ? endpointFix(addresses[0] ?? '', keysets[0]?.fullName ?? '')
      : `Give it an active key with its certificate (npm run keys -- list shows all), then ${deployFix(picture)}.`,
  );
}

function mode({ channel, picture }: Scene): Look {
  const stated = textAt(channel.root, 'embeddedConfig.authMode');
  if (stated === 'Auth') return ok('Auth');
  return broken(
    `${channel.fullName} has authMode ${stated ?? 'left out'}: everybody is a guest, and tokens are not looked at.`,
    `Set embeddedConfig.authMode to Auth, then ${deployFix(picture)}.`,
  );
}

function active({ channel, picture }: Scene): Look {
  if (!picture.active) return unknown('The source does not say which channels are active.');
  if (picture.active.has(channel.fullName)) return ok('active');
  return broken(
    `${channel.fullName} is not active; a new channel never is.`,
    `${deployFix(picture)} activates it, unless the org file names it under "inactive".`,
  );
}

const isServing = ({ root }: Component): boolean =>
  isTrueAt(root, 'isEnabled') && isTrueAt(root, 'embeddedServiceMessagingChannel.isEnabled');

function deployment({ channel, picture }: Scene): Look {
  const all = deploymentsOf(picture, channel.fullName);
  const serving = all.filter(isServing);
  if (serving.length > 0) return ok(named(serving.map(({ fullName }) => fullName)));
  return broken(
    all.length === 0
      ? `No deployment serves ${channel.fullName}.`
      : `${named(all.map(({ fullName }) => fullName))} is switched off (isEnabled, of the deployment and of its channel).`,
    `Have an EmbeddedServiceConfig in the source with isEnabled true that names ${channel.fullName}, then ${deployFix(picture)}.`,
  );
}

const UNSEEN = { authMode: undefined, problem: 'It was not looked at.' };

function published({ channel, picture }: Scene): Look {
  const { published: publications } = picture;
  if (!publications) return unknown('The source does not say what is published.');
  const serving = deploymentsOf(picture, channel.fullName).filter(isServing);
  const wrong = serving.flatMap(({ fullName }) => {
    const { authMode, problem } = publications.get(fullName) ?? UNSEEN;
    return authMode === 'Auth' ? [] : [`${fullName}: ${problem ?? `It serves authMode ${authMode ?? ''}.`}`];
  });
  if (wrong.length === 0) return ok(named(serving.map(({ fullName }) => fullName)));
  return broken(
    `${wrong.join(' ')} Clients are served the settings of the last publication.`,
    `${deployFix(picture, ' --publish')}; sites and apps may take ten minutes to follow.`,
  );
}
