import { asToolError } from '../errors';
import { keyOf, type Component } from '../model';
import { channelComponent, keyComponent, keysetComponent, queueComponent, routingComponent } from './components';
import type { Experiment, Observation } from './experiment';
import { Inconclusive, type DeployOutcome, type Lab } from './lab';
import { named } from './prefix';

const keys = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `PublicKeyCertificate:${named(name)}`);
const keysets = (name: string): string => `PublicKeyCertificateSet:${named(name)}`;
const channels = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `MessagingChannel:${named(name)}`);

/** The outcome of a deploy in one sentence. */
export const deployText = ({ deployed, problems }: DeployOutcome): string =>
  deployed ? 'The org accepted the deploy.' : `The org rejected the deploy: ${problems[0]?.text ?? 'no reason'}`;

/** Answers `accepted` or `rejected`, or two other words, by one deploy. */
const byDeploy =
  (
    componentsOf: (lab: Lab) => Promise<readonly Component[]> | readonly Component[],
    accepted = 'accepted',
    rejected = 'rejected',
  ) =>
  async (lab: Lab): Promise<Observation> => {
    const outcome = await lab.deploy(...(await componentsOf(lab)));
    return { answer: outcome.deployed ? accepted : rejected, observation: deployText(outcome) };
  };

/** The public members of the key of the run, with changes. A member that is undefined is left out. */
const jwkWith = (lab: Lab, changes: Readonly<Record<string, unknown>>): object => ({ ...lab.trusted.jwk, ...changes });

async function probeKeyWithoutX5c(lab: Lab): Promise<Observation> {
  const kid = 'calibrate-no-x5c';
  const outcome = await lab.deploy(keyComponent('No_X5c', jwkWith(lab, { kid, x5c: undefined })));
  if (!outcome.deployed) return { answer: 'rejected', observation: deployText(outcome) };
  const verifier = await lab.trust('No_X5c');
  const isAccepted = await lab.accepts(verifier, lab.token(verifier, {}, { kid }));
  return {
    answer: isAccepted ? 'verifies-tokens' : 'verifies-no-token',
    observation: `The org accepted the key. A token of it was ${isAccepted ? '' : 'not '}accepted.`,
  };
}

async function probeCertificateDays(lab: Lab): Promise<Observation> {
  const withDays = async (days: number): Promise<DeployOutcome> =>
    lab.deploy(
      keyComponent('Days', jwkWith(lab, { kid: 'calibrate-days', x5c: await lab.trusted.certificateFor(days) })),
    );
  const nine = await withDays(9);
  if (!nine.deployed) return { answer: 'ten-days', observation: `With 9 days left: ${deployText(nine)}` };
  const expired = await withDays(-0.5);
  return {
    answer: expired.deployed ? 'not-checked' : 'not-expired',
    observation: `A certificate with 9 days left was accepted. An expired one: ${deployText(expired)}`,
  };
}

async function probeOtherCertificate(lab: Lab): Promise<Observation> {
  const kid = 'calibrate-other';
  const { untrusted } = lab.options.keys;
  const outcome = await lab.deploy(
    keyComponent('Other', jwkWith(lab, { kid, x5c: await untrusted.certificateFor(365) })),
  );
  if (!outcome.deployed) return { answer: 'rejected', observation: deployText(outcome) };
  const verifier = await lab.trust('Other');
  const header = { alg: 'RS256', kid, typ: 'JWT' };
  const byModulus = await lab.accepts(verifier, lab.tokenOf(header, lab.claims(verifier)));
  const byCertificate = await lab.accepts(verifier, lab.tokenOf(header, lab.claims(verifier), untrusted.privateKey));
  const observation = `A token of the key in n and e was ${byModulus ? '' : 'not '}accepted, one of the certificate's key ${byCertificate ? '' : 'not '}accepted.`;
  if (byModulus && byCertificate) return { observation };
  return { answer: byModulus ? 'modulus' : byCertificate ? 'certificate' : 'no-token', observation };
}

/** Random numbers in the place of private members. They belong to no key. */
const PRIVATE_MEMBERS = Object.fromEntries(
  ['d', 'p', 'q', 'dp', 'dq', 'qi'].map((name) => [name, Buffer.from(`calibrate ${name}`).toString('base64url')]),
);

/** Tries lifetimes of access tokens, the longest first. */
async function probeVerifiedLifetime(lab: Lab): Promise<Observation> {
  for (const minutes of [4320, 360]) {
    const { deployed } = await lab.deploy(
      routingComponent,
      queueComponent('Queue', false),
      channelComponent('Lifetime', { verifiedMinutes: minutes }),
    );
    if (deployed)
      return {
        answer: `${minutes}-minutes`,
        observation: `A lifetime of ${minutes} minutes was accepted, and no longer one.`,
      };
  }
  return { answer: '240-minutes', observation: 'A lifetime of 360 minutes was rejected.' };
}

/** The retrieved file of a channel. */
async function retrieveChannel(lab: Lab, name: string): Promise<string> {
  const path = `messagingChannels/${named(name)}.messagingChannel`;
  const text = (await lab.retrieve({ MessagingChannel: [named(name)] })).get(path);
  if (text === undefined) throw new Inconclusive('The org returned no file for the deployed channel.');
  return text;
}

async function probeOmittedElement(lab: Lab): Promise<Observation> {
  await lab.verifier();
  await lab.require(channelComponent('Partial', { description: 'Calibrate' }));
  await lab.require(channelComponent('Partial', {}));
  const isKept = (await retrieveChannel(lab, 'Partial')).includes('<description>');
  return {
    answer: isKept ? 'kept' : 'removed',
    observation: `The omitted description was ${isKept ? 'kept' : 'removed'}.`,
  };
}

async function probeOmittedItems(lab: Lab): Promise<Observation> {
  await lab.verifier();
  const issuer = 'https://omitted.example.com';
  const [first, second] = [
    ['Calibrate_A', 'Omitted'],
    ['Calibrate_B', 'Omitted'],
  ] as const;
  await lab.require(
    keyComponent('Omitted', jwkWith(lab, { kid: 'calibrate-omitted' })),
    keysetComponent('Omitted', { issuer, keys: ['Key', 'Omitted'] }),
    channelComponent('Omitted', { authorizations: [first, second] }),
  );
  await lab.require(
    keysetComponent('Omitted', { issuer, keys: ['Key'] }),
    channelComponent('Omitted', { authorizations: [first] }),
  );
  const files = await lab.retrieve({ PublicKeyCertificateSet: [named('Omitted')] });
  const keyIsKept = [...files.values()].some((text) => text.includes(`>${named('Omitted')}</publicKeyCertificate>`));
  const authorizationIsKept = (await retrieveChannel(lab, 'Omitted')).includes('>Calibrate_B<');
  const observation = `The omitted key was ${keyIsKept ? 'kept' : 'removed'}, the omitted user verification configuration ${authorizationIsKept ? 'kept' : 'removed'}.`;
  return keyIsKept === authorizationIsKept ? { answer: keyIsKept ? 'kept' : 'removed', observation } : { observation };
}

async function probeActiveDeletion(lab: Lab): Promise<Observation> {
  const verifier = await lab.verifier();
  const channel = channelComponent('Active', { authorizations: [[verifier.identifier, 'Shared']] });
  await lab.require(channel);
  await lab.activate('Active');
  const outcome = await lab.delete(channel);
  return { answer: outcome.deployed ? 'deleted' : 'rejected', observation: deployText(outcome) };
}

async function probeUnusableActivation(lab: Lab): Promise<Observation> {
  await lab.verifier();
  await lab.require(channelComponent('Unusable', {}));
  const error = await lab.activate('Unusable').then(() => undefined, asToolError);
  if (error && error.code !== 'activate-failed') throw error;
  return error
    ? { answer: 'rejected', observation: `The org rejected the activation: ${error.why}` }
    : { answer: 'accepted', observation: 'The org activated the channel.' };
}

/** A channel with a lifetime that is too short, and with a Configuration Name that no source allows. */
const brokenChannel = (name: string, isShort: boolean, isMisnamed: boolean): Component =>
  channelComponent(name, {
    verifiedMinutes: isShort ? 5 : 60,
    authorizations: [[isMisnamed ? '1 bad name' : 'Calibrate_Name', 'Shared']],
  });

async function probeReportedProblems(lab: Lab): Promise<Observation> {
  await lab.verifier();
  const alone = [brokenChannel('Problems', true, false), brokenChannel('Problems', false, true)];
  for (const channel of alone)
    if ((await lab.deploy(channel)).deployed)
      throw new Inconclusive('The org accepted one of the two mistakes on its own.');
  const { problems } = await lab.deploy(brokenChannel('Problems', true, true));
  const count = problems.filter(({ component }) => component === named('Problems')).length;
  return {
    answer: count > 1 ? 'all' : 'first',
    observation: `For a channel with two mistakes, the org reported ${count === 1 ? '1 problem' : `${count} problems`}.`,
  };
}

async function probeProblemOrder(lab: Lab): Promise<Observation> {
  await lab.verifier();
  const { problems } = await lab.deploy(brokenChannel('Order_Z', true, false), brokenChannel('Order_A', true, false));
  const names = [...new Set(problems.map(({ component }) => component))];
  if (names.length !== 2) return { observation: `For two invalid channels, the org named ${names.length}.` };
  const isByName = names[0] === named('Order_A');
  return {
    answer: isByName ? 'name' : 'package',
    observation: `The package had ${named('Order_Z')} first. The org reported ${names.join(', then ')}.`,
  };
}

async function probeConcurrentDeploy(lab: Lab): Promise<Observation> {
  const keyOfJob = (name: string): readonly Component[] => [
    keyComponent(name, jwkWith(lab, { kid: `calibrate-${name}` })),
  ];
  const [submitFirst, submitSecond] = await lab.prepare(keyOfJob('First'), keyOfJob('Second'));
  const first = (await submitFirst?.()) ?? '';
  const second = (await submitSecond?.().catch(asToolError)) ?? '';
  if (typeof second !== 'string') {
    await lab.finish(first);
    if (second.code !== 'deploy-failed') throw second;
    return { answer: 'rejected', observation: `The org rejected the second job: ${second.why}` };
  }
  await Promise.all([lab.finish(first), lab.finish(second)]);
  return (await lab.overlapped(first, second))
    ? { answer: 'queued', observation: 'The org accepted a second job before the first one was done.' }
    : { observation: 'The first job was done before the second one was submitted.' };
}

const NOT_FOUND = 'No source was found.';
const ACCEPTED = { accepted: 'The deploy succeeds.', rejected: 'The deploy fails.' };

/** Experiments with deploys of keys and keysets. */
const KEY_EXPERIMENTS: readonly Experiment[] = [
  {
    id: 'key-without-x5c',
    question: 'Can a key without x5c be uploaded, and does it verify tokens?',
    answers: {
      rejected: 'The deploy fails.',
      'verifies-no-token': 'The deploy succeeds, but no token of the key is accepted.',
      'verifies-tokens': 'The deploy succeeds, and tokens of the key are accepted.',
    },
    source:
      'Sources contradict each other: Help, troubleshooting, requires x5c for the upload; a public build log says that only the verification fails.',
    method: 'A key without x5c is deployed and added to the keyset, and a token is signed with it.',
    writes: keys('No_X5c', 'Control_No_X5c'),
    run: probeKeyWithoutX5c,
  },
  {
    id: 'key-with-private-members',
    question: 'Is a key with members of a private key rejected?',
    answers: ACCEPTED,
    source: `${NOT_FOUND} The sample in the Metadata API guide has a d, which isn't a private exponent.`,
    method: 'A key with d, p, q, dp, dq, and qi is deployed. They are random texts.',
    writes: keys('Private'),
    run: byDeploy((lab) => [keyComponent('Private', jwkWith(lab, { kid: 'calibrate-private', ...PRIVATE_MEMBERS }))]),
  },
  {
    id: 'certificate-days',
    question: 'How long must the certificate of an uploaded key be valid?',
    answers: {
      'ten-days': 'For 10 more days.',
      'not-expired': 'It must not have expired.',
      'not-checked': 'An expired certificate is accepted.',
    },
    source: 'Help, troubleshooting: 10 more days. Whether the Metadata API checks it is not documented.',
    method: 'Keys with certificates that are valid for 9 more days, and that have expired, are deployed.',
    writes: keys('Days'),
    run: probeCertificateDays,
  },
  {
    id: 'certificate-of-another-key',
    question: 'What happens if x5c has the certificate of another key than n and e?',
    answers: {
      'no-token': 'The deploy succeeds, but the key verifies no token.',
      rejected: 'The deploy fails.',
      modulus: 'The key in n and e verifies tokens.',
      certificate: 'The key in the certificate verifies tokens.',
    },
    source: `${NOT_FOUND} Salesforce's key utility does not compare them.`,
    method: 'Such a key is deployed and added to the keyset, and tokens are signed with both keys.',
    writes: keys('Other', 'Control_Other'),
    run: probeOtherCertificate,
  },
  {
    id: 'key-without-jwk',
    question: 'Can a key be deployed without a JSON web key?',
    answers: ACCEPTED,
    source: 'The WSDL does not require jsonWebKey. No source says what happens without it.',
    method: 'A key without jsonWebKey is deployed.',
    writes: keys('Empty'),
    run: byDeploy(() => [keyComponent('Empty')]),
  },
  {
    id: 'empty-keyset',
    question: 'Can a keyset of type JWKS be empty?',
    answers: ACCEPTED,
    source: 'The WSDL does not require keys. No source says what happens without them.',
    method: 'A keyset without keys is deployed.',
    writes: [keysets('Empty')],
    run: byDeploy(() => [keysetComponent('Empty', { issuer: 'https://empty.example.com' })]),
  },
  {
    id: 'keyset-with-both',
    question: 'Can a keyset of type JWKS_URL also list keys?',
    answers: ACCEPTED,
    source: `${NOT_FOUND} A Salesforce playbook has the error for the opposite case.`,
    method: 'A keyset of type JWKS_URL with an uploaded key is deployed.',
    writes: [keysets('Both')],
    run: byDeploy(async (lab) => {
      await lab.verifier();
      const parts = { issuer: 'https://both.example.com', endpoint: 'https://both.example.com/jwks', keys: ['Key'] };
      return [keysetComponent('Both', parts)];
    }),
  },
  {
    id: 'keyset-without-issuer',
    question: 'Can a keyset have no issuer?',
    answers: ACCEPTED,
    source: 'Setup requires an issuer, the WSDL does not.',
    method: 'A keyset without jwtIssuer is deployed.',
    writes: [keysets('No_Issuer')],
    run: byDeploy(async (lab) => {
      await lab.verifier();
      return [keysetComponent('No_Issuer', { keys: ['Key'] })];
    }),
  },
];

/** Experiments with deploys of channels and queues, and with what a deploy reports. */
const CHANNEL_EXPERIMENTS: readonly Experiment[] = [
  {
    id: 'duplicate-identifier',
    question: 'Can a channel have two user verification configurations of the same name?',
    answers: ACCEPTED,
    source: NOT_FOUND,
    method: 'A channel with two such configurations is deployed.',
    writes: channels('Duplicate'),
    run: byDeploy(async (lab) => {
      await lab.verifier();
      const item = ['Calibrate_Name', 'Shared'] as const;
      return [channelComponent('Duplicate', { authorizations: [item, item] })];
    }),
  },
  {
    id: 'verified-lifetime',
    question: 'What is the longest lifetime of access tokens of verified users?',
    answers: { '4320-minutes': '72 hours.', '360-minutes': '6 hours.', '240-minutes': '4 hours.' },
    source:
      'Sources contradict each other: 240 minutes in a Salesforce playbook, 360 in the sample of the Metadata API guide, 72 hours for channels in Help.',
    method: 'A channel is deployed with 4320 and with 360 minutes.',
    writes: channels('Lifetime'),
    run: probeVerifiedLifetime,
  },
  {
    id: 'omitted-element',
    question: 'What does a deploy do with an element of a channel that the file omits?',
    answers: { removed: 'It removes it.', kept: 'It keeps it.' },
    source: NOT_FOUND,
    method: 'A channel is deployed with a description and without it, and retrieved.',
    writes: channels('Partial'),
    run: probeOmittedElement,
  },
  {
    id: 'omitted-items',
    question: 'What does a deploy do with the keys and user verification configurations that a file omits?',
    answers: { removed: 'It removes them.', kept: 'It keeps them.' },
    source: NOT_FOUND,
    method: 'A keyset and a channel are deployed with two items and with one, and retrieved.',
    writes: [...keys('Omitted'), keysets('Omitted'), ...channels('Omitted')],
    run: probeOmittedItems,
  },
  {
    id: 'active-channel-deletion',
    question: 'Can an active channel be deleted?',
    answers: { deleted: 'Yes.', rejected: 'No.' },
    source: NOT_FOUND,
    method: 'An active channel is deleted by a deploy.',
    writes: channels('Active'),
    run: probeActiveDeletion,
  },
  {
    id: 'unusable-channel-activation',
    question: 'Can a channel be activated that has user verification on, but no configuration for it?',
    answers: { accepted: 'Yes.', rejected: 'No.' },
    source: `${NOT_FOUND} Examples in a Salesforce playbook deploy such channels.`,
    method: 'Such a channel is activated.',
    writes: channels('Unusable'),
    run: probeUnusableActivation,
  },
  {
    id: 'queue-bosses',
    question: 'Does a queue need doesIncludeBosses?',
    answers: { optional: 'No.', required: 'Yes, the deploy fails.' },
    source:
      'Sources contradict each other: the Metadata API guide requires it from API version 67.0, the WSDL does not.',
    method: 'A queue without it is deployed.',
    writes: [keyOf(queueComponent('No_Bosses'))],
    run: byDeploy(() => [routingComponent, queueComponent('No_Bosses')], 'optional', 'required'),
  },
  {
    id: 'reported-problems',
    question: 'Does a deploy report all problems of a component?',
    answers: { all: 'Yes.', first: 'No, only one.' },
    source: NOT_FOUND,
    method: 'A channel with two mistakes is deployed, after each mistake alone.',
    writes: channels('Problems'),
    run: probeReportedProblems,
  },
  {
    id: 'problem-order',
    question: 'In which order does a deploy report components with problems?',
    answers: { package: 'In the order of the package.', name: 'By name.' },
    source: NOT_FOUND,
    method: 'Two invalid channels are deployed, the last one by name first.',
    writes: channels('Order_A', 'Order_Z'),
    run: probeProblemOrder,
  },
  {
    id: 'concurrent-deploy',
    question: 'What happens to a deploy job that is submitted while another one runs?',
    answers: { queued: 'It waits.', rejected: 'It is rejected with ALREADY_IN_PROCESS.' },
    source: 'The WSDL has the code ALREADY_IN_PROCESS. Public reports describe a queue.',
    method: 'Two jobs are submitted one right after the other.',
    writes: keys('First', 'Second'),
    run: probeConcurrentDeploy,
  },
];

export const DEPLOY_EXPERIMENTS: readonly Experiment[] = [...KEY_EXPERIMENTS, ...CHANNEL_EXPERIMENTS];
