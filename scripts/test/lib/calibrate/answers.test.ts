import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TokenBudget } from '../../../lib/chat-api';
import { assumedAnswer } from '../../../lib/calibrate/experiment';
import { EXPERIMENTS } from '../../../lib/calibrate/experiments';
import { generateTestKey, type TestKey } from '../../../lib/calibrate/keys';
import { Lab, SYSTEM_CLOCK } from '../../../lib/calibrate/lab';
import { cleanUp, findLeftovers } from '../../../lib/calibrate/leftovers';
import { runExperiments } from '../../../lib/calibrate/run-experiments';
import { TokenRequests } from '../../../lib/verification/token-requests';
import { startLocalOrg, QUESTIONS } from '../../../local-org/index';
import { Client, logIn, loginKey } from '../../local-org/client';
import { LocalSf } from './local-sf';

const PERMISSIVE_RATE = { requests: 100_000, milliseconds: 60_000 };

let client: Client;
let keys: { trusted: TestKey; untrusted: TestKey };

before(async () => {
  const org = await startLocalOrg({ alias: 'sandbox', kind: 'sandbox', port: 0, loginKey });
  client = new Client(org, await logIn(org));
  const create = () => generateTestKey('calibrate', new Date());
  keys = { trusted: await create(), untrusted: await create() };
});

after(() => client.org.close());

const openLab = (): Lab => {
  const { sf } = new LocalSf({ sandbox: client });
  const { orgId, url } = client.org;
  return new Lab({
    ...{ sf, org: { alias: 'sandbox', orgId, kind: 'sandbox', file: '' }, apiVersion: '67.0', keys },
    ...{ instanceUrl: url, chatApiUrl: url, clock: SYSTEM_CLOCK, log: () => undefined },
    requests: new TokenRequests(new TokenBudget(PERMISSIVE_RATE)),
    record: { components: () => [], add: () => undefined, remove: () => undefined },
  });
};

test('the local org has a setting for each answer of each experiment', () => {
  const answersOf = (table: Readonly<Record<string, object>>) =>
    Object.entries(table).map(([id, answers]) => [id, Object.keys(answers)]);
  assert.deepEqual(
    answersOf(Object.fromEntries(EXPERIMENTS.map(({ id, answers }) => [id, answers]))).sort(),
    answersOf(QUESTIONS).sort(),
  );
});

test('a local org without answers behaves as the first answer of each experiment', async () => {
  client.org.setAnswers({});
  const selected = EXPERIMENTS.map((experiment) => ({ experiment }));
  const results = await runExperiments(openLab(), selected, () => undefined);
  assert.deepEqual(
    results.map(({ experiment, answer, observation }) => `${experiment.id}: ${answer ?? observation}`),
    EXPERIMENTS.map((experiment) => `${experiment.id}: ${assumedAnswer(experiment)}`),
  );
});

for (const experiment of EXPERIMENTS)
  for (const answer of Object.keys(experiment.answers))
    test(`finds that the answer to ${experiment.id} is ${answer}`, async () => {
      client.org.setAnswers({ [experiment.id]: answer });
      const [result] = await runExperiments(openLab(), [{ experiment }], () => undefined);
      assert.equal(result?.answer, answer, result?.observation);
    });

test('deletes everything that the experiments created', async () => {
  client.org.setAnswers({});
  const { sf } = new LocalSf({ sandbox: client });
  const org = { alias: 'sandbox', orgId: client.org.orgId, kind: 'sandbox', file: '' } as const;
  const target = { sf, org, apiVersion: '67.0' };
  assert.notDeepEqual(await findLeftovers(target), []);
  assert.deepEqual(await cleanUp(target), []);
  assert.deepEqual(await findLeftovers(target), []);
  assert.deepEqual([...client.org.files().keys()], []);
});
