import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { asToolError, ToolError } from '../../lib/errors';
import { CliWorkerPool, retryPause, Sf } from '../../lib/sf';
import { RETRY_POLICIES, retryPolicyFor, type RetryPolicy } from '../../lib/sf/retry-policies';
import { startLocalOrg, type LocalOrg } from '../../local-org/index';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();

interface FaultCase {
  /** Fault injection of the org. `STEP` stands for the step of the call. */
  readonly fault: string;
  /** Result of a query and of a submission. */
  readonly read: 'succeeds' | ToolError['code'];
  readonly submission: 'succeeds' | ToolError['code'];
  /** Number of deploy jobs in the org after the submission. */
  readonly taken: number;
}

const SUCCEEDS = 'succeeds';
const CONNECTION_LOST = { read: SUCCEEDS, submission: 'org-unreachable' } as const;
const NO_EFFECT = { read: SUCCEEDS, submission: SUCCEEDS, taken: 1 } as const;

/** One injected fault for each retry policy that the local org can trigger. TEXT_ALONE contains the others. */
const CASES: Readonly<Record<string, FaultCase>> = {
  'wrong org after a write': { fault: 'STEP:redirect', read: 'org-mismatch', submission: 'org-mismatch', taken: 0 },
  'session expired': { fault: 'STEP:session-expired@1-2', ...NO_EFFECT },
  'row lock': { fault: 'STEP:row-lock', ...NO_EFFECT },
  'deploy job running': { fault: 'STEP:busy', ...NO_EFFECT },
  unavailable: { fault: 'STEP:503', ...CONNECTION_LOST, taken: 0 },
  'connection lost': { fault: 'STEP:reset', ...CONNECTION_LOST, taken: 1 },
  'no response': { fault: 'STEP:no-response', ...CONNECTION_LOST, taken: 1 },
};

const TEXT_ALONE: Readonly<Record<string, string>> = {
  'wrong org': 'WrongOrg: The session belongs to org 00D000000000002. The run started with org 00D000000000001.',
  'login rejected': 'JwtAuthError: Error authenticating with JWT config due to: invalid assertion < fetch failed',
  'request limit': 'REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded.',
  'connection refused': 'TypeError: fetch failed < Error: connect ECONNREFUSED 127.0.0.1:8701 (ECONNREFUSED)',
  'CLI exited': 'WorkerExited: ',
};

const QUERY = 'SELECT Id FROM Organization';
const MANIFEST =
  '<?xml version="1.0"?><Package xmlns="http://soap.sforce.com/2006/04/metadata"><version>67.0</version></Package>';
const EMPTY_PACKAGE = new Map([['package.xml', MANIFEST]]);

const outcomeText = (ending: string): string => (ending === SUCCEEDS ? ending : `fails with ${ending}`);

describe('retry policies', () => {
  let org: LocalOrg;
  let sf: Sf;
  before(async () => {
    org = await startLocalOrg({ alias: 'faulty', kind: 'sandbox', port: 0, loginKey: workspace.loginKey });
    workspace.onCleanup(() => org.close());
    await workspace.logIn(org);
    const workers = new CliWorkerPool({ home: workspace.home, size: 1, timeout: 6_000 });
    workspace.onCleanup(() => workers.stop());
    sf = new Sf(workers, '67.0');
    await sf.query('faulty', QUERY);
  });

  /** Submits a package as a deploy does, which reads the org again before it repeats a submission. */
  async function submit(): Promise<void> {
    const startedAt = Date.now();
    for (let retries = 0; ; retries++) {
      const failure = await sf.deploy('faulty', EMPTY_PACKAGE).then(() => undefined, asToolError);
      if (!failure) return;
      const wait = retryPause(failure, 'once', { retries, startedAt });
      if (wait === undefined) throw failure;
      await pause(wait);
    }
  }

  test('are all covered by a case', () => {
    const tried = [...Object.keys(CASES), ...Object.keys(TEXT_ALONE)];
    assert.deepEqual(RETRY_POLICIES.map(({ name }) => name).sort(), tried.sort());
  });

  for (const [name, { fault, read, submission, taken }] of Object.entries(CASES)) {
    test(`${name}: a query ${outcomeText(read)}`, async () => {
      org.setFaults(fault.replaceAll('STEP', 'query'));
      assert.equal(await outcomeOf(() => sf.query('faulty', QUERY)), read);
      assert.ok(org.log.some(({ kind }) => kind === 'fault'));
    });

    test(`${name}: a submission ${outcomeText(submission)} with ${taken} deploy jobs in the org`, async () => {
      org.setFaults(fault.replaceAll('STEP', 'deploy.submit'));
      const start = org.log.length;
      assert.equal(await outcomeOf(submit), submission);
      const log = org.log.slice(start);
      assert.equal(log.filter(({ kind }) => kind === 'deploy').length, taken);
      assert.equal(log[0]?.kind, 'fault');
    });
  }

  test('connection refused: repeats a submission that was never sent when the org is available again', async () => {
    org.setFaults('login:refused=2s');
    await fetch(`${org.url}/services/oauth2/token`, { method: 'POST' }).catch(() => undefined);
    await assert.rejects(fetch(org.url));
    org.setFaults('');
    const start = org.log.length;
    await submit();
    assert.deepEqual(
      org.log.slice(start).map(({ kind }) => kind),
      ['deploy'],
    );
  });

  for (const [name, text] of Object.entries(TEXT_ALONE))
    test(`${name}: is recognized by its error text`, () => assert.equal(policyFor(text)?.name, name));

  test('has no policy for a permanent error and sends the request once', async () => {
    const start = org.log.length;
    assert.equal(await outcomeOf(() => sf.query('faulty', 'SELECT Nothing FROM Organization')), 'retrieve-failed');
    // The local org logs a query that it rejects as unsupported.
    assert.deepEqual(
      org.log.slice(start).map(({ kind }) => kind),
      ['unsupported'],
    );
    assert.equal(policyFor('INVALID_FIELD: No such column'), undefined);
  });
});

async function outcomeOf(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return SUCCEEDS;
  } catch (thrown) {
    return thrown instanceof ToolError ? thrown.code : String(thrown);
  }
}

const policyFor = (text: string): RetryPolicy | undefined => {
  const [, name = '', message = ''] = /^(\S+): (.*)$/.exec(text) ?? [];
  return retryPolicyFor({ name, message, cause: '' });
};
