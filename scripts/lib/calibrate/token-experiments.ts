import { signParts, withDuplicate } from './tokens';
import type { Experiment, Observation } from './experiment';
import { verdictOf, type Lab, type Verifier } from './lab';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type TokenExperiment = Omit<Experiment, 'writes' | 'run'> & {
  readonly probe: (lab: Lab, verifier: Verifier) => Promise<Observation>;
};

/** An experiment with tokens for the shared verifier. It creates nothing of its own. */
const tokenExperiment = ({ probe, ...rest }: TokenExperiment): Experiment => ({
  ...rest,
  writes: [],
  run: async (lab) => probe(lab, await lab.verifier()),
});

/** Answers `accepted` or `rejected`, by one token. */
const byOneToken =
  (accepted: string, rejected: string, tokenFor: (lab: Lab, verifier: Verifier) => string) =>
  async (lab: Lab, verifier: Verifier): Promise<Observation> => {
    const isAccepted = await lab.accepts(verifier, tokenFor(lab, verifier));
    return {
      answer: isAccepted ? accepted : rejected,
      observation: `The token was ${isAccepted ? 'accepted' : 'not accepted'}.`,
    };
  };

/** Answers `ignored` or `checked`, by one token with a claim one hour in the future. */
const byFutureTime = (claim: 'iat' | 'nbf'): TokenExperiment['probe'] =>
  byOneToken('ignored', 'checked', (lab, verifier) =>
    lab.token(verifier, { [claim]: lab.now() + HOUR, exp: lab.now() + 2 * HOUR }),
  );

/** One token of a series, and the answer if it is the first that the org accepts. */
interface Step {
  readonly answer: string;
  readonly what: string;
  readonly token: string;
}

/** Sends tokens until one is accepted. `none` is the answer if none is. */
async function firstAccepted(lab: Lab, verifier: Verifier, steps: readonly Step[], none: string): Promise<Observation> {
  for (const { answer, what, token } of steps)
    if (await lab.accepts(verifier, token)) return { answer, observation: `The token with ${what} was accepted.` };
  return { answer: none, observation: `No token was accepted: ${steps.map(({ what }) => what).join(', ')}.` };
}

const PLATFORM_KEY_LENGTH = 255;

/** A `sub` of a length. Lengths count characters. */
const subjectOf = (length: number): string => 'c'.repeat(length);

async function probeSubjectLength(lab: Lab, verifier: Verifier): Promise<Observation> {
  const platformKeyRest = PLATFORM_KEY_LENGTH - `v2/iamessage/AUTH/${verifier.identifier}/uid:`.length;
  const lengths: readonly (readonly [string, number])[] = [
    ['unlimited', 1000],
    ['255-characters', 255],
    ['platform-key', platformKeyRest],
    ['128-characters', 128],
  ];
  for (const [answer, length] of lengths) {
    const response = await lab.send(verifier, lab.token(verifier, { sub: subjectOf(length) }));
    if (verdictOf(response, verifier) !== 'verified' || response.kind !== 'granted') continue;
    return response.subject.endsWith(`uid:${subjectOf(length)}`)
      ? { answer, observation: `A sub of ${length} characters was accepted, and no longer one.` }
      : { answer: 'truncated', observation: `A sub of ${length} characters was shortened.` };
  }
  return { observation: 'No sub of 128 characters or more was accepted.' };
}

const CHARACTERS = {
  any: 'Zoë/ö:+ 😀',
  ascii: 'a b/c:d+e',
  'no-spaces': 'a/b:c+d',
} as const;

/** Tokens whose `iss` occurs twice, with the right one first or last. */
async function probeDuplicateClaim(lab: Lab, verifier: Verifier): Promise<Observation> {
  const header = { alg: 'RS256', kid: lab.trusted.kid, typ: 'JWT' };
  const wrong = 'https://other.example.com';
  const rightFirst = withDuplicate(lab.claims(verifier), 'iss', wrong);
  const rightLast = withDuplicate({ ...lab.claims(verifier), iss: wrong }, 'iss', verifier.issuer);
  const [first, last] = [
    await lab.accepts(verifier, lab.tokenOf(header, rightFirst)),
    await lab.accepts(verifier, lab.tokenOf(header, rightLast)),
  ];
  const observation = `With the right iss first, the token was ${first ? '' : 'not '}accepted; with the right one last, ${last ? '' : 'not '}accepted.`;
  if (first && last) return { observation: `${observation} The issuer doesn't seem to matter.` };
  return { answer: first ? 'first' : last ? 'last' : 'rejected', observation };
}

async function probeAudience(lab: Lab, verifier: Verifier): Promise<Observation> {
  if (lab.audience !== undefined)
    return { answer: 'required', observation: 'A token without aud was not accepted, with the My Domain URL it was.' };
  const other = await lab.accepts(verifier, lab.token(verifier, { aud: 'https://other.example.com' }));
  if (other) return { answer: 'ignored', observation: 'A token for another audience was accepted.' };
  const own = await lab.accepts(verifier, lab.token(verifier, { aud: lab.options.instanceUrl }));
  const observation = `A token for another audience was not accepted, one for the My Domain URL was ${own ? '' : 'not '}accepted.`;
  return own ? { answer: 'my-domain', observation } : { observation };
}

async function probeBadToken(lab: Lab, verifier: Verifier): Promise<Observation> {
  const token = signParts(
    { alg: 'RS256', kid: lab.trusted.kid, typ: 'JWT' },
    lab.claims(verifier),
    lab.options.keys.untrusted.privateKey,
  );
  const verdict = await lab.verdictFor(verifier, token);
  if (verdict === 'verified') return { observation: 'A token with a forged signature was accepted.' };
  return verdict === 'rejected'
    ? { answer: 'rejected', observation: 'The org rejected a token with a forged signature.' }
    : {
        answer: 'unverified-user',
        observation: 'For a token with a forged signature, the org issued an access token for an unverified user.',
      };
}

async function probeReuse(lab: Lab, verifier: Verifier): Promise<Observation> {
  const token = lab.token(verifier, { jti: 'calibrate' });
  if (!(await lab.accepts(verifier, token))) return { observation: 'A token with jti was not accepted.' };
  const again = await lab.accepts(verifier, token);
  return {
    answer: again ? 'accepted' : 'rejected',
    observation: `The second request with the same token was ${again ? 'accepted' : 'not accepted'}.`,
  };
}

const NOT_FOUND = 'No source was found.';

/** Experiments with tokens. They share one keyset, one channel, and one chat deployment. */
export const TOKEN_EXPERIMENTS: readonly Experiment[] = [
  tokenExperiment({
    id: 'bad-token',
    question: 'What happens to an invalid identity token?',
    answers: {
      rejected: 'The request fails.',
      'unverified-user': 'The request gets an access token for an unverified user.',
    },
    source: 'Public sources contradict each other: an error in three, status 200 with an anonymous subject in one.',
    method: 'A token that is signed with an unknown key gets an error or an access token.',
    probe: probeBadToken,
  }),
  tokenExperiment({
    id: 'clock-skew',
    question: 'For how long is a token accepted after its exp?',
    answers: {
      none: 'Less than 10 seconds.',
      '1m': 'Between 10 and 50 seconds or more, less than 4 minutes.',
      '5m': 'At least 4 minutes, less than 30 minutes.',
      '1h': 'At least 30 minutes.',
    },
    source: `${NOT_FOUND} The web client allows no difference.`,
    method: 'Tokens that expired 30 minutes, 4 minutes, and 10 seconds ago are sent.',
    probe: (lab, verifier) => {
      const expired = (answer: string, what: string, seconds: number): Step => ({
        answer,
        what: `an exp ${what} ago`,
        token: lab.token(verifier, { iat: lab.now() - 2 * HOUR, exp: lab.now() - seconds }),
      });
      const steps = [
        expired('1h', '30 minutes', 30 * MINUTE),
        expired('5m', '4 minutes', 4 * MINUTE),
        expired('1m', '10 seconds', 10),
      ];
      return firstAccepted(lab, verifier, steps, 'none');
    },
  }),
  tokenExperiment({
    id: 'longest-exp',
    question: 'How far in the future can exp be?',
    answers: {
      unlimited: 'At least 10 years.',
      '1y': 'At least 300 days.',
      '7d': 'At least 6 days.',
      '1d': 'At least 20 hours.',
      '1h': 'Less than 20 hours.',
    },
    source: `${NOT_FOUND} Lifetimes in public projects are between 5 minutes and 24 hours.`,
    method: 'Tokens with a distant exp are sent, the longest first.',
    probe: (lab, verifier) => {
      const lasting = (answer: string, what: string, seconds: number): Step => ({
        answer,
        what: `an exp in ${what}`,
        token: lab.token(verifier, { exp: lab.now() + seconds }),
      });
      const steps = [
        lasting('unlimited', '10 years', 3650 * DAY),
        lasting('1y', '300 days', 300 * DAY),
        lasting('7d', '6 days', 6 * DAY),
        lasting('1d', '20 hours', 20 * HOUR),
      ];
      return firstAccepted(lab, verifier, steps, '1h');
    },
  }),
  tokenExperiment({
    id: 'exp-required',
    question: 'Does a token need exp?',
    answers: { required: 'A token without exp is not accepted.', optional: 'A token without exp is accepted.' },
    source: 'Every public example has exp. No source says what happens without it.',
    method: 'A token without exp is sent.',
    probe: byOneToken('optional', 'required', (lab, verifier) => lab.token(verifier, { exp: undefined })),
  }),
  tokenExperiment({
    id: 'sub-length',
    question: 'How long can sub be?',
    answers: {
      'platform-key': 'The platform key with the sub has up to 255 characters.',
      unlimited: 'At least 1000 characters.',
      '255-characters': '255 characters.',
      '128-characters': '128 characters.',
      truncated: 'A long sub is shortened.',
    },
    source: 'Not documented. MessagingEndUser.MessagingPlatformKey has 255 characters (object reference).',
    method: 'Tokens with a long sub are sent, the longest first.',
    probe: probeSubjectLength,
  }),
  tokenExperiment({
    id: 'sub-characters',
    question: 'Which characters can sub contain?',
    answers: {
      any: 'Any character.',
      ascii: 'ASCII characters, with spaces.',
      'no-spaces': 'ASCII characters without spaces.',
    },
    source: `${NOT_FOUND} Public examples use email addresses and IDs.`,
    method: 'Tokens with letters of other languages, spaces, and punctuation in sub are sent.',
    probe: async (lab, verifier) => {
      const steps = Object.entries(CHARACTERS).map(([answer, sub]) => ({
        answer,
        what: `the sub ${JSON.stringify(sub)}`,
        token: lab.token(verifier, { sub }),
      }));
      const found = await firstAccepted(lab, verifier, steps, '');
      return found.answer === '' ? { observation: found.observation } : found;
    },
  }),
  tokenExperiment({
    id: 'aud',
    question: 'Is aud checked?',
    answers: {
      ignored: 'Any aud is accepted.',
      'my-domain': 'An aud must be the My Domain URL. It can be absent.',
      required: 'aud must be the My Domain URL.',
    },
    source:
      "Sources contradict each other: Salesforce's key utility omits aud, one public project says that it is checked.",
    method: 'Tokens without aud, with another one, and with the My Domain URL are sent.',
    probe: probeAudience,
  }),
  tokenExperiment({
    id: 'iat',
    question: 'Is iat checked?',
    answers: { ignored: 'An iat in the future is accepted.', checked: 'An iat in the future is not accepted.' },
    source: `${NOT_FOUND} All public examples send iat.`,
    method: 'A token that was issued one hour in the future is sent.',
    probe: byFutureTime('iat'),
  }),
  tokenExperiment({
    id: 'nbf',
    question: 'Is nbf checked?',
    answers: { checked: 'A token that is not valid yet is not accepted.', ignored: 'nbf has no effect.' },
    source: `${NOT_FOUND} RFC 7519, section 4.1.5, requires a check.`,
    method: 'A token with nbf one hour in the future is sent.',
    probe: byFutureTime('nbf'),
  }),
  tokenExperiment({
    id: 'crit',
    question: 'Is a token with an unknown critical header extension rejected?',
    answers: { rejected: 'It is not accepted.', ignored: 'It is accepted.' },
    source: `${NOT_FOUND} RFC 7515, section 4.1.11, requires a rejection.`,
    method: 'A token with crit in its header is sent.',
    probe: byOneToken('ignored', 'rejected', (lab, verifier) =>
      lab.token(verifier, {}, { crit: ['calibrate'], calibrate: true }),
    ),
  }),
  tokenExperiment({
    id: 'rs512-with-rs256-key',
    question: 'Does a key that is declared for RS256 verify a token that is signed with RS512?',
    answers: { rejected: 'No.', accepted: 'Yes.' },
    source: `${NOT_FOUND} RFC 7517, section 4.4: alg of a key names its algorithm.`,
    method: 'A token is signed with RS512 and the key for RS256.',
    probe: byOneToken('accepted', 'rejected', (lab, verifier) => {
      const { kid, privateKey } = lab.trusted;
      return signParts({ alg: 'RS512', kid, typ: 'JWT' }, lab.claims(verifier), privateKey, 'RS512');
    }),
  }),
  tokenExperiment({
    id: 'typ',
    question: 'Does the header of a token need typ?',
    answers: { optional: 'No.', required: 'Yes.' },
    source:
      "Sources contradict each other: tokens of Salesforce's key utility have none, one public project requires it.",
    method: 'A token without typ is sent.',
    probe: byOneToken('optional', 'required', (lab, verifier) => lab.token(verifier, {}, { typ: undefined })),
  }),
  tokenExperiment({
    id: 'kid',
    question: 'Does a token need kid if its keyset has only one key?',
    answers: { required: 'Yes.', optional: 'No.' },
    source: 'Help, troubleshooting: the kid of the token names its key. No source says what happens without it.',
    method: 'A token without kid is sent.',
    probe: byOneToken('optional', 'required', (lab, verifier) => lab.token(verifier, {}, { kid: undefined })),
  }),
  tokenExperiment({
    id: 'issuer-slash',
    question: 'Does a slash at the end of iss matter?',
    answers: { exact: 'Yes, iss must be identical to the issuer of the keyset.', ignored: 'No.' },
    source: 'Metadata API guide: the issuer is case-sensitive. Public build logs: it must be identical.',
    method: 'A token with a slash at the end of iss is sent.',
    probe: byOneToken('ignored', 'exact', (lab, verifier) => lab.token(verifier, { iss: `${verifier.issuer}/` })),
  }),
  tokenExperiment({
    id: 'duplicate-claim',
    question: 'What happens to a token that has a claim twice?',
    answers: { rejected: 'It is not accepted.', first: 'The first one counts.', last: 'The last one counts.' },
    source: `${NOT_FOUND} RFC 7519, section 4, permits a rejection or the last one.`,
    method: 'Two tokens with two issuers are sent, with the right one first and last.',
    probe: probeDuplicateClaim,
  }),
  tokenExperiment({
    id: 'token-reuse',
    question: 'Is the same token accepted twice?',
    answers: { accepted: 'Yes.', rejected: 'No.' },
    source: `${NOT_FOUND} Clients renew an access token with the same identity token.`,
    method: 'A token with jti is sent twice.',
    probe: probeReuse,
  }),
];
