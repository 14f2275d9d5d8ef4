import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { OrgBackend } from '../../../lib/keys/org-backend';
import { readKeyProject } from '../../../lib/keys/keyset';
import type { RotateFlags } from '../../../lib/keys/flags';
import type { Context } from '../../../lib/cli';
import { readRun } from '../../../lib/rollout';
import { deleteKey, retire, stage, type Rotation, type StepResult } from '../../../lib/rotation';
import { temporaryFolder } from '../../commands-keys/test-project';
import { keyFixture, type KeyFixture } from './key-fixture';

const parent = temporaryFolder();
const WAVES = { one: 1, two: 2, three: 3 };
const KEYSET = 'PublicKeyCertificateSet/Identity.PublicKeyCertificateSet';
const OLD = 'PublicKeyCertificate/Old.PublicKeyCertificate';
const NEW = 'PublicKeyCertificate/New.PublicKeyCertificate';

interface Session extends KeyFixture {
  readonly shown: string[];
  readonly questions: string[];
}

const newSession = async (waves: Readonly<Record<string, number>> = WAVES): Promise<Session> => ({
  ...(await keyFixture(parent, waves)),
  shown: [],
  questions: [],
});

/** The backend of a step. `answer` is that of a person; without it, nobody is asked. */
function backendFor(
  session: Session,
  rotation: Rotation,
  accept: readonly string[] = [],
  answer?: boolean,
): OrgBackend {
  const { folder, sf, shown, questions } = session;
  const flags = { verb: 'rotate', name: 'Identity', confirm: false, compromised: false, accept, allowLoopback: false };
  const context = {
    flags: { ...flags, step: 'stage', org: [], json: false, project: folder },
    now: new Date(),
    layout: { columns: 200, color: false },
    interactive: answer !== undefined,
    print: (text: string) => void shown.push(text),
    log: () => undefined,
    printJson: () => undefined,
    untilStopped: () => new Promise<void>(() => undefined),
    confirm: (question: string) => {
      questions.push(question);
      return Promise.resolve(answer ?? false);
    },
  } as unknown as Context<RotateFlags>;
  return new OrgBackend(context, sf, rotation, readKeyProject(folder));
}

const takeStage = (session: Session, rotation = session.rotation): Promise<StepResult> =>
  stage(rotation, backendFor(session, rotation));

/** A rotation whose old key may be retired now. */
const switched = (rotation: Rotation): Rotation => ({ ...rotation, switchedAt: '2026-10-02T00:00:00.000Z' });

/** Every org has the new key, and the signer has switched long ago. */
async function stagedSession(): Promise<{ session: Session; rotation: Rotation }> {
  const session = await newSession();
  const { rotation } = await takeStage(session);
  const earlier = Object.fromEntries(
    Object.keys(rotation.targets).map((name) => [name, { stagedAt: '2026-10-01T01:00:00.000Z' }]),
  );
  return { session, rotation: switched({ ...rotation, targets: earlier }) };
}

const resultsOf = ({ targets }: StepResult): readonly (readonly [string, string])[] =>
  targets.map(({ target, result }) => [target.name, result] as const);
const file = ({ sf }: Session, alias: string, path: string): string => sf.org(alias).files.get(path) ?? '';
const runsOf = ({ folder }: Session): string => join(folder, '.runs');
const deployCount = ({ sf }: Session): number => [...sf.orgs.values()].reduce((sum, { jobs }) => sum + jobs.length, 0);

test('stages the new key in every org, first wave first, and records each one', async () => {
  const session = await newSession();
  const result = await takeStage(session);
  assert.deepEqual(resultsOf(result), [
    ['one', 'done'],
    ['two', 'done'],
    ['three', 'done'],
  ]);
  assert.deepEqual(Object.keys(result.rotation.targets), ['one', 'two', 'three']);
  for (const alias of Object.keys(WAVES)) {
    assert.match(file(session, alias, KEYSET), />Old<[^]*>New</);
    assert.match(file(session, alias, NEW), /<isActive>true</);
    assert.deepEqual(session.sf.org(alias).published, []);
  }
  const source = readFileSync(join(session.folder, `force-app/main/default/${KEYSET}-meta.xml`), 'utf8');
  assert.match(source, />New</);
  const saved = JSON.parse(readFileSync(join(session.folder, 'config/rotations/Identity.json'), 'utf8')) as Rotation;
  assert.deepEqual(saved, result.rotation);
});

test('writes a journal and a snapshot for each org, as a deploy does', async () => {
  const session = await newSession();
  await takeStage(session);
  const run = readRun(runsOf(session), 'keys rotate stage');
  assert.deepEqual(
    run.orgs.map(({ alias, status }) => [alias, status]),
    [
      ['one', 'changed'],
      ['two', 'changed'],
      ['three', 'changed'],
    ],
  );
  assert.deepEqual(readdirSync(join(run.folder, 'snapshots')).sort(), ['one.json', 'three.json', 'two.json']);
});

test('deploys nothing to an org that has reached the state already', async () => {
  const session = await newSession();
  const { rotation } = await takeStage(session);
  const result = await takeStage(session, rotation);
  assert.deepEqual(
    resultsOf(result).map(([, each]) => each),
    ['done', 'done', 'done'],
  );
  assert.equal(deployCount(session), 3);
});

test('fails an org that needed no change but lost the new key after it was planned, and skips the later waves', async () => {
  const session = await newSession();
  const { rotation } = await takeStage(session);
  const org = session.sf.org('one');
  org.intercept('retrieve', (proceed) => proceed());
  org.intercept('retrieve', (proceed) => {
    org.files.set(NEW, file(session, 'one', NEW).replace('>true<', '>false<'));
    return proceed();
  });
  const result = await takeStage(session, { ...rotation, targets: {} });
  assert.deepEqual(resultsOf(result), [
    ['one', 'failed'],
    ['two', 'skipped'],
    ['three', 'skipped'],
  ]);
  assert.equal(result.targets[0]?.error?.code, 'readback-mismatch');
  assert.deepEqual(result.rotation.targets, {});
});

test("doesn't record an org that failed, and skips the later waves", async () => {
  const session = await newSession();
  session.sf.org('two').rejectDeploy('The key is invalid.');
  const result = await takeStage(session);
  assert.deepEqual(resultsOf(result), [
    ['one', 'done'],
    ['two', 'failed'],
    ['three', 'skipped'],
  ]);
  assert.deepEqual(Object.keys(result.rotation.targets), ['one']);
  assert.equal(result.targets[1]?.error?.code, 'deploy-failed');
});

test('is unknown where nobody can tell whether a job was submitted, and names the step that resumes', async () => {
  const session = await newSession({ one: 1 });
  session.sf.org('one').intercept('deploy', () => Promise.reject(session.sf.org('one').cliError('deploy', 'noAnswer')));
  session.sf.org('one').listsJobs = false;
  const result = await takeStage(session);
  assert.deepEqual(resultsOf(result), [['one', 'unknown']]);
  assert.match(result.targets[0]?.error?.fix ?? '', /npm run keys -- rotate stage Identity/);
  assert.equal(readRun(runsOf(session), 'keys rotate stage').orgs[0]?.status, 'unknown');
});

test('recovers the deploy job of an interrupted step before it reads the org, and sends nothing twice', async () => {
  const session = await newSession({ one: 1 });
  const org = session.sf.org('one');
  org.intercept('deploy', async (proceed) => {
    const id = await proceed();
    org.fail('report', 'loginRefused');
    return id;
  });
  assert.deepEqual(resultsOf(await takeStage(session)), [['one', 'unknown']]);
  const [job] = org.jobs;
  const reports = org.detailsOf('report').length;
  assert.deepEqual(resultsOf(await takeStage(session)), [['one', 'done']]);
  assert.deepEqual(org.detailsOf('report').slice(reports), [job?.report.id]);
  assert.equal(org.jobs.length, 1);
});

test('refuses an org whose login leads elsewhere', async () => {
  const session = await newSession({ one: 1 });
  Object.assign(session.sf.org('one'), { orgId: '00D000000000009EAA' });
  const result = await takeStage(session);
  assert.deepEqual([resultsOf(result), result.targets[0]?.error?.code], [[['one', 'unreachable']], 'org-mismatch']);
  assert.equal(deployCount(session), 0);
  await assert.rejects(backendFor(session, session.rotation).inspect({ name: 'one', wave: 1 }), {
    code: 'org-mismatch',
  });
});

test('retires the old key, last wave first, without asking', async () => {
  const { session, rotation } = await stagedSession();
  const result = await retire(rotation, backendFor(session, rotation));
  assert.deepEqual(resultsOf(result), [
    ['three', 'done'],
    ['two', 'done'],
    ['one', 'done'],
  ]);
  assert.deepEqual(session.questions, []);
  assert.match(file(session, 'one', OLD), /<isActive>false</);
  assert.ok(Object.values(result.rotation.targets).every(({ retiredAt }) => retiredAt !== undefined));
});

test('refuses to retire while an org does not trust the new key or cannot be read', async () => {
  const { session, rotation } = await stagedSession();
  const before = deployCount(session);
  session.sf.org('two').files.set(NEW, file(session, 'two', NEW).replace('>true<', '>false<'));
  assert.match(
    (await retire(rotation, backendFor(session, rotation))).refusal?.why ?? '',
    /two no longer trusts the new key/,
  );
  session.sf.org('two').files.set(NEW, file(session, 'two', NEW).replace('>false<', '>true<'));
  session.sf.org('three').fail('query', 'unreachable');
  assert.match((await retire(rotation, backendFor(session, rotation))).refusal?.why ?? '', /three couldn't be read/);
  assert.equal(deployCount(session), before);
  assert.match(readFileSync(join(session.folder, `force-app/main/default/${OLD}-meta.xml`), 'utf8'), /<isActive>true</);
});

test('sends nothing to an org that lost the new key between plan and submission', async () => {
  const { session, rotation } = await stagedSession();
  const org = session.sf.org('three');
  const reads = org.detailsOf('retrieve').length;
  org.intercept('retrieve', (proceed) => proceed());
  org.intercept('retrieve', (proceed) => {
    org.files.set(NEW, file(session, 'three', NEW).replace('>true<', '>false<'));
    return proceed();
  });
  const result = await retire(rotation, backendFor(session, rotation));
  assert.deepEqual(resultsOf(result), [
    ['three', 'failed'],
    ['two', 'skipped'],
    ['one', 'skipped'],
  ]);
  assert.equal(result.targets[0]?.error?.code, 'invalid-rotation');
  assert.equal(org.detailsOf('retrieve').length, reads + 2);
  assert.match(file(session, 'three', OLD), /<isActive>true</);
});

test('asks before a compromised key is retired, and changes nothing without consent', async () => {
  const { session, rotation } = await stagedSession();
  const compromised = { ...rotation, compromised: true };
  const before = deployCount(session);
  await assert.rejects(retire(compromised, backendFor(session, compromised)), { code: 'not-accepted' });
  await assert.rejects(retire(compromised, backendFor(session, compromised, [], false)), { code: 'not-accepted' });
  assert.match(session.questions[0] ?? '', /^3 orgs: 3 changes, 3 disruptive\. Retire the old key\?$/);
  assert.match(session.shown.join('\n'), /one: customers whose token is signed with Old .* are locked out of Web/);
  assert.equal(deployCount(session), before);
  const result = await retire(compromised, backendFor(session, compromised, ['disruptive']));
  assert.deepEqual(
    resultsOf(result).map(([, each]) => each),
    ['done', 'done', 'done'],
  );
});

test('deletes the retired key, and takes it out of the keyset in the same job', async () => {
  const { session, rotation } = await stagedSession();
  const retired = await retire(rotation, backendFor(session, rotation));
  const result = await deleteKey(retired.rotation, backendFor(session, retired.rotation));
  assert.deepEqual(resultsOf(result), [
    ['three', 'done'],
    ['two', 'done'],
    ['one', 'done'],
  ]);
  for (const alias of Object.keys(WAVES)) {
    assert.equal(session.sf.org(alias).files.has(OLD), false);
    assert.doesNotMatch(file(session, alias, KEYSET), />Old</);
    assert.match(file(session, alias, KEYSET), />New</);
  }
  assert.ok(!existsSync(join(session.folder, `force-app/main/default/${OLD}-meta.xml`)));
});

test('keeps what somebody else added to the keyset meanwhile', async () => {
  const { session, rotation } = await stagedSession();
  const retired = await retire(rotation, backendFor(session, rotation));
  const org = session.sf.org('three');
  org.files.set(KEYSET, file(session, 'three', KEYSET).replace('<type>', '<description>Reviewed</description><type>'));
  await deleteKey(retired.rotation, backendFor(session, retired.rotation));
  assert.match(file(session, 'three', KEYSET), /<description>Reviewed</);
});
