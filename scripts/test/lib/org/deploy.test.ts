import assert from 'node:assert/strict';
import { afterEach, mock, test } from 'node:test';
import { mapOf, type Plan } from '../../../lib/model';
import { DEFAULT_TIMEOUTS, waitUntilIdle, type ReadPlan, type Timeouts } from '../../../lib/org';
import { deployPlan, withoutNewJobs } from '../../../lib/org/deploy';
import { parseResponse, reportResponse } from '../../../lib/sf/responses';
import type { FakeOrg, FakeSf, Interceptor } from '../fake-sf';
import { onVirtualTime } from '../virtual-time';
import { addJob, desiredState, fakeDev, ORG, queue, stepRecorder } from './org-samples';

const ID = '0Af000000000000001';
const CHAT = queue('Chat', 'Chat');
const PLAN: Plan = {
  org: ORG,
  facts: { orgId: ORG.orgId, kind: ORG.kind, name: '', missingPermissions: [] },
  changes: [],
  toDeploy: mapOf([CHAT]),
  toDelete: ['Queue:Old'],
  deactivate: [],
  activate: [],
  publish: [],
  undeclaredTrust: [],
};
const ROW_LOCK = 'UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record';

afterEach(() => mock.restoreAll());

interface DeployOptions {
  readonly timeouts?: Timeouts;
  readonly listsJobs?: boolean;
  /** What the org is planned to after it was read again. Default: the same plan. */
  readonly replanned?: (reads: number) => Plan;
}

/** Deploys the plan to a fake org on a virtual clock. */
async function deploy(
  setUp: (org: FakeOrg) => void,
  { timeouts = DEFAULT_TIMEOUTS, listsJobs = true, replanned = () => PLAN }: DeployOptions = {},
) {
  const { sf, org } = fakeDev();
  org.listsJobs = listsJobs;
  const read = await readPlan(sf, PLAN);
  setUp(org);
  const { steps, reportStep: record } = stepRecorder();
  const known: unknown[] = [];
  let reads = 0;
  const context = {
    apiVersion: '67.0',
    timeouts,
    reportStep: (...[step, detail, before]: Parameters<typeof record>): void => {
      record(step, detail);
      if (before) known.push(before.known);
    },
    replan: (): Promise<ReadPlan> => readPlan(sf, replanned(++reads)),
  };
  const run = async (): Promise<unknown> => {
    try {
      await deployPlan(sf, await withoutNewJobs(sf, read, context), context);
      return undefined;
    } catch (thrown) {
      return thrown;
    }
  };
  const { result: error, elapsed } = await onVirtualTime(run);
  const text = error as { code: string; what: string; why: string; fix: string };
  return { org, steps, known, error: text, elapsed, reads };
}

async function readPlan(sf: FakeSf, plan: Plan): Promise<ReadPlan> {
  const { knownJobIds } = await waitUntilIdle(sf, 'dev', 0, () => undefined);
  return { desired: desiredState(CHAT), plan, knownJobIds };
}

test('deploys once and reports each step', async () => {
  const { org, steps, known, error, reads } = await deploy(() => undefined);
  assert.equal(error, undefined);
  assert.deepEqual(steps, ['deploying Queue:Chat, -Queue:Old', `submitted ${ID}`, `deployed ${ID}`]);
  assert.deepEqual([known, reads], [[[]], 0]);
  assert.equal(org.detailsOf('deploy').length, 1);
});

test('submits nothing if the login belongs to another org now', async () => {
  const { org, steps, error } = await deploy((each) => (each.orgId = '00D000000000009EAA'));
  assert.deepEqual([error.code, steps, org.detailsOf('deploy')], ['org-mismatch', [], []]);
  assert.match(error.what, /^The login "dev" belongs to org 00D000000000009EAA, but "orgId" in config/);
});

test('submits nothing again after a row lock if the login belongs to another org by then', async () => {
  const { org, steps, error } = await deploy((each) => {
    each.rejectDeploy(ROW_LOCK);
    each.intercept('report', (proceed) => {
      each.orgId = '00D000000000009EAA';
      return proceed();
    });
  });
  assert.deepEqual([error.code, org.detailsOf('deploy').length], ['org-mismatch', 1]);
  assert.deepEqual(steps.slice(-2), [`rejected ${ID}`, 'retrying after row lock, attempt 2 of at most 7']);
});

test('reads the org ID immediately before each submission', async () => {
  const { org } = await deploy((each) => each.rejectDeploy(ROW_LOCK));
  const relevant = org.calls.filter(({ method, detail }) => method === 'deploy' || !/DeployRequest/.test(detail));
  const beforeSubmission = relevant.filter((_call, index) => relevant[index + 1]?.method === 'deploy');
  const details = beforeSubmission.map((call) => call.detail);
  assert.deepEqual(details, ['SELECT Id FROM Organization', 'SELECT Id FROM Organization']);
});

const SECOND_ID = '0Af000000000000002';

test('reads the org again after a deploy job that another user submitted since it was read', async () => {
  const { org, steps, known, error, reads } = await deploy((each) => addJob(each, ['Queue:Other']));
  assert.deepEqual([error, reads], [undefined, 1]);
  assert.deepEqual(steps, [
    `waiting to read the org again after deploy job ${ID} by Admin (Succeeded)`,
    'deploying Queue:Chat, -Queue:Old',
    `submitted ${SECOND_ID}`,
    `deployed ${SECOND_ID}`,
  ]);
  assert.deepEqual(known, [[ID]]);
  assert.equal(org.jobs.length, 2);
});

test('submits nothing if the org is not to be changed any more after a deploy job of another user', async () => {
  const stale = new Error('plan-stale');
  const { org, error } = await deploy((each) => addJob(each, ['Queue:Other']), {
    replanned: () => {
      throw stale;
    },
  });
  assert.equal(error, stale);
  assert.deepEqual(org.detailsOf('deploy'), []);
});

test('submits nothing if the other deploy job did the same', async () => {
  const { org, error, steps } = await deploy((each) => addJob(each, ['Queue:Chat']), {
    replanned: () => ({ ...PLAN, toDeploy: mapOf([]), toDelete: [] }),
  });
  assert.deepEqual([error, steps.length], [undefined, 1]);
  assert.deepEqual(org.detailsOf('deploy'), []);
});

test('ignores a validation that another user submitted since the org was read', async () => {
  const { steps, reads } = await deploy((org) => org.startOtherJob(true));
  assert.deepEqual([steps.length, reads], [3, 0]);
});

test('throws org-busy if another job is submitted during each read for longer than the lock timeout', async () => {
  const { org, error, reads } = await deploy(
    (each) => {
      addJob(each, ['Queue:Other']);
      for (let query = 0; query < 100; query++) {
        const listJobs: Interceptor = async (proceed) => {
          await new Promise((resolve) => setTimeout(resolve, 1_000));
          if (query % 2 === 0) addJob(each, ['Queue:Other']);
          return proceed();
        };
        each.intercept('query', listJobs, /FROM DeployRequest/);
      }
    },
    { timeouts: { lock: 5_000, submit: 0 } },
  );
  assert.deepEqual([error.code, reads], ['org-busy', 3]);
  assert.deepEqual(org.detailsOf('deploy'), []);
});

test('throws retrieve-failed if the org listed its deploy jobs before the read, but does not any more', async () => {
  const { org, error } = await deploy((each) => (each.listsJobs = false));
  assert.equal(error.code, 'retrieve-failed');
  assert.deepEqual(org.detailsOf('deploy'), []);
});

test('throws deploy-failed with the path, line and problem of each component', async () => {
  const { org, steps, error } = await deploy((each) => each.rejectDeploy('Label is required', 'Queue', 'Chat'));
  assert.deepEqual(
    [error.code, error.what, error.why, error.fix],
    [
      'deploy-failed',
      `Salesforce rejected deploy job ${ID} in "dev". The job changed nothing.`,
      'queues/Chat.queue: Label is required',
      'Resolve the errors above. Resume the run.',
    ],
  );
  assert.deepEqual(steps.slice(-1), [`rejected ${ID}`]);
  assert.equal(org.detailsOf('deploy').length, 1);
});

const reportOf = (rest: object): object =>
  parseResponse(reportResponse, { id: ID, status: 'Failed', done: true, success: false, ...rest }, 'x');

test('throws deploy-failed for a component that is not in the payload, with its line', async () => {
  const componentFailures = { componentType: 'Flow', fullName: 'Route', problem: 'Invalid', lineNumber: 7 };
  const { error } = await deploy((org) =>
    org.intercept('report', () => Promise.resolve(reportOf({ details: { componentFailures } }))),
  );
  assert.equal(error.why, 'Route:7: Invalid');
});

test('throws deploy-failed with the message or the status of a job without component failures', async () => {
  for (const [rest, why] of [
    [{ errorMessage: 'Something new' }, 'Something new'],
    [{ status: 'Failed' }, 'Its status is Failed.'],
  ] as const) {
    const { error } = await deploy((org) => org.intercept('report', () => Promise.resolve(reportOf(rest))));
    assert.deepEqual(
      [error.code, error.why, error.fix],
      ['deploy-failed', why, 'Resolve the errors above. Resume the run.'],
    );
  }
});

/** What Salesforce reports about a deploy job, and the advice of the known error that it contains. */
const KNOWN_FAILURES: readonly (readonly [name: string, report: object, why: RegExp, fix: RegExp])[] = [
  [
    'a keyset that is nowhere',
    failureOf('Required fields are missing: [AuthorizationConfigId]'),
    /\[AuthorizationConfigId\] A channel uses a keyset that is neither in the deployed package nor in the org\./,
    /^Add the keyset and its keys to the source.*npm run check\. Resume the run\.$/,
  ],
  [
    'a keyset of both types',
    failureOf("You can't configure JWKS_URL when the key type selected is JWKS_KEY."),
    /A keyset of type JWKS also has an endpoint\./,
    /^Remove jwksEndPoint/,
  ],
  [
    'a queue that exists by hand',
    failureOf('DUPLICATE_DEVELOPER_NAME'),
    /another record with this developer name/,
    /^Rename one of the two/,
  ],
  [
    'an internal error of Salesforce, as a message',
    { errorMessage: 'UNKNOWN_EXCEPTION' },
    /An internal error of Salesforce\./,
    /^Wait a few minutes\. .*Salesforce Support\. Resume the run\.$/,
  ],
  [
    'an internal error of Salesforce, as a code',
    { errorStatusCode: 'UNKNOWN_EXCEPTION', errorMessage: 'Please contact us' },
    /^Please contact us An internal error of Salesforce\./,
    /Salesforce Support/,
  ],
  [
    'two known errors',
    failureOf(
      'Required fields are missing: [AuthorizationConfigId]',
      "You can't enable Session-Based Chat for verified users",
    ),
    /keyset that is neither.*Session-Based Chat or user verification, not both/,
    /Add the keyset.*Remove isSynchronousChatEnabled from the channel\. Resume the run\.$/,
  ],
];

function failureOf(...problems: readonly string[]): object {
  return { details: { componentFailures: problems.map((problem) => ({ fullName: 'Web_Chat', problem })) } };
}

for (const [name, report, why, fix] of KNOWN_FAILURES)
  test(`gives the advice of the known errors for ${name}`, async () => {
    const { error } = await deploy((org) => org.intercept('report', () => Promise.resolve(reportOf(report))));
    assert.equal(error.code, 'deploy-failed');
    assert.match(error.why, why);
    assert.match(error.fix, fix);
  });

test('names the user who canceled a deploy job, and advises no repair', async () => {
  for (const [rest, who] of [
    [{ canceledByName: 'Ada Admin' }, 'Ada Admin canceled it'],
    [{ canceledBy: '005000000000001' }, 'A user canceled it'],
    [{ canceledByName: 7 }, 'A user canceled it'],
  ] as const) {
    const report = reportOf({ status: 'Canceled', ...rest });
    const { error } = await deploy((org) => org.intercept('report', () => Promise.resolve(report)));
    assert.deepEqual(
      [error.code, error.what, error.why, error.fix],
      [
        'deploy-failed',
        `Deploy job ${ID} in "dev" was canceled. It changed nothing.`,
        `${who} (Setup: Deployment Status, or the CLI).`,
        'Ask why it was canceled. Resume the run.',
      ],
    );
  }
});

test('counts a job that succeeded partially as failed', async () => {
  const { error } = await deploy((org) =>
    org.intercept('report', () => Promise.resolve(reportOf({ status: 'SucceededPartial', success: true }))),
  );
  assert.equal(error.code, 'deploy-failed');
});

test('reads the org again before it repeats a job that failed on a row lock, with growing pauses', async () => {
  mock.method(Math, 'random', () => 0.5);
  const succeeding = await deploy((org) => [1, 2, 3].forEach(() => org.rejectDeploy(ROW_LOCK)));
  assert.deepEqual([succeeding.error, succeeding.elapsed, succeeding.reads], [undefined, 14_000, 3]);
  assert.equal(succeeding.org.detailsOf('deploy').length, 4);
  assert.deepEqual(succeeding.known, [[], [ID], [ID, 2].map(idAt).reverse(), [ID, 2, 3].map(idAt).reverse()]);
  assert.deepEqual(
    succeeding.steps.filter((step) => step.startsWith('retrying')),
    [2, 3, 4].map((attempt) => `retrying after row lock, attempt ${attempt} of at most 7`),
  );
  const failing = await deploy((org) => [1, 2, 3, 4, 5, 6, 7].forEach(() => org.rejectDeploy(ROW_LOCK)));
  assert.deepEqual([failing.error.code, failing.elapsed], ['deploy-failed', 90_000]);
  assert.equal(failing.org.detailsOf('deploy').length, 7);
  assert.match(
    failing.error.fix,
    /^Wait until other deploys, imports, and jobs in the org no longer lock the record\. Resume the run\.$/,
  );
  assert.equal(failing.steps.at(-1), 'gave up after 7 attempts in 90 s');
  const jobs = [ID, ...[2, 3, 4, 5, 6, 7].map(idAt)].join(', ');
  assert.ok(failing.error.why.endsWith(` The command gave up after 7 attempts in 90 s (deploy jobs ${jobs}).`));
});

test('repeats nothing that the org is not to be changed to any more', async () => {
  const stale = new Error('plan-stale');
  const { org, error } = await deploy((each) => each.rejectDeploy(ROW_LOCK), {
    replanned: () => {
      throw stale;
    },
  });
  assert.equal(error, stale);
  assert.equal(org.detailsOf('deploy').length, 1);
});

test('deploys what the org is to be changed to after it was read again', async () => {
  const { org } = await deploy((each) => each.rejectDeploy(ROW_LOCK), {
    replanned: () => ({ ...PLAN, toDeploy: mapOf([queue('Chat', 'Edited')]) }),
  });
  assert.match(org.files.get('queues/Chat.queue') ?? '', /<name>Edited</);
});

test('reads the org again before it repeats a submission that Salesforce certainly did not receive', async () => {
  for (const failure of ['unreachable', 'busy'] as const) {
    const { org, error, steps, reads } = await deploy((each) => each.fail('deploy', failure));
    assert.deepEqual([error, reads, org.jobs.length], [undefined, 1, 1], failure);
    assert.deepEqual(
      steps.map((step) => step.replace(/ .*/, '')),
      ['deploying', 'not', 'retrying', 'deploying', 'submitted', 'deployed'],
    );
  }
});

const idAt = (each: string | number): string =>
  typeof each === 'string' ? each : `0Af${String(each).padStart(15, '0')}`;

test('does not repeat a job that failed on a row lock and another problem', async () => {
  const { org, error } = await deploy((each) =>
    each.intercept('report', () => {
      const componentFailures = [ROW_LOCK, 'Label is required'].map((problem) => ({ fullName: 'Chat', problem }));
      return Promise.resolve(reportOf({ details: { componentFailures } }));
    }),
  );
  assert.equal(error.code, 'deploy-failed');
  assert.equal(org.detailsOf('deploy').length, 1);
});

for (const failure of ['rejected', 'loginRefused', 'unreachable'] as const)
  test(`reports a submission as not submitted if it always fails with "${failure}"`, async () => {
    const { steps, error } = await deploy((org) => {
      for (let call = 0; call < 10; call++) org.fail('deploy', failure);
    });
    const code = { rejected: 'deploy-failed', loginRefused: 'login-refused', unreachable: 'org-unreachable' }[failure];
    const attempts = steps.filter((step) => !step.startsWith('gave up'));
    assert.deepEqual([error.code, ...attempts.slice(-2)], [code, 'deploying Queue:Chat, -Queue:Old', 'not submitted']);
  });

test('finds the job of a submission whose response was lost, and does not submit again', async () => {
  const { org, steps, error } = await deploy((each) => each.loseAnswer('deploy', 'connectionLost'));
  assert.equal(error, undefined);
  assert.deepEqual(steps.slice(1), [
    'looking up The connection was rejected or lost.',
    `submitted ${ID}`,
    `deployed ${ID}`,
  ]);
  assert.equal(org.detailsOf('deploy').length, 1);
});

test('throws deploy-unknown after the timeout if the job of a lost submission is not listed', async () => {
  const { org, error, elapsed } = await deploy((each) => each.fail('deploy', 'connectionLost'), {
    timeouts: { lock: 0, submit: 30_000 },
  });
  assert.deepEqual([error.code, elapsed], ['deploy-unknown', 30_000]);
  assert.equal(error.what, 'The status of the deploy to "dev" is unknown.');
  assert.match(error.fix, /^Resume the run\. /);
  assert.equal(org.detailsOf('deploy').length, 1);
});

test('throws deploy-unknown at once if the org does not list its jobs', async () => {
  const { error, elapsed, steps } = await deploy((org) => org.loseAnswer('deploy', 'connectionLost'), {
    listsJobs: false,
  });
  assert.deepEqual([error.code, elapsed], ['deploy-unknown', 0]);
  assert.deepEqual(steps, ['deploying Queue:Chat, -Queue:Old']);
});

/** Lets another user submit a job after the last check, `seconds` before ours. */
const submitBetween = (org: FakeOrg, seconds: number): void =>
  org.intercept('deploy', (proceed) => {
    addJob(org, ['Queue:Other'], { createdAt: Date.now() - seconds * 1_000 });
    return proceed();
  });

/** Lets the org cancel our job, which did not start. */
function cancelJob(org: FakeOrg): void {
  const files = new Map(org.files);
  org.intercept('cancel', () => {
    files.forEach((text, path) => org.files.set(path, text));
    return Promise.resolve();
  });
  org.intercept('report', () => Promise.resolve(reportOf({ id: SECOND_ID, status: 'Canceled' })));
}

for (const seconds of [0, 5])
  test(`cancels its job and reads the org again if another job was submitted ${seconds} seconds earlier`, async () => {
    const { org, error, steps, known, reads } = await deploy((each) => {
      submitBetween(each, seconds);
      cancelJob(each);
    });
    assert.deepEqual([error, reads, org.detailsOf('cancel')], [undefined, 1, [SECOND_ID]]);
    assert.deepEqual(steps.slice(1), [
      `submitted ${SECOND_ID}`,
      `rejected ${SECOND_ID}`,
      'retrying after deploy job running, attempt 2 of at most 21',
      'deploying Queue:Chat, -Queue:Old',
      `submitted ${idAt(3)}`,
      `deployed ${idAt(3)}`,
    ]);
    assert.deepEqual(known, [[], [SECOND_ID, ID]]);
  });

test('throws concurrent-deploy if an earlier job of another user ran after the read and ours could not be canceled', async () => {
  const { org, error, steps } = await deploy((each) => submitBetween(each, 5));
  assert.equal(error.code, 'concurrent-deploy');
  assert.match(error.what, new RegExp(`${SECOND_ID}.* may have overwritten changes of deploy job ${ID} by Admin`));
  assert.deepEqual([steps.at(-1), org.detailsOf('deploy').length], [`deployed ${SECOND_ID}`, 1]);
});

test('continues if the job of another user was submitted later, failed, or only validates', async () => {
  for (const job of [{ createdAt: Date.UTC(2027, 0) }, { success: false }, { checkOnly: true }]) {
    const { org, error } = await deploy((each) =>
      each.intercept('deploy', (proceed) => {
        addJob(each, ['Queue:Other'], job);
        return proceed();
      }),
    );
    assert.deepEqual([error, org.detailsOf('cancel')], [undefined, []], JSON.stringify(job));
  }
});
