import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ToolError } from '../../lib/errors';
import { HostPool, Sf } from '../../lib/sf';
import { FAULTS, faultOf, type NamedFault } from '../../lib/sf/faults';
import { startLocalOrg, type LocalOrg } from '../../local-org/index';
import { workplace } from './workplace';

const place = workplace();

interface Case {
  /** Laid out at the org; `STEP` stands for the step of the call. */
  readonly fault: string;
  /** How a look ends, and how a submission. */
  readonly look: 'comes through' | ToolError['code'];
  readonly submission: 'comes through' | ToolError['code'];
  /** How many deployments the org has taken when the submission has ended. */
  readonly taken: number;
}

const THROUGH = 'comes through';
const LOST = { look: THROUGH, submission: 'org-unreachable' } as const;
const UNDONE = { look: THROUGH, submission: THROUGH, taken: 1 } as const;

/** One fault of the org's desk for each entry of the table; the rest of the entries cannot be made there. */
const CASES: Readonly<Record<string, Case>> = {
  'session expired': { fault: 'STEP:session@1-2', ...UNDONE },
  'row lock': { fault: 'STEP:row-lock', ...UNDONE },
  'deployment in process': { fault: 'STEP:busy', ...UNDONE },
  unavailable: { fault: 'STEP:503', ...LOST, taken: 0 },
  'connection lost': { fault: 'STEP:reset', ...LOST, taken: 1 },
  'no answer': { fault: 'STEP:lost', ...LOST, taken: 1 },
};

const TEXT_ALONE: Readonly<Record<string, string>> = {
  'login refused': 'JwtAuthError: Error authenticating with JWT config due to: invalid assertion < fetch failed',
  'request limit': 'REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded.',
  'connection refused': 'TypeError: fetch failed < Error: connect ECONNREFUSED 127.0.0.1:8701 (ECONNREFUSED)',
  'CLI ended': 'HostEnded: ',
};

const QUERY = 'SELECT Id FROM Organization';
const MANIFEST =
  '<?xml version="1.0"?><Package xmlns="http://soap.sforce.com/2006/04/metadata"><version>67.0</version></Package>';
const NOTHING = new Map([['package.xml', MANIFEST]]);

const said = (ending: string): string => (ending === THROUGH ? ending : `ends with ${ending}`);

describe('the table of faults', () => {
  let org: LocalOrg;
  let sf: Sf;
  before(async () => {
    org = await startLocalOrg({ alias: 'faulty', kind: 'sandbox', port: 0, loginKey: place.loginKey });
    place.atEnd(() => org.close());
    await place.logIn(org);
    const hosts = new HostPool({ home: place.home, size: 1, patience: 6_000 });
    place.atEnd(() => hosts.stop());
    sf = new Sf(hosts, '67.0');
    await sf.query('faulty', QUERY);
  });

  test('every entry is tried', () => {
    const tried = [...Object.keys(CASES), ...Object.keys(TEXT_ALONE)];
    assert.deepEqual(FAULTS.map(({ name }) => name).sort(), tried.sort());
  });

  for (const [name, { fault, look, submission, taken }] of Object.entries(CASES)) {
    test(`${name}: a look ${said(look)}`, async () => {
      org.disturb(fault.replaceAll('STEP', 'query'));
      assert.equal(await ending(() => sf.query('faulty', QUERY)), look);
      assert.ok(org.log.some(({ kind }) => kind === 'fault'));
    });

    test(`${name}: a submission ${said(submission)}; the org took ${taken}`, async () => {
      org.disturb(fault.replaceAll('STEP', 'deploy.submit'));
      const start = org.log.length;
      assert.equal(await ending(() => sf.deploy('faulty', NOTHING)), submission);
      const log = org.log.slice(start);
      assert.equal(log.filter(({ kind }) => kind === 'deploy').length, taken);
      assert.equal(log[0]?.kind, 'fault');
    });
  }

  test('connection refused: a submission that was never sent is sent again when somebody listens', async () => {
    org.disturb('login:refused=2s');
    await fetch(`${org.url}/services/oauth2/token`, { method: 'POST' }).catch(() => undefined);
    await assert.rejects(fetch(org.url));
    org.disturb('');
    const start = org.log.length;
    await sf.deploy('faulty', NOTHING);
    assert.deepEqual(
      org.log.slice(start).map(({ kind }) => kind),
      ['deploy'],
    );
  });

  for (const [name, text] of Object.entries(TEXT_ALONE))
    test(`${name}: is told from the others by its text`, () => assert.equal(named(text)?.name, name));

  test('what Salesforce refuses for good has no name, and is asked once', async () => {
    const start = org.log.length;
    assert.equal(await ending(() => sf.query('faulty', 'SELECT Nothing FROM Organization')), 'retrieve-failed');
    assert.deepEqual(org.log.slice(start), []);
    assert.equal(named('INVALID_FIELD: No such column'), undefined);
  });
});

async function ending(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return THROUGH;
  } catch (thrown) {
    return thrown instanceof ToolError ? thrown.code : String(thrown);
  }
}

const named = (text: string): NamedFault | undefined => {
  const [, name = '', message = ''] = /^(\S+): (.*)$/.exec(text) ?? [];
  return faultOf({ name, message, cause: '' });
};
