import type { Check, CheckState, OrgResult } from '../../../lib/model';
import type { TokenExplanation } from '../../../lib/report';

const check = (part: string, name: string, channel: string, state: CheckState, detail = 'as it should be'): Check => ({
  name,
  ok: state === 'passed',
  detail,
  state,
  part,
  ...(channel !== '' && { channel }),
});

const ACCEPTED =
  'ACCEPTED. Signatures are not verified. Anyone who can reach the Enhanced Chat API can chat as any customer.';
const NO_TOKEN = 'No token was at hand: give --token-command, or --private-key for an org that is not production.';

const org = (alias: string, status: OrgResult['status'], checks: readonly Check[]): OrgResult => ({
  alias,
  orgId: '00D4fP53twgxYnvEBE',
  kind: 'sandbox',
  wave: 1,
  status,
  changes: [],
  deployIds: [],
  checks: [{ name: 'identity', ok: true, detail: '00D4fP53twgxYnvEBE, sandbox' }, ...checks],
});

const passingChecks = (channel: string): readonly Check[] => [
  check('configuration', 'trust chain', channel, 'passed'),
  check('acceptance', 'accepted', channel, 'passed'),
  check('rejection', 'known kid, wrong key', channel, 'passed'),
];

/** A verified org, one that accepts forged tokens, one with inconclusive checks, and an unreachable one. */
export const VERIFICATIONS: readonly OrgResult[] = [
  {
    ...org('dev', 'unchanged', [
      check('configuration', 'permissions', '', 'passed'),
      ...passingChecks('Web_Chat'),
      ...passingChecks('Mobile_Chat'),
      { ...check('rejection', 'not yet valid', 'Web_Chat', 'passed'), tolerated: '--tolerate' },
    ]),
    verified: {
      verifiedChannels: 2,
      unverifiedChannels: 1,
      inactiveChannels: 0,
      chatDeployments: 3,
      unmanaged: ['MessagingChannel:Partner', 'PublicKeyCertificateSet:Partner_Keys'],
    },
  },
  {
    ...org('uat', 'failed', [
      check('configuration', 'permissions', '', 'passed'),
      check(
        'configuration',
        'trust chain',
        'Web_Chat',
        'failed',
        'key-fit: Web_2026: x5c is missing. Mend: npm run keys -- import Web_2026',
      ),
      check('acceptance', 'accepted', 'Web_Chat', 'inconclusive', NO_TOKEN),
      check('acceptance', 'revoked', 'Web_Chat', 'inconclusive', NO_TOKEN),
      check('rejection', 'known kid, wrong key', 'Web_Chat', 'failed', ACCEPTED),
    ]),
    error: {
      code: 'verify-failed',
      what: '"uat" was not proven to verify its customers.',
      why: '2 of the checks failed.',
      fix: 'Each check says what mends it.',
    },
  },
  {
    ...org('prod', 'unreachable', []),
    error: {
      code: 'chat-api-unreachable',
      what: 'The messaging runtime of "prod" did not answer.',
      why: 'Without it nothing can be proven of tokens.',
      fix: 'Look at scrt2URL in the org file.',
    },
  },
];

/** A token that two channels accept and one rejects, and a known error. */
export const EXPLANATION: TokenExplanation = {
  input: {
    kind: 'token',
    isToken: true,
    fingerprint: 'sha256:346e87600446',
    header: { alg: 'RS256', kid: 'web-2026' },
    claims: { iss: 'https://id.example.com/', sub: 'me', exp: 1795379082 },
  },
  symptoms: [
    {
      name: 'no-active-configuration',
      cause: 'Verification is on, but the channel has no active configuration with a keyset.',
      fix: 'Give the channel messagingAuthorizations with enabled true.',
      source: 'public build log of a live org, June 2026',
    },
  ],
  orgs: [
    {
      alias: 'dev',
      channels: ['Mobile_Chat', 'Web_Chat', 'Shop_Chat'].map((channel, index) => {
        const detail =
          'Customer_Identity has "https://id.example.com", the token "https://id.example.com/": at character 23 the keyset has nothing more and the token "/" (a slash too many).';
        const broken = { link: 'issuer', state: 'failed', detail, fix: 'Make both the same.' } as const;
        const links = [
          { link: 'well-formed', state: 'passed', detail: 'sha256:346e87600446' },
          { link: 'times', state: 'inconclusive', detail: 'The issuer has a clock of its own.' },
        ] as const;
        return index < 2 ? { channel, links: [...links, broken], broken } : { channel, links };
      }),
    },
    {
      alias: 'prod',
      channels: [],
      error: {
        code: 'login-missing',
        what: 'The CLI knows no login "prod".',
        why: 'It is the alias of the org file.',
        fix: 'Log in.',
      },
    },
    { alias: 'guests', channels: [] },
  ],
  view: 'org',
};
