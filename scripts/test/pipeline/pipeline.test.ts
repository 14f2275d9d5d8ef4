import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { orgIdOf } from '../../local-org/index';
import { startLocalOrgs, type LocalOrgs } from '../../local-org/orgs';
import { editInSetup, writeEvents } from '../commands/fleet';
import { key } from '../commands/import-orgs';
import { createWorkspace } from '../commands/workspace';
import { PROJECT } from '../gates/list-files';
import { WorkflowRunner, createRepository, type Results } from './workflow-runner';

const workspace = createWorkspace();
const pathIn = (name: string): string => join(workspace.folder, name);
const FLEET = [
  { alias: 'dev', kind: 'sandbox' },
  { alias: 'uat', kind: 'sandbox' },
  { alias: 'prod', kind: 'production' },
] as const;

/** The waves of the pipeline that have no org. A wave 3 without orgs doesn't stop wave 4. */
const WITHOUT_ORGS = Object.fromEntries([3, 5, 6, 7, 8].map((wave) => [`wave-${wave}`, 'skipped']));

interface HubState {
  readonly comments: readonly { readonly body: string }[];
  readonly issues: readonly { readonly open: boolean; readonly label: string; readonly body: string }[];
}

/** State of the emulated GitHub CLI. */
const readHub = (): HubState => JSON.parse(readFileSync(pathIn('programs/state.json'), 'utf8')) as HubState;

/** Replaces the JWKS endpoint of the sample production org, which doesn't exist, by a key. */
async function productionSource(): Promise<Readonly<Record<string, string>>> {
  const keyset = {
    jwtIssuer: 'https://id.example.com',
    publicKeyCertificateSetKeys: [{ publicKeyCertificate: 'Prod_Key' }],
  };
  const config = {
    orgId: orgIdOf('prod'),
    kind: 'production',
    wave: 4,
    channels: ['Web_Chat'],
    existing: ['Queue:Service_Chat'],
    overrides: {
      PublicKeyCertificateSet: { Customer_Identity: keyset },
      MessagingChannel: { Web_Chat: { sessionHandlerQueue: 'Service_Chat' } },
    },
  };
  const folder = 'force-app/main/default/PublicKeyCertificate';
  return {
    'config/orgs/prod.json': JSON.stringify(config),
    [`${folder}/Prod_Key.PublicKeyCertificate-meta.xml`]: (await key('Prod_Key')).content,
  };
}

describe('pipeline from pull request to monitor with three orgs', () => {
  let local: LocalOrgs;
  let pipeline: WorkflowRunner;
  let runId = 0;
  /** The runs of dev after the first deploy. */
  let firstRuns: readonly string[] = [];
  const runsOfWave1 = (): readonly string[] => readdirSync(pathIn('artifacts/runs-wave-1-job-1-attempt-1/runs')).sort();
  /** Runs a workflow. A second attempt runs again the jobs that failed in the first one. */
  const run = (file: string, event: object = {}, earlier?: Results): Promise<Results> => {
    runId += earlier ? 0 : 1;
    const context = {
      token: 'hub-token',
      repository: 'acme/chat',
      run_id: String(runId),
      run_attempt: earlier ? '2' : '1',
    };
    return pipeline.run(`.github/workflows/${file}`, { ...context, event, ...event }, {}, earlier);
  };
  const results = (done: Results): object =>
    Object.fromEntries(Object.entries(done).map(([name, { result }]) => [name, result]));
  const logText = (): string =>
    pipeline.stepRuns.map(({ job, step, exit, output }) => `${job}: ${step} (${exit})\n${output}`).join('\n');

  before(async () => {
    mkdirSync(pathIn('programs'));
    cpSync(join(PROJECT, 'scripts/test/pipeline/gh'), pathIn('programs/gh'));
    createRepository(PROJECT, pathIn('repository'), await productionSource());
    local = await startLocalOrgs({ orgs: FLEET, folder: pathIn('orgs'), anyPort: true });
    const logins = local.orgs.map(({ alias, username, clientId, url }) => ({
      alias,
      username,
      clientId,
      instanceUrl: url,
    }));
    const secrets = { SF_LOGINS: JSON.stringify(logins), SF_JWT_KEY: readFileSync(local.loginKeyFile, 'utf8') };
    const modules = join(PROJECT, 'node_modules');
    pipeline = new WorkflowRunner({
      repository: pathIn('repository'),
      machine: pathIn('machine'),
      artifacts: pathIn('artifacts'),
      caches: pathIn('caches'),
      programs: pathIn('programs'),
      modules,
      secrets,
    });
  });
  after(() => local.close());

  const pullRequest = { pull_request: { number: 12, head: { repo: { full_name: 'acme/chat' } } } };

  test('checks and plans a pull request with one comment and writes to no org', async () => {
    assert.deepEqual(
      results(await run('pull-request.yml', { event: pullRequest })),
      { check: 'success', plan: 'success' },
      logText(),
    );
    assert.equal(readHub().comments.length, 1);
    assert.match(readHub().comments[0]?.body ?? '', /Web_Chat/);
    local.orgs.forEach((org) => assert.deepEqual(writeEvents(org), []));
    assert.ok(existsSync(pathIn('artifacts/plan-1/plan.html')));
  });

  test('deploys the saved plan wave by wave on main and merges the results into one report', async () => {
    const done = await run('main.yml');
    const all = { plan: 'success', 'wave-1': 'success', 'wave-2': 'success', 'wave-4': 'success', report: 'success' };
    assert.deepEqual(results(done), { ...WITHOUT_ORGS, ...all }, logText());
    const first = local.orgs.map(({ log }) => log.find(({ kind }) => kind === 'deploy')?.at ?? '');
    assert.deepEqual(first, [...first].sort(), 'dev, then uat, then prod');
    // The second job deploys the settings of the new Web chat deployments.
    local.orgs.forEach(({ log }) => assert.equal(log.filter(({ kind }) => kind === 'deploy').length, 2));
    const report = readFileSync(pathIn('artifacts/report-1/report.md'), 'utf8');
    for (const { alias } of FLEET) assert.match(report, new RegExp(alias));
    firstRuns = runsOfWave1();
    assert.equal(firstRuns.length, 1);
  });

  test('opens an issue for drift in the monitor run and closes it after the repair', async () => {
    const uat = local.orgs.find(({ alias }) => alias === 'uat');
    assert.ok(uat);
    editInSetup(uat, 'messagingChannels/Web_Chat.messagingChannel', '<authMode>Auth<', '<authMode>UnAuth<');
    const nightly = { schedule: '17 3 * * *' };
    // A problem that customers notice fails the job, so that GitHub also sends its own message.
    assert.deepEqual(results(await run('monitor.yml', nightly)), { monitor: 'failure' }, logText());
    const [issue] = readHub().issues;
    assert.deepEqual([issue?.open, issue?.label], [true, 'monitor']);
    assert.match(issue?.body ?? '', /authMode/);
    editInSetup(uat, 'messagingChannels/Web_Chat.messagingChannel', '<authMode>UnAuth<', '<authMode>Auth<');
    assert.deepEqual(results(await run('monitor.yml', nightly)), { monitor: 'success' }, logText());
    assert.deepEqual(
      readHub().issues.map(({ open }) => open),
      [false],
    );
  });

  test('skips the next waves after a failed wave and reports it', async () => {
    const [dev, ...later] = local.orgs;
    assert.ok(dev);
    local.orgs.forEach((org) => editInSetup(org, 'messagingChannels/Web_Chat.messagingChannel', '>60<', '>90<'));
    const written = later.map((org) => writeEvents(org).length);
    // An admin changes dev between the plan and its approval.
    pipeline.beforeJob = (name) => {
      if (name === 'deploy') editInSetup(dev, 'messagingChannels/Web_Chat.messagingChannel', '>90<', '>75<');
    };
    const done = results(await run('main.yml'));
    const stopped = { 'wave-1': 'failure', 'wave-2': 'skipped', 'wave-4': 'skipped', report: 'failure' };
    assert.deepEqual(done, { ...WITHOUT_ORGS, plan: 'success', ...stopped }, logText());
    assert.deepEqual(
      later.map((org) => writeEvents(org).length),
      written,
    );
    assert.match(readFileSync(pathIn('artifacts/report-1/report.md'), 'utf8'), /plan-stale|changed the org/);
    // A rollback needs what the run before recorded.
    assert.deepEqual(runsOfWave1().slice(0, -1), firstRuns);
  });

  test('publishes in a second attempt what a lost runner did not publish, and keeps both attempts', async () => {
    pipeline.beforeJob = () => undefined;
    const [dev] = local.orgs;
    assert.ok(dev);
    editInSetup(
      dev,
      'messagingChannels/Web_Chat.messagingChannel',
      /(ExpirationTime>)\d+(?=<\/verifiedUser)/,
      'ExpirationTime>91',
    );
    const start = dev.log.length;
    const count = (kind: string): number => dev.log.slice(start).filter((event) => event.kind === kind).length;
    // The org holds each publish request, so that the runner is lost before anything is published.
    dev.setFaults('publish:timeout=600s@1-');
    pipeline.isLost = () => dev.log.slice(start).some(({ kind }) => kind === 'fault');
    const first = await run('main.yml');
    pipeline.isLost = () => false;
    assert.deepEqual(
      [first['wave-1']?.result, first['wave-2']?.result, count('deploy'), count('publish')],
      ['failure', 'skipped', 1, 0],
      logText(),
    );
    dev.setFaults('');
    // The org still does what the lost runner requested.
    await nextTurn();
    const late = count('publish');
    const second = await run('main.yml', {}, first);
    assert.deepEqual([second['wave-1']?.result, count('deploy')], ['success', 1], logText());
    assert.ok(count('publish') > late, logText());
    const kept = readdirSync(pathIn('artifacts')).filter((name) => /^(outcome-wave-1|report)/.test(name));
    assert.deepEqual(kept, [
      'outcome-wave-1-job-1-attempt-1',
      'outcome-wave-1-job-1-attempt-2',
      'report-1',
      'report-2',
    ]);
  });

  test('prints and stores no key', () => {
    const key = readFileSync(local.loginKeyFile, 'utf8').split('\n').slice(1, 4);
    const kept = spawnSync('grep', ['-rl', '-F', key[0] ?? '-', pathIn('artifacts'), pathIn('machine')], {
      encoding: 'utf8',
    }).stdout;
    assert.equal(kept, '');
    for (const line of key) assert.equal(logText().includes(line), false);
  });
});
