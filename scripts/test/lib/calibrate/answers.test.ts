import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { TokenBudget } from '../../../lib/chat-api';
import { Endpoint } from '../../../lib/calibrate/endpoint';
import { documentsOf, serveDocuments } from '../../../lib/calibrate/endpoint-experiments';
import { assumedAnswer, type Experiment } from '../../../lib/calibrate/experiment';
import { EXPERIMENTS } from '../../../lib/calibrate/experiments';
import { generateTestKey, type TestKey } from '../../../lib/calibrate/keys';
import { Lab, type Clock } from '../../../lib/calibrate/lab';
import { cleanUp, findLeftovers } from '../../../lib/calibrate/leftovers';
import { runExperiments } from '../../../lib/calibrate/run-experiments';
import { TokenRequests } from '../../../lib/verification/token-requests';
import { startLocalOrg, QUESTIONS, type Latency, type LocalOrgOptions } from '../../../local-org/index';
import { Client, logIn, loginKey } from '../../local-org/client';
import { LocalSf } from './local-sf';

const RATE = { requests: 100_000, milliseconds: 60_000 };
const AGENT = '<Bot xmlns="http://soap.sforce.com/2006/04/metadata"><label>Helper</label></Bot>';

/** A clock that passes only when an experiment waits. The org has it too. */
let waited = 0;
const clock: Clock = {
  now: () => Date.now() + waited,
  sleep: (milliseconds) => Promise.resolve(void (waited += milliseconds)),
};

/** The server time of a deploy: two jobs are at the same time in the org only if the first one takes a moment. */
const latency: Latency = { deploy: 0 };

let admin: Client;
/** A user of the same org without Configure Messaging. A local org has one user, so it is another one with the same ID. */
let limited: Client;
let endpoint: RunEndpoint;
let keys: { trusted: TestKey; untrusted: TestKey };

before(async () => {
  const start = async (options: Partial<LocalOrgOptions>): Promise<Client> => {
    const common = {
      alias: 'sandbox',
      kind: 'sandbox',
      port: 0,
      loginKey,
      latency,
      now: () => new Date(clock.now()),
    } as const;
    const org = await startLocalOrg({ ...common, ...options });
    return new Client(org, await logIn(org));
  };
  admin = await start({ seed: [{ path: 'bots/Helper.bot', content: AGENT }] });
  limited = await start({ permissions: { ConfigureLiveMessage: false } });
  const port = await freePort();
  endpoint = new RunEndpoint(`http://127.0.0.1:${port}`);
  await endpoint.listen(port);
  const create = () => generateTestKey('calibrate', new Date());
  keys = { trusted: await create(), untrusted: await create() };
});

after(async () => {
  endpoint.close();
  await Promise.all([admin.org.close(), limited.org.close()]);
});

/** A port that nothing used a moment ago. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

const openTarget = () => {
  const { orgId } = admin.org;
  const org = { alias: 'sandbox', orgId, kind: 'sandbox', file: '' } as const;
  return { sf: new LocalSf({ sandbox: admin, limited }).sf, org, apiVersion: '67.0' };
};

/** An endpoint with other paths in each run, because the org caches the document of a URL. */
class RunEndpoint extends Endpoint {
  runs = 0;

  override urlOf(name: string): string {
    return super.urlOf(`${this.runs}/${name}`);
  }
}

function openLab(experiments: readonly Experiment[]): Lab {
  endpoint.runs++;
  const lab = new Lab({
    endpoint,
    documents: documentsOf(experiments),
    ...openTarget(),
    keys,
    clock,
    log: () => undefined,
    instanceUrl: admin.org.url,
    chatApiUrl: admin.org.url,
    agent: 'Helper',
    limitedUser: 'limited',
    requests: new TokenRequests(new TokenBudget(RATE, () => undefined)),
    record: { components: () => [], add: () => undefined, remove: () => undefined },
  });
  serveDocuments(lab);
  return lab;
}

function setAnswers(answers: Readonly<Record<string, string>>): void {
  [admin, limited].forEach(({ org }) => org.setAnswers(answers));
}

/** The experiment, in an org that takes long for a deploy if it asks what happens to two of them at a time. */
const withServerTime = (experiment: Experiment): Experiment => ({
  ...experiment,
  run: async (lab) => {
    latency.deploy = experiment.id === 'concurrent-deploy' ? 1_500 : 0;
    return experiment.run(lab).finally(() => (latency.deploy = 0));
  },
});

/** Each experiment starts in an org without components of an earlier one. */
async function assertCleanedUp(): Promise<void> {
  assert.deepEqual(await cleanUp(openTarget()), []);
  assert.deepEqual([...admin.org.files().keys()], ['bots/Helper.bot']);
}

for (const [id, fault] of [
  ['empty-keyset', 'deploy.work:row-lock'],
  ['nbf', 'exchange:503@2'],
] as const)
  test(`a failure that answers nothing makes an experiment inconclusive: ${id}, ${fault}`, async () => {
    setAnswers({});
    admin.org.setFaults(fault);
    const selected = EXPERIMENTS.filter((each) => each.id === id).map((experiment) => ({ experiment }));
    const [result] = await runExperiments(openLab([]), selected, () => undefined);
    admin.org.setFaults('');
    assert.deepEqual([result?.status, result?.answer], ['inconclusive', undefined], result?.observation);
    await assertCleanedUp();
  });

test('the local org has a setting for each answer of each experiment', () => {
  const answersOf = (table: Readonly<Record<string, object>>) =>
    Object.entries(table).map(([id, answers]) => [id, Object.keys(answers)]);
  assert.deepEqual(
    answersOf(Object.fromEntries(EXPERIMENTS.map(({ id, answers }) => [id, answers]))).sort(),
    answersOf(QUESTIONS).sort(),
  );
});

test('a local org without answers behaves as the first answer of each experiment', async () => {
  setAnswers({});
  const selected = EXPERIMENTS.map((experiment) => ({ experiment: withServerTime(experiment) }));
  const results = await runExperiments(openLab(EXPERIMENTS), selected, () => undefined);
  assert.deepEqual(
    results.map(({ experiment, answer, observation }) => `${experiment.id}: ${answer ?? observation}`),
    EXPERIMENTS.map((experiment) => `${experiment.id}: ${assumedAnswer(experiment)}`),
  );
  assert.notDeepEqual(await findLeftovers(openTarget()), []);
  await assertCleanedUp();
});

for (const experiment of EXPERIMENTS)
  for (const answer of Object.keys(experiment.answers))
    test(`finds that the answer to ${experiment.id} is ${answer}`, async () => {
      setAnswers({ [experiment.id]: answer });
      const [result] = await runExperiments(
        openLab([experiment]),
        [{ experiment: withServerTime(experiment) }],
        () => undefined,
      );
      assert.equal(result?.answer, answer, result?.observation);
      await assertCleanedUp();
    });
