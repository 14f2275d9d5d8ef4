import { asToolError, ToolError } from '../errors';
import { textAt } from '../model';
import { readXml } from '../metadata';
import { assertOrgId, recordIdsOf } from '../org';
import { channelComponent, chatDeploymentComponent } from './components';
import { deployText } from './deploy-experiments';
import type { Experiment, Observation } from './experiment';
import { Inconclusive, type Lab } from './lab';
import { named } from './prefix';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const NOT_FOUND = 'No source was found.';

/** The error of an org; undefined if it did what was asked. Throws any other error. */
async function rejectionOf(work: Promise<unknown>, code: ToolError['code']): Promise<ToolError | undefined> {
  const error = await work.then(() => undefined, asToolError);
  if (error && error.code !== code) throw error;
  return error;
}

async function probePublishDelay(lab: Lab): Promise<Observation> {
  await lab.verifier();
  const seconds = Math.round(lab.publishDelay / SECOND);
  const answer = lab.publishDelay < 20 * SECOND ? 'immediate' : lab.publishDelay < 3 * MINUTE ? '1m' : '10m';
  return { answer, observation: `The published settings were served after ${seconds} seconds.` };
}

async function probeRepeatedPublish(lab: Lab): Promise<Observation> {
  await lab.verifier();
  const error = await rejectionOf(lab.publish('Shared'), 'publish-failed');
  return error
    ? { answer: 'rejected', observation: `The org rejected the second request: ${error.why}` }
    : { answer: 'accepted', observation: 'The org accepted the second request.' };
}

async function probeWildcard(lab: Lab): Promise<Observation> {
  await lab.verifier();
  const files = await lab.retrieve({ EmbeddedServiceConfig: ['*'] });
  const isListed = [...files.keys()].some((path) => path.includes(named('Shared')));
  return {
    answer: isListed ? 'all' : 'nothing',
    observation: `The retrieve returned ${isListed ? 'the new chat deployment' : 'no chat deployment'}.`,
  };
}

/** A retrieve of all channels by a user who can't read them. A message of the org has no error of the CLI as its cause. */
async function probeUnreadableType(lab: Lab): Promise<Observation> {
  await lab.verifier();
  const { sf, org, limitedUser = '' } = lab.options;
  await assertOrgId(sf, { ...org, alias: limitedUser });
  const thrown = await lab.retrieve({ MessagingChannel: ['*'] }, limitedUser).then(
    (files) => files,
    (error: unknown) => asToolError(error),
  );
  if (!(thrown instanceof ToolError)) {
    const isListed = [...thrown.keys()].some((path) => path.includes(named('Shared')));
    if (isListed) throw new Inconclusive('The limited user can read channels.');
    return { answer: 'nothing', observation: 'The retrieve succeeded without channels and without a message.' };
  }
  if (thrown.code !== 'retrieve-failed') throw thrown;
  return { answer: thrown.cause === undefined ? 'message' : 'error', observation: thrown.why };
}

async function probeAgentRouting(lab: Lab): Promise<Observation> {
  await lab.verifier();
  const { sf, agent = '' } = lab.options;
  await lab.require(channelComponent('Agent', { agent }));
  const soql = `SELECT SessionHandlerId FROM MessagingChannel WHERE DeveloperName = '${named('Agent')}'`;
  const [row] = await sf.query(lab.alias, soql);
  const isBound = typeof row?.['SessionHandlerId'] === 'string';
  return {
    answer: isBound ? 'bound' : 'dropped',
    observation: `After the deploy, SessionHandlerId of the channel was ${isBound ? 'set' : 'empty'}.`,
  };
}

/** Experiments with publications, retrieves, and agents. */
const READ_EXPERIMENTS: readonly Experiment[] = [
  {
    id: 'publish-delay',
    question: 'How long does it take until published settings are served?',
    answers: { immediate: 'Less than 20 seconds.', '1m': 'Less than 3 minutes.', '10m': 'At least 3 minutes.' },
    source: 'Help: up to 10 minutes.',
    method: 'The public settings of a new chat deployment are read every 5 seconds after its publication.',
    writes: [],
    run: probePublishDelay,
  },
  {
    id: 'repeated-publish',
    question: 'Can a chat deployment be published twice?',
    answers: { accepted: 'Yes.', rejected: 'No.' },
    source: 'A Salesforce playbook says that it can, for another type of chat deployment.',
    method: 'The shared chat deployment is published again.',
    writes: [],
    run: probeRepeatedPublish,
  },
  {
    id: 'deployment-wildcard',
    question: 'Does a retrieve with * return chat deployments?',
    answers: { all: 'Yes.', nothing: 'No.' },
    source: 'Metadata API guide: EmbeddedServiceConfig has no wildcard. The CLI reports no error.',
    method: 'All chat deployments are retrieved with *.',
    writes: [],
    run: probeWildcard,
  },
  {
    id: 'unreadable-type',
    question: 'What does a retrieve report for channels that the user cannot read?',
    answers: { message: 'A message.', nothing: 'Nothing.', error: 'The retrieve fails.' },
    source: `${NOT_FOUND} Metadata API guide: MessagingChannel needs Configure Messaging.`,
    method: 'Channels are retrieved with the login of a user without Configure Messaging.',
    writes: [],
    needs: 'limited-user',
    run: probeUnreadableType,
  },
  {
    id: 'agent-routing',
    question: 'What does a deploy do with the Agentforce Service Agent of a channel?',
    answers: { dropped: 'It drops it until SessionHandlerId is set.', bound: 'It sets SessionHandlerId.' },
    source: 'Two Salesforce playbooks contradict each other.',
    method: 'A channel with sessionHandlerAsa is deployed, and SessionHandlerId is queried.',
    writes: [`MessagingChannel:${named('Agent')}`],
    needs: 'agent',
    run: probeAgentRouting,
  },
];

const HOST_DOMAIN = 'calibrate.example.com';

/** Creates a Web chat deployment with the Connect API. Returns the error of the org, if it rejects it. */
async function setUpWeb(lab: Lab, hostDomain?: string): Promise<ToolError | undefined> {
  const { sf, record } = lab.options;
  const [channelId = ''] = (await recordIdsOf(sf, lab.alias, 'MessagingChannel', [named('Shared')])).values();
  record.add([`EmbeddedServiceConfig:${named('Web')}`]);
  const request = {
    name: named('Web'),
    masterLabel: named('Web'),
    clientVersion: 'WebV2',
    messagingChannelId: channelId,
    ...(hostDomain !== undefined && { hostDomain }),
  };
  return rejectionOf(sf.createChatDeployment(lab.alias, request), 'deploy-failed');
}

/** The Web chat deployments of the run. */
async function webDeployments(lab: Lab): Promise<readonly string[]> {
  const rows = await lab.options.sf.query(lab.alias, 'SELECT DeveloperName FROM EmbeddedServiceConfig', true);
  return rows.map((row) => String(row['DeveloperName'])).filter((name) => name.startsWith(named('Web')));
}

/** Creates the Web chat deployment of the run, unless it exists. */
async function requireWeb(lab: Lab): Promise<void> {
  await lab.verifier();
  if ((await webDeployments(lab)).length > 0) return;
  const error = await setUpWeb(lab, HOST_DOMAIN);
  if (error) throw new Inconclusive(`The org creates no Web chat deployment: ${error.why}`);
}

async function probeHostDomain(lab: Lab): Promise<Observation> {
  await lab.verifier();
  const error = await setUpWeb(lab);
  if (!error) return { answer: 'optional', observation: 'The org created a chat deployment without hostDomain.' };
  await requireWeb(lab);
  return { answer: 'required', observation: `Without hostDomain, the org rejected the request: ${error.why}` };
}

async function probeSetupPublishes(lab: Lab): Promise<Observation> {
  await requireWeb(lab);
  const isServed = await lab.waitUntilServed('Web', 10 * MINUTE).then(
    () => true,
    (thrown: unknown) => {
      if (thrown instanceof Inconclusive) return false;
      throw thrown;
    },
  );
  return {
    answer: isServed ? 'yes' : 'no',
    observation: `The settings of the new chat deployment were ${isServed ? '' : 'not '}served without a publication.`,
  };
}

async function probeRepeatedSetup(lab: Lab): Promise<Observation> {
  await requireWeb(lab);
  const before = await webDeployments(lab);
  const error = await setUpWeb(lab, HOST_DOMAIN);
  if (error) return { answer: 'rejected', observation: `The org rejected the second request: ${error.why}` };
  const added = (await webDeployments(lab)).length - before.length;
  return added > 0
    ? { answer: 'duplicate', observation: 'The second request created another chat deployment.' }
    : { observation: 'The org accepted the second request, and created nothing.' };
}

/** The site of the Web chat deployment. */
async function siteOfWeb(lab: Lab): Promise<string> {
  const files = await lab.retrieve({ EmbeddedServiceConfig: [named('Web')] });
  const text = files.get(`EmbeddedServiceConfig/${named('Web')}.EmbeddedServiceConfig`);
  const root = text === undefined ? undefined : readXml(text).root;
  const site = root && textAt(root, 'site');
  if (site === undefined) throw new Inconclusive('The new chat deployment has no site.');
  return site;
}

async function probeWebUpdate(lab: Lab): Promise<Observation> {
  await requireWeb(lab);
  const parts = { channel: 'Shared', type: 'Web', site: await siteOfWeb(lab), label: 'Calibrate Web 2' } as const;
  const outcome = await lab.deploy(chatDeploymentComponent('Web', parts));
  return { answer: outcome.deployed ? 'accepted' : 'immutable', observation: deployText(outcome) };
}

async function probeWebCreate(lab: Lab): Promise<Observation> {
  await requireWeb(lab);
  const parts = { channel: 'Shared', type: 'Web', site: await siteOfWeb(lab) } as const;
  const outcome = await lab.deploy(chatDeploymentComponent('Web_Copy', parts));
  return { answer: outcome.deployed ? 'with-site' : 'never', observation: deployText(outcome) };
}

const WEB = `EmbeddedServiceConfig:${named('Web')} and its site`;

/** Experiments with Web chat deployments. Each of them leaves a site. */
const WEB_EXPERIMENTS: readonly Experiment[] = [
  {
    id: 'web-host-domain',
    question: 'Does a setup request for a Web chat deployment need hostDomain?',
    answers: { optional: 'No.', required: 'Yes.' },
    source: 'Two Salesforce playbooks contradict each other.',
    method: 'A Web chat deployment is set up without hostDomain.',
    writes: [WEB],
    needs: 'web',
    run: probeHostDomain,
  },
  {
    id: 'web-setup-publishes',
    question: 'Does a setup request publish the chat deployment that it creates?',
    answers: { yes: 'Yes.', no: 'No.' },
    source: 'A Salesforce playbook says so. The response has isPublishSuccess.',
    method: 'The public settings of a new chat deployment are read for 10 minutes, without a publication.',
    writes: [WEB],
    needs: 'web',
    run: probeSetupPublishes,
  },
  {
    id: 'web-repeated-setup',
    question: 'What does a second setup request with the same name do?',
    answers: { duplicate: 'It creates a second chat deployment.', rejected: 'It is rejected.' },
    source: 'A Salesforce playbook: calling twice creates duplicates. No source says how they are named.',
    method: 'A Web chat deployment is set up twice.',
    writes: [WEB],
    needs: 'web',
    run: probeRepeatedSetup,
  },
  {
    id: 'web-metadata-update',
    question: 'Can a deploy update a Web chat deployment?',
    answers: { accepted: 'Yes, with its site.', immutable: 'No, the site makes the deploy fail.' },
    source: 'Sources contradict each other: a Salesforce playbook calls the site immutable, two others deploy it.',
    method: 'The Web chat deployment is deployed with another label and its site.',
    writes: [WEB],
    needs: 'web',
    run: probeWebUpdate,
  },
  {
    id: 'web-metadata-create',
    question: 'Can a deploy create a Web chat deployment whose site the org has?',
    answers: { 'with-site': 'Yes.', never: 'No.' },
    source: 'Sources contradict each other: a Salesforce playbook says no, public projects do it.',
    method: 'A second Web chat deployment with the same site is deployed.',
    writes: [WEB, `EmbeddedServiceConfig:${named('Web_Copy')}`],
    needs: 'web',
    run: probeWebCreate,
  },
];

export const ORG_EXPERIMENTS: readonly Experiment[] = [...READ_EXPERIMENTS, ...WEB_EXPERIMENTS];
