import {
  authModeOf,
  authorizationsOf,
  chatDeploymentsFor,
  configurationNameOf,
  isAuthMode,
  isEnabled,
  isTrueAt,
  jwksUrlOf,
  keysetNameOf,
  type Component,
} from '../model';
import { textClaim } from '../token';
import {
  failed,
  deployFix,
  endpointFix,
  joinNames,
  passed,
  inconclusive,
  type ChainStep,
  type StepEvaluation,
  type ChainContext,
  type TokenChainContext,
  type CandidatePath,
} from './chain-step';
import { keysetHasKey } from './org-view';

/** Whether the channel has an active configuration with the keyset of the token. */
export const AUTHORIZATION_STEPS: readonly ChainStep[] = [
  { name: 'configuration', evaluate: evaluateAuthorization },
  { name: 'enabled', evaluate: evaluateEnabled },
];

/** Whether that keyset could verify any token; with a token in hand its own key was looked at. */
export const KEYSET_STEPS: readonly ChainStep[] = [{ name: 'keyset-keys', evaluate: evaluateKeysetKeys }];

/** Whether the customer of a token can be told apart in the org. */
export const SUBJECT_STEPS: readonly ChainStep<TokenChainContext>[] = [{ name: 'subject', evaluate: evaluateSubject }];

/** From a channel that verifies to the client of a customer. */
export const CHANNEL_STEPS: readonly ChainStep[] = [
  { name: 'mode', evaluate: evaluateMode },
  { name: 'channel', evaluate: evaluateChannelActive },
  { name: 'deployment', evaluate: evaluateChatDeployment },
  { name: 'published', evaluate: evaluatePublished },
];

const authIdentifierOf = ({ authorization: item }: CandidatePath): string | undefined =>
  item && configurationNameOf(item);

function evaluateAuthorization({ candidates, channel, orgView }: ChainContext): StepEvaluation {
  const remaining = candidates.flatMap((way) =>
    authorizationsOf(channel)
      .filter((item) => keysetNameOf(item) === way.keyset?.fullName)
      .map((item) => ({ ...way, authorization: item })),
  );
  if (remaining.length > 0) return passed(joinNames(remaining.map(authIdentifierOf)), remaining);
  const attachedKeysets = joinNames(authorizationsOf(channel).map(keysetNameOf));
  return failed(
    `No configuration of ${channel.fullName} has the keyset ${joinNames(candidates.map(({ keyset }) => keyset?.fullName))}; it has: ${attachedKeysets}.`,
    `Add messagingAuthorizations with that keyset to ${channel.fullName} in the source, then ${deployFix(orgView)}.`,
  );
}

function evaluateEnabled({ candidates, channel, orgView }: ChainContext): StepEvaluation {
  const remaining = candidates.filter((way) => way.authorization && isEnabled(way.authorization));
  if (remaining.length > 0) return passed(joinNames(remaining.map(authIdentifierOf)), remaining);
  return failed(
    `The configuration ${joinNames(candidates.map(authIdentifierOf))} of ${channel.fullName} is not active: Salesforce then says "User verification configuration has no active AuthSchemes."`,
    `Set enabled to true in it (left out, it is false), then ${deployFix(orgView)}.`,
  );
}

/** MessagingEndUser.MessagingPlatformKey (object reference): the subject of a customer has to fit in. */
const MAX_SUBJECT_LENGTH = 255;

function evaluateSubject({ token, candidates }: TokenChainContext): StepEvaluation {
  const sub = textClaim(token.claims, 'sub') ?? '';
  const remaining = candidates.filter(
    (way) => subjectOf(authIdentifierOf(way) ?? '', sub).length <= MAX_SUBJECT_LENGTH,
  );
  if (remaining.length > 0)
    return passed(joinNames(remaining.map((way) => subjectOf(authIdentifierOf(way) ?? '', sub))), remaining);
  return failed(
    `The sub has ${sub.length} characters; with the name of the configuration before it, Salesforce keeps ${MAX_SUBJECT_LENGTH}.`,
    'Have the issuer use a shorter sub that never changes, such as the customer number.',
  );
}

/** A customer as Salesforce knows them (public build logs of live orgs). */
export const subjectOf = (authIdentifier: string, sub: string): string =>
  `v2/iamessage/AUTH/${authIdentifier}/uid:${sub}`;

function evaluateKeysetKeys({ candidates, keys, orgView }: ChainContext): StepEvaluation {
  const keysets = candidates.flatMap(({ keyset }) => keyset ?? []);
  const usable = keysets.filter((keyset) =>
    keys.some((key) => keysetHasKey(keyset, key) && key.active && key.problems.length === 0),
  );
  if (usable.length > 0) return passed(joinNames(usable.map(({ fullName }) => fullName)));
  const urls = keysets.flatMap((keyset) => jwksUrlOf(keyset) ?? []);
  const unreadUrls = urls.filter((url) => !orgView.endpoints.has(url));
  if (unreadUrls.length > 0) return inconclusive(`${joinNames(unreadUrls)} was not looked at.`);
  const problems = urls.map((address) => `${address}: ${orgView.endpoints.get(address)?.problem ?? 'no keys'}`);
  const own = keys.filter((key) => keysets.some((keyset) => keysetHasKey(keyset, key)));
  const keyProblems = own.map((key) => `${key.name}: ${key.active ? key.problems.join(' ') : 'it is not active.'}`);
  return failed(
    [
      `${joinNames(keysets.map(({ fullName }) => fullName))} has no key to verify with.`,
      ...problems,
      ...keyProblems,
    ].join(' '),
    urls.length > 0
      ? endpointFix(urls[0] ?? '', keysets[0]?.fullName ?? '')
      : `Give it an active key with its certificate (npm run keys -- list shows all), then ${deployFix(orgView)}.`,
  );
}

function evaluateMode({ channel, orgView }: ChainContext): StepEvaluation {
  if (isAuthMode(channel)) return passed('Auth');
  return failed(
    `${channel.fullName} has authMode ${authModeOf(channel) ?? 'left out'}: everybody is a guest, and tokens are not looked at.`,
    `Set embeddedConfig.authMode to Auth, then ${deployFix(orgView)}.`,
  );
}

function evaluateChannelActive({ channel, orgView }: ChainContext): StepEvaluation {
  if (!orgView.active) return inconclusive('The source does not say which channels are active.');
  if (orgView.active.has(channel.fullName)) return passed('active');
  return failed(
    `${channel.fullName} is not active; a new channel never is.`,
    `${deployFix(orgView)} activates it, unless the org file names it under "inactive".`,
  );
}

const isServing = ({ root }: Component): boolean =>
  isTrueAt(root, 'isEnabled') && isTrueAt(root, 'embeddedServiceMessagingChannel.isEnabled');

function evaluateChatDeployment({ channel, orgView }: ChainContext): StepEvaluation {
  const all = chatDeploymentsFor(orgView.components, channel.fullName);
  const serving = all.filter(isServing);
  if (serving.length > 0) return passed(joinNames(serving.map(({ fullName }) => fullName)));
  return failed(
    all.length === 0
      ? `No deployment serves ${channel.fullName}.`
      : `${joinNames(all.map(({ fullName }) => fullName))} is switched off (isEnabled, of the deployment and of its channel).`,
    `Have an EmbeddedServiceConfig in the source with isEnabled true that names ${channel.fullName}, then ${deployFix(orgView)}.`,
  );
}

const NOT_READ = { authMode: undefined, problem: 'It was not looked at.' };

function evaluatePublished({ channel, orgView }: ChainContext): StepEvaluation {
  const { published: publishedSettings } = orgView;
  if (!publishedSettings) return inconclusive('The source does not say what is published.');
  const serving = chatDeploymentsFor(orgView.components, channel.fullName).filter(isServing);
  const problems = serving.flatMap(({ fullName }) => {
    const { authMode, problem } = publishedSettings.get(fullName) ?? NOT_READ;
    return authMode === 'Auth' ? [] : [`${fullName}: ${problem ?? `It serves authMode ${authMode ?? ''}.`}`];
  });
  if (problems.length === 0) return passed(joinNames(serving.map(({ fullName }) => fullName)));
  return failed(
    `${problems.join(' ')} Clients are served the settings of the last publication.`,
    `${deployFix(orgView, ' --publish')}; sites and apps may take ten minutes to follow.`,
  );
}
