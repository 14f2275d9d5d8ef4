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
  npmRun,
} from '../model';
import { textClaim } from '../token';
import {
  failed,
  deployFix,
  endpointFix,
  listDistinct,
  passed,
  inconclusive,
  type ChainStep,
  type StepEvaluation,
  type ChainContext,
  type TokenChainContext,
  type CandidatePath,
} from './chain-step';
import { keysetHasKey, type PublishedSettings } from './org-view';

/** Check that an active user verification configuration of the channel uses the keyset. */
export const AUTHORIZATION_STEPS: readonly ChainStep[] = [
  { name: 'configuration', evaluate: evaluateAuthorization },
  { name: 'enabled', evaluate: evaluateEnabled },
];

/** Checks that the keyset can verify any token. With a token, the steps of its own key replace this one. */
export const KEYSET_STEPS: readonly ChainStep[] = [{ name: 'keyset-keys', evaluate: evaluateKeysetKeys }];

/** Checks that the org can store the subject of the token. */
export const SUBJECT_STEPS: readonly ChainStep<TokenChainContext>[] = [{ name: 'subject', evaluate: evaluateSubject }];

/** Check that customers can reach the channel, whether it verifies them or not. */
export const REACH_STEPS: readonly ChainStep[] = [
  { name: 'channel', evaluate: evaluateChannelActive },
  { name: 'deployment', evaluate: evaluateChatDeployment },
  { name: 'published', evaluate: evaluatePublished },
];

/** Check the channel and its chat deployments; no token is involved. */
export const CHANNEL_STEPS: readonly ChainStep[] = [{ name: 'mode', evaluate: evaluateMode }, ...REACH_STEPS];

const authIdentifierOf = ({ authorization }: CandidatePath): string | undefined =>
  authorization && configurationNameOf(authorization);

function evaluateAuthorization({ candidates, channel, orgView }: ChainContext): StepEvaluation {
  const remaining = candidates.flatMap((path) =>
    authorizationsOf(channel)
      .filter((authorization) => keysetNameOf(authorization) === path.keyset?.fullName)
      .map((authorization) => ({ ...path, authorization })),
  );
  if (remaining.length > 0) return passed(listDistinct(remaining.map(authIdentifierOf)), remaining);
  const attachedKeysets = authorizationsOf(channel).map(keysetNameOf);
  const keysets = listDistinct(candidates.map(({ keyset }) => keyset?.fullName));
  return failed(
    `No user verification configuration of ${channel.fullName} uses the keyset ${keysets}. The channel uses: ${listDistinct(attachedKeysets)}.`,
    `Add messagingAuthorizations with that keyset to ${channel.fullName} in source, then run ${deployFix(orgView)}.`,
  );
}

function evaluateEnabled({ candidates, channel, orgView }: ChainContext): StepEvaluation {
  const remaining = candidates.filter(({ authorization }) => authorization && isEnabled(authorization));
  if (remaining.length > 0) return passed(listDistinct(remaining.map(authIdentifierOf)), remaining);
  return failed(
    `The user verification configuration ${listDistinct(candidates.map(authIdentifierOf))} of ${channel.fullName} isn't active. Salesforce then responds "User verification configuration has no active AuthSchemes."`,
    `Set enabled to true in that configuration (the default is false), then run ${deployFix(orgView)}.`,
  );
}

/** MessagingEndUser.MessagingPlatformKey (object reference) stores the subject of a customer. */
const MAX_SUBJECT_LENGTH = 255;

function evaluateSubject({ token, candidates }: TokenChainContext): StepEvaluation {
  const sub = textClaim(token.claims, 'sub') ?? '';
  const subjectFor = (path: CandidatePath): string => subjectOf(authIdentifierOf(path) ?? '', sub);
  const remaining = candidates.filter((path) => subjectFor(path).length <= MAX_SUBJECT_LENGTH);
  if (remaining.length > 0) return passed(listDistinct(remaining.map(subjectFor)), remaining);
  return failed(
    `The sub has ${sub.length} characters. Salesforce stores it after the Configuration Name, in ${MAX_SUBJECT_LENGTH} characters.`,
    'Use a shorter sub that never changes, such as the customer number.',
  );
}

/** The subject that Salesforce stores for a verified customer (public build logs of live orgs). */
export const subjectOf = (authIdentifier: string, sub: string): string =>
  `v2/iamessage/AUTH/${authIdentifier}/uid:${sub}`;

function evaluateKeysetKeys({ candidates, keys, orgView }: ChainContext): StepEvaluation {
  const keysets = candidates.flatMap(({ keyset }) => keyset ?? []);
  const usable = keysets.filter((keyset) =>
    keys.some((key) => keysetHasKey(keyset, key) && key.active && key.problems.length === 0),
  );
  if (usable.length > 0) return passed(listDistinct(usable.map(({ fullName }) => fullName)));
  const urls = keysets.flatMap((keyset) => jwksUrlOf(keyset) ?? []);
  const unreadUrls = urls.filter((url) => !orgView.endpoints.has(url));
  if (unreadUrls.length > 0) return inconclusive(`${listDistinct(unreadUrls)} was not read.`);
  const problems = urls.map((url) => `${url}: ${orgView.endpoints.get(url)?.problem ?? 'It serves no keys.'}`);
  const listedKeys = keys.filter((key) => keysets.some((keyset) => keysetHasKey(keyset, key)));
  const keyProblems = listedKeys.map(
    (key) => `${key.name}: ${key.active ? key.problems.join(' ') : "It isn't active."}`,
  );
  const [url] = urls;
  return failed(
    [`${listDistinct(keysets.map(({ fullName }) => fullName))} has no usable key.`, ...problems, ...keyProblems].join(
      ' ',
    ),
    url !== undefined
      ? endpointFix(url, keysets[0]?.fullName ?? '')
      : `Add an active key with its certificate to the keyset (to list the keys: ${npmRun('keys', 'list')}), then run ${deployFix(orgView)}.`,
  );
}

function evaluateMode({ channel, orgView }: ChainContext): StepEvaluation {
  if (isAuthMode(channel)) return passed('Auth');
  const authMode = authModeOf(channel);
  return failed(
    `User verification is off on ${channel.fullName} (${authMode === undefined ? 'no authMode' : `authMode ${authMode}`}). All customers are unverified users, and tokens are ignored.`,
    `Set embeddedConfig.authMode to Auth, then run ${deployFix(orgView)}.`,
  );
}

function evaluateChannelActive({ channel, orgView }: ChainContext): StepEvaluation {
  if (!orgView.active) return inconclusive("Source doesn't contain the channel status.");
  if (orgView.active.has(channel.fullName)) return passed('active');
  return failed(
    `The channel ${channel.fullName} isn't active. A new channel is inactive.`,
    `Run ${deployFix(orgView)}. It activates the channel unless the org file lists it under "inactive".`,
  );
}

/** Whether a chat deployment and its channel are both enabled in it. */
export const isServing = ({ root }: Component): boolean =>
  isTrueAt(root, 'isEnabled') && isTrueAt(root, 'embeddedServiceMessagingChannel.isEnabled');

function evaluateChatDeployment({ channel, orgView }: ChainContext): StepEvaluation {
  const all = chatDeploymentsFor(orgView.components, channel.fullName);
  const serving = all.filter(isServing);
  if (serving.length > 0) return passed(listDistinct(serving.map(({ fullName }) => fullName)));
  return failed(
    all.length === 0
      ? `No chat deployment serves ${channel.fullName}.`
      : `The chat deployment ${listDistinct(all.map(({ fullName }) => fullName))} is off (isEnabled of the chat deployment or of its channel).`,
    `Add an EmbeddedServiceConfig with isEnabled true for ${channel.fullName} to source, then run ${deployFix(orgView)}.`,
  );
}

const NOT_READ: PublishedSettings = { problem: 'Its published settings were not read.', state: 'unreadable' };

/** What differs between the published settings and a channel; undefined if nothing does. */
function publishedProblem({ authMode, problem }: PublishedSettings, isVerified: boolean): string | undefined {
  if (problem !== undefined) return problem;
  return (authMode === 'Auth') === isVerified ? undefined : `It is published with authMode ${authMode}.`;
}

function evaluatePublished({ channel, orgView }: ChainContext): StepEvaluation {
  const { published: publishedSettings } = orgView;
  if (!publishedSettings) return inconclusive("Source doesn't contain the published settings.");
  const serving = chatDeploymentsFor(orgView.components, channel.fullName).filter(isServing);
  const problems = serving.flatMap(({ fullName }) => {
    const settings = publishedSettings.get(fullName) ?? NOT_READ;
    const problem = publishedProblem(settings, isAuthMode(channel));
    const isKnown = settings.problem === undefined || settings.state === 'unpublished';
    return problem === undefined ? [] : [{ text: `${fullName}: ${problem}`, isKnown }];
  });
  if (problems.length === 0) return passed(listDistinct(serving.map(({ fullName }) => fullName)));
  const text = problems.map((problem) => problem.text).join(' ');
  if (!problems.some(({ isKnown }) => isKnown)) return inconclusive(`${text} So it isn't known what clients use.`);
  return failed(
    `${text} Clients use the settings that were last published.`,
    `Run ${deployFix(orgView, '--publish')}. Sites and apps can take up to 10 minutes to update.`,
  );
}
