import { generateKeyPairSync } from 'node:crypto';
import type { ServedResponse } from './endpoint';
import type { Experiment, Observation } from './experiment';
import { Inconclusive, type Lab, type Verifier } from './lab';
import { named } from './prefix';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type Members = Readonly<Record<string, unknown>>;

const jwks = (keys: readonly object[], extra: Members = {}): ServedResponse => ({
  body: JSON.stringify({ keys, ...extra }),
});

/** The key that signs tokens, as an endpoint has it, with changes. */
const jwkOf = ({ trusted }: Lab, changes: Members = {}): Members => ({ ...trusted.jwk, ...changes });

/** The kid of a key that an endpoint gets later. */
const LATER_KID = 'calibrate-later';

/** Keys that verify no token: of another type, for encryption, and symmetric. */
function unusableKeys(lab: Lab): readonly object[] {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  return [
    { ...ec, kid: 'calibrate-ec', alg: 'ES256', use: 'sig' },
    jwkOf(lab, { kid: 'calibrate-encryption', alg: 'RSA-OAEP', use: 'enc' }),
  ];
}

const PADDING = { kilobyte: 'x'.repeat(1024) };

/**
 * The documents of the endpoint by name. Each is served before the keyset with its URL is deployed, because Salesforce may read it
 * then.
 */
const DOCUMENTS: Readonly<Record<string, (lab: Lab) => ServedResponse>> = {
  Jwks_Control: (lab) => jwks([jwkOf(lab)]),
  Jwks_Cache: (lab) => jwks([jwkOf(lab)]),
  Jwks_Refetch: (lab) => jwks([jwkOf(lab)]),
  Jwks_Redirect: () => ({ status: 302, headers: { location: 'Jwks_Redirect_Target' }, body: '' }),
  Jwks_Redirect_Target: (lab) => jwks([jwkOf(lab)]),
  Jwks_Large: (lab) => jwks([jwkOf(lab)], { padding: PADDING.kilobyte.repeat(1024) }),
  Jwks_Medium: (lab) => jwks([jwkOf(lab)], { padding: PADDING.kilobyte.repeat(200) }),
  Jwks_Unusable: (lab) => jwks([...unusableKeys(lab), jwkOf(lab)]),
  Jwks_No_Alg: (lab) => jwks([jwkOf(lab, { alg: undefined })]),
  Jwks_No_X5c: (lab) => jwks([jwkOf(lab, { x5c: undefined })]),
  Jwks_Same_Kid: (lab) => jwks([lab.options.keys.untrusted.jwk, jwkOf(lab)]),
  Jwks_Text: (lab) => ({ ...jwks([jwkOf(lab)]), headers: { 'content-type': 'text/plain' } }),
};

const KEYSET = 'PublicKeyCertificateSet:';

/** The names of the documents that experiments use, from the keysets that they create. */
export const documentsOf = (experiments: readonly Experiment[]): readonly string[] => [
  ...new Set([
    'Jwks_Control',
    ...experiments
      .filter(({ needs }) => needs === 'endpoint')
      .flatMap(({ writes }) => writes)
      .filter((key) => key.startsWith(KEYSET))
      .map((key) => key.slice(KEYSET.length + named('').length)),
  ]),
];

/** Serves all documents. Call it before `endpointVerifier`. */
export function serveDocuments(lab: Lab): void {
  for (const [name, responseOf] of Object.entries(DOCUMENTS)) lab.options.endpoint?.serve(name, responseOf(lab));
}

/**
 * The verifier of a document. The first call creates those of all experiments of the run, because each publication can take
 * minutes. Throws `Inconclusive` if the org doesn't accept tokens of the control document.
 */
async function endpointVerifier(lab: Lab, name: string): Promise<Verifier> {
  const verifiers = await lab.endpointVerifiers();
  const [control, verifier] = [verifiers.get('Jwks_Control'), verifiers.get(name)];
  if (!control || !verifier) throw new Inconclusive('The keyset of the endpoint was not created.');
  if (await lab.accepts(control, lab.token(control))) return verifier;
  const requests = lab.options.endpoint?.requestsFor('Jwks_Control') ?? 0;
  throw new Inconclusive(
    `The org accepts no token of a key at the endpoint. It sent ${requests} requests to it. Check --endpoint and the tunnel.`,
  );
}

/** Answers `accepted` or `rejected`, by one token of the key in a document. */
const byDocument =
  (name: string, accepted: string, rejected: string) =>
  async (lab: Lab): Promise<Observation> => {
    const verifier = await endpointVerifier(lab, name);
    const isAccepted = await lab.accepts(verifier, lab.token(verifier));
    return {
      answer: isAccepted ? accepted : rejected,
      observation: `A token of the key in the document was ${isAccepted ? '' : 'not '}accepted.`,
    };
  };

async function probeSize(lab: Lab): Promise<Observation> {
  for (const [name, answer, size] of [
    ['Jwks_Large', '1-MB', '1 MB'],
    ['Jwks_Medium', '200-KB', '200 KB'],
  ] as const) {
    const verifier = await endpointVerifier(lab, name);
    if (await lab.accepts(verifier, lab.token(verifier)))
      return { answer, observation: `A document of ${size} was accepted, and no larger one.` };
  }
  return { answer: 'less', observation: 'A document of 200 KB was not accepted.' };
}

/** The key is removed from the document after it was used. Its tokens are accepted as long as it is cached. */
async function probeCache(lab: Lab): Promise<Observation> {
  const verifier = await endpointVerifier(lab, 'Jwks_Cache');
  if (!(await lab.accepts(verifier, lab.token(verifier))))
    throw new Inconclusive('A token of the key was not accepted.');
  lab.options.endpoint?.serve('Jwks_Cache', jwks([jwkOf(lab, { kid: LATER_KID })]));
  const steps = [
    [5 * SECOND, 'none'],
    [5 * MINUTE, '5m'],
    [10 * MINUTE, '15m'],
  ] as const;
  for (const [wait, answer] of steps) {
    await lab.sleep(wait);
    if (!(await lab.accepts(verifier, lab.token(verifier))))
      return { answer, observation: 'The token of a removed key was not accepted any more.' };
  }
  return { answer: 'longer', observation: 'The token of a removed key was still accepted after 15 minutes.' };
}

async function probeRefetch(lab: Lab): Promise<Observation> {
  const verifier = await endpointVerifier(lab, 'Jwks_Refetch');
  if (!(await lab.accepts(verifier, lab.token(verifier))))
    throw new Inconclusive('A token of the key was not accepted.');
  lab.options.endpoint?.serve('Jwks_Refetch', jwks([jwkOf(lab), jwkOf(lab, { kid: LATER_KID })]));
  const steps = [
    [2 * SECOND, 'immediately'],
    [MINUTE, '1m'],
  ] as const;
  for (const [wait, answer] of steps) {
    await lab.sleep(wait);
    if (await lab.accepts(verifier, lab.token(verifier, {}, { kid: LATER_KID })))
      return { answer, observation: `A token of the new key was accepted after ${wait / SECOND} seconds.` };
  }
  return { answer: 'never', observation: 'A token of the new key was not accepted after 1 minute.' };
}

type EndpointExperiment = Omit<Experiment, 'needs' | 'writes'> & { readonly documents: readonly string[] };

/** An experiment whose documents each have a keyset, a channel, and a chat deployment. */
const endpointExperiment = ({ documents, ...rest }: EndpointExperiment): Experiment => ({
  ...rest,
  needs: 'endpoint',
  writes: documents.flatMap((name) =>
    ['PublicKeyCertificateSet', 'MessagingChannel', 'EmbeddedServiceConfig'].map((type) => `${type}:${named(name)}`),
  ),
});

const NOT_FOUND = 'No source was found.';

/** Experiments with a JWKS endpoint that the org must reach. */
export const ENDPOINT_EXPERIMENTS: readonly Experiment[] = [
  endpointExperiment({
    id: 'jwks-refetch',
    question: 'Does an unknown kid make Salesforce read a JWKS endpoint again?',
    answers: {
      immediately: 'Yes, within seconds.',
      '1m': 'Yes, but at most once in a time of up to 1 minute.',
      never: 'No, or not within 1 minute.',
    },
    source: NOT_FOUND,
    method: 'A key is added to a document that was read, and a token is signed with it.',
    documents: ['Jwks_Refetch'],
    run: probeRefetch,
  }),
  endpointExperiment({
    id: 'jwks-redirect',
    question: 'Does Salesforce follow a redirect of a JWKS endpoint?',
    answers: { rejected: 'No.', followed: 'Yes.' },
    source: NOT_FOUND,
    method: 'The URL redirects to a document on the same host.',
    documents: ['Jwks_Redirect'],
    run: byDocument('Jwks_Redirect', 'followed', 'rejected'),
  }),
  endpointExperiment({
    id: 'jwks-size',
    question: 'How large can the document of a JWKS endpoint be?',
    answers: { '200-KB': 'At least 200 KB, less than 1 MB.', '1-MB': 'At least 1 MB.', less: 'Less than 200 KB.' },
    source: NOT_FOUND,
    method: 'Documents of 1 MB and of 200 KB are served.',
    documents: ['Jwks_Large', 'Jwks_Medium'],
    run: probeSize,
  }),
  endpointExperiment({
    id: 'jwks-unusable-key',
    question: 'Does Salesforce ignore keys of a JWKS endpoint that it cannot use?',
    answers: { ignored: 'Yes.', 'document-rejected': 'No, it then accepts no key of the document.' },
    source: `${NOT_FOUND} RFC 7517, section 5, says that readers should ignore such keys.`,
    method: 'A document has an EC key, a key for encryption, and the key of the token.',
    documents: ['Jwks_Unusable'],
    run: byDocument('Jwks_Unusable', 'ignored', 'document-rejected'),
  }),
  endpointExperiment({
    id: 'jwks-alg',
    question: 'Does a key of a JWKS endpoint need alg?',
    answers: { optional: 'No.', required: 'Yes.' },
    source: 'Help requires alg for uploaded keys. Microsoft Entra ID sends none at its endpoint.',
    method: 'The key in a document has no alg.',
    documents: ['Jwks_No_Alg'],
    run: byDocument('Jwks_No_Alg', 'optional', 'required'),
  }),
  endpointExperiment({
    id: 'jwks-x5c',
    question: 'Does a key of a JWKS endpoint need x5c?',
    answers: { optional: 'No.', required: 'Yes.' },
    source: 'Help requires x5c for uploaded keys. A public project verifies tokens with an endpoint without it.',
    method: 'The key in a document has no x5c.',
    documents: ['Jwks_No_X5c'],
    run: byDocument('Jwks_No_X5c', 'optional', 'required'),
  }),
  endpointExperiment({
    id: 'jwks-same-kid',
    question: 'Which key verifies a token if two keys of a JWKS endpoint have its kid?',
    answers: { any: 'Each of them.', first: 'Only the first one.' },
    source: `${NOT_FOUND} Some identity providers use one kid for several keys.`,
    method: 'A document has another key with the same kid first.',
    documents: ['Jwks_Same_Kid'],
    run: byDocument('Jwks_Same_Kid', 'any', 'first'),
  }),
  endpointExperiment({
    id: 'jwks-content-type',
    question: 'Must a JWKS endpoint send a content type of JSON?',
    answers: { ignored: 'No.', checked: 'Yes.' },
    source: NOT_FOUND,
    method: 'A document is served as text/plain.',
    documents: ['Jwks_Text'],
    run: byDocument('Jwks_Text', 'ignored', 'checked'),
  }),
  endpointExperiment({
    id: 'jwks-cache',
    question: 'For how long does Salesforce use a key that a JWKS endpoint has removed?',
    answers: {
      '15m': 'Between 5 and 15 minutes.',
      none: 'Less than 5 seconds.',
      '5m': 'Less than 5 minutes.',
      longer: 'More than 15 minutes.',
    },
    source: NOT_FOUND,
    method: 'A key is removed from a document that was read, and its tokens are sent for up to 15 minutes.',
    documents: ['Jwks_Cache'],
    run: probeCache,
  }),
];
