import type { AnswersByQuestion, Assumptions } from './assumptions';
import type { ChatApiSettings, TokenDefect } from './chat-api-settings';
import type { AgentRouting, OmittedItems } from './options';
import type { WebDeploymentSettings } from './web-deployment-settings';

/** Settings that make an org behave as an answer says. */
export interface AnswerSettings {
  readonly assumptions?: Partial<Assumptions>;
  readonly chatApi?: Partial<ChatApiSettings>;
  /** a defect of a token that the org accepts */
  readonly accept?: TokenDefect;
  readonly webDeployments?: Partial<WebDeploymentSettings>;
  readonly omittedItems?: OmittedItems;
  readonly agentRouting?: AgentRouting;
}

type Answers = Readonly<Record<string, AnswerSettings>>;

const assume = <Name extends keyof Assumptions>(name: Name, ...values: readonly Assumptions[Name][]): Answers =>
  Object.fromEntries(values.map((value) => [value, { assumptions: { [name]: value } }]));

const web = <Name extends keyof WebDeploymentSettings>(
  name: Name,
  ...values: readonly WebDeploymentSettings[Name][]
): Answers => Object.fromEntries(values.map((value) => [value, { webDeployments: { [name]: value } }]));

const acceptsDefect = (rejected: string, accepted: string, defect: TokenDefect): Answers => ({
  [rejected]: {},
  [accepted]: { accept: defect },
});

/**
 * The questions of `npm run calibrate`, their answers, and the settings for each answer. The IDs and answers are those of
 * lib/calibrate, which a test compares. The first answer is the default of this org.
 */
export const QUESTIONS: Readonly<Record<string, Answers>> = {
  'bad-token': {
    rejected: { chatApi: { badToken: 'reject' } },
    'unverified-user': { chatApi: { badToken: 'unverified' } },
  },
  'clock-skew': assume('clockSkew', 'none', '1m', '5m', '1h'),
  'longest-exp': assume('longestExp', 'unlimited', '1y', '7d', '1d', '1h'),
  'exp-required': acceptsDefect('required', 'optional', 'exp-missing'),
  'sub-length': assume('subLength', 'platform-key', 'unlimited', '255-characters', '128-characters', 'truncated'),
  'sub-characters': assume('subCharacters', 'any', 'ascii', 'no-spaces'),
  aud: assume('aud', 'ignored', 'my-domain', 'required'),
  iat: assume('iat', 'ignored', 'checked'),
  nbf: acceptsDefect('checked', 'ignored', 'not-yet-valid'),
  crit: acceptsDefect('rejected', 'ignored', 'crit'),
  'rs512-with-rs256-key': { rejected: {}, accepted: { assumptions: { keyAlgorithm: 'ignored' } } },
  typ: assume('typ', 'optional', 'required'),
  kid: acceptsDefect('required', 'optional', 'kid-missing'),
  'issuer-slash': acceptsDefect('exact', 'ignored', 'issuer-slash'),
  'duplicate-claim': assume('duplicateClaim', 'rejected', 'first', 'last'),
  'key-without-x5c': {
    rejected: {},
    'verifies-no-token': { assumptions: { keyWithoutX5c: 'accepted' } },
    'verifies-tokens': { assumptions: { keyWithoutX5c: 'accepted' }, accept: 'no-x5c' },
  },
  'key-with-private-members': assume('privateMembers', 'accepted', 'rejected'),
  'certificate-days': assume('certificateDays', 'ten-days', 'not-expired', 'not-checked'),
  'certificate-of-another-key': assume('otherCertificate', 'no-token', 'rejected', 'modulus', 'certificate'),
  'key-without-jwk': assume('keyWithoutJwk', 'accepted', 'rejected'),
  'empty-keyset': assume('emptyKeyset', 'accepted', 'rejected'),
  'keyset-with-both': assume('keysetWithBoth', 'accepted', 'rejected'),
  'keyset-without-issuer': assume('keysetWithoutIssuer', 'accepted', 'rejected'),
  'duplicate-identifier': assume('duplicateIdentifier', 'accepted', 'rejected'),
  'verified-lifetime': assume('verifiedLifetime', '4320-minutes', '360-minutes', '240-minutes'),
  'omitted-element': assume('omittedElements', 'removed', 'kept'),
  'omitted-items': { removed: { omittedItems: 'removed' }, kept: { omittedItems: 'kept' } },
  'active-channel-deletion': assume('activeChannelDeletion', 'deleted', 'rejected'),
  'unusable-channel-activation': assume('unusableChannelActivation', 'accepted', 'rejected'),
  'reported-problems': assume('reportedProblems', 'all', 'first'),
  'problem-order': assume('problemOrder', 'package', 'name'),
  'deployment-wildcard': assume('deploymentWildcard', 'all', 'nothing'),
  'repeated-publish': assume('repeatedPublish', 'accepted', 'rejected'),
  'publish-delay': assume('publishDelay', 'immediate', '1m', '10m'),
  'concurrent-deploy': assume('concurrentDeploy', 'queued', 'rejected'),
  'queue-bosses': assume('queueBosses', 'optional', 'required'),
  'unreadable-type': assume('unreadableType', 'message', 'nothing', 'error'),
  'agent-routing': { dropped: { agentRouting: 'dropped' }, bound: { agentRouting: 'bound' } },
  'web-host-domain': web('hostDomain', 'optional', 'required'),
  'web-setup-publishes': web('setupPublishes', 'yes', 'no'),
  'web-repeated-setup': web('repeatedSetup', 'duplicate', 'rejected'),
  'web-metadata-update': web('metadataUpdate', 'accepted', 'immutable'),
  'web-metadata-create': web('metadataCreate', 'with-site', 'never'),
  'jwks-cache': {
    '15m': { chatApi: { jwksCache: 600_000 } },
    none: { chatApi: { jwksCache: 0 } },
    '5m': { chatApi: { jwksCache: 240_000 } },
    longer: { chatApi: { jwksCache: 3_600_000 } },
  },
  'jwks-refetch': {
    immediately: { chatApi: { jwksRefetch: 1_000 } },
    '1m': { chatApi: { jwksRefetch: 30_000 } },
    never: { chatApi: { jwksRefetch: 'off' } },
  },
  'jwks-redirect': assume('jwksRedirect', 'rejected', 'followed'),
  'jwks-size': assume('jwksSize', '200-KB', '1-MB', 'less'),
  'jwks-unusable-key': assume('jwksUnusableKey', 'ignored', 'document-rejected'),
  'jwks-alg': assume('jwksAlg', 'optional', 'required'),
  'jwks-x5c': assume('jwksX5c', 'optional', 'required'),
  'jwks-same-kid': assume('jwksSameKid', 'any', 'first'),
  'jwks-content-type': assume('jwksContentType', 'ignored', 'checked'),
  'token-reuse': assume('tokenReuse', 'accepted', 'rejected'),
};

/** The settings of several answers. */
interface CombinedSettings extends Omit<AnswerSettings, 'accept'> {
  readonly accept: readonly TokenDefect[];
}

/**
 * The settings for answers, such as those in an evidence file. Questions and answers that this org doesn't know are ignored, so
 * that evidence of a later version can be used.
 */
export const settingsFor = (answers: AnswersByQuestion): CombinedSettings =>
  Object.entries(answers)
    .flatMap(([id, answer]) => QUESTIONS[id]?.[answer] ?? [])
    .reduce<CombinedSettings>(
      (all, { assumptions, chatApi, webDeployments, accept, ...rest }) => ({
        ...all,
        ...rest,
        assumptions: { ...all.assumptions, ...assumptions },
        chatApi: { ...all.chatApi, ...chatApi },
        webDeployments: { ...all.webDeployments, ...webDeployments },
        accept: accept === undefined ? all.accept : [...all.accept, accept],
      }),
      { accept: [] },
    );
