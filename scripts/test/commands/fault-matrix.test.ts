import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { LocalOrg } from '../../local-org/index';
import { Sf } from '../../lib/sf';
import { startCommand, until } from './command-process';
import { startFleet, tamper, writesIn, type Fleet } from './fleet';
import type { CommandName, Ran, Setting } from './ran';
import { differing, heldBy, lastRun, runsOf } from './runs';
import { workplace } from './workplace';

const READING = ['login', 'query', 'retrieve.submit', 'retrieve.status'] as const;
const WRITING = ['update', 'deploy.submit', 'deploy.status', 'publish'] as const;

/** How each column is laid out at the org. What is silent is given up after the patience of these hosts. */
const KINDS: Readonly<Record<string, string>> = {
  refused: 'refused=600ms',
  reset: 'reset',
  '503': '503',
  'row lock': 'row-lock',
  session: 'session',
  silence: 'silence=9s',
  lost: 'lost=9s',
};

/** A deployment that Salesforce works on can only fail as a whole. */
const CELLS: readonly (readonly [step: string, kind: string])[] = [
  ...[...READING, ...WRITING].flatMap((step) => Object.keys(KINDS).map((kind) => [step, kind] as const)),
  ['deploy.work', 'row lock'],
];

/** What a journal says when its run is killed. */
const KILLS = {
  deploy: ['"run":', '"step":"deploying"', '"step":"submitted"', '"step":"activating"', '"step":"publishing"'],
  rollback: ['"run":', '"step":"deactivating"', '"step":"deploying"', '"step":"submitted"', '"step":"publishing"'],
} as const;

const PATIENCE = 8_000;
const LANES = 4;
const CHANNEL = 'Guest_Web_Chat';
const PATH = `messagingChannels/${CHANNEL}.messagingChannel`;
const GO: Setting = { accept: ['disruptive'], settle: '1s', wait: '30s' };

/** The login is only asked for when a session ended. */
const laidOut = (step: string, kind: string): string =>
  step === 'login' ? `query:session,login:${KINDS[kind] ?? ''}` : `${step}:${KINDS[kind] ?? ''}`;

/** Three orgs in which a setting is to be changed, a channel to be activated, and a deployment to be published. */
interface Lane {
  readonly fleet: Fleet;
  readonly orgs: readonly LocalOrg[];
  /** What each org holds before a deploy, which is what a rollback of it brings back, and what it holds after it. */
  readonly previous: readonly Held[];
  readonly desired: readonly Held[];
}
type Held = ReturnType<typeof heldBy>;

describe('whatever happens at whatever step, no org is lost and nothing is sent twice', { concurrency: LANES }, () => {
  const place = workplace(PATIENCE);
  const seen = new Map<string, string>();
  const free: Lane[] = [];
  let count = 0;

  async function startLane(): Promise<Lane> {
    const mark = ++count;
    const member = { config: { channels: [CHANNEL] } };
    const fleet = await startFleet(place, {
      [`one-${mark}`]: member,
      [`two-${mark}`]: member,
      [`three-${mark}`]: member,
    });
    const orgs = fleet.aliases.map((alias) => fleet.org(alias));
    assert.equal((await fleet.force()).exit, 0);
    const desired = orgs.map(heldBy);
    for (const org of orgs) await putBack(org);
    return { fleet, orgs, previous: orgs.map(heldBy), desired };
  }

  /** Somebody set the org up otherwise. */
  async function putBack(org: LocalOrg): Promise<void> {
    const sf = new Sf(place.hosts, '67.0');
    const [row] = await sf.query(org.alias, `SELECT Id FROM MessagingChannel WHERE DeveloperName = '${CHANNEL}'`);
    await sf.setActive(org.alias, String(row?.['Id']), false);
    tamper(org, PATH, '>360<', '>400<');
  }

  after(() => process.stdout.write(`${matrixText(seen)}\n`));

  /** Orgs that a test left in a state of their own are not used again. */
  async function inLane(walk: (lane: Lane) => Promise<void>): Promise<void> {
    const lane = free.pop() ?? (await startLane());
    await walk(lane);
    free.push(lane);
  }

  /** Runs a command with a fault at every org, and once more as whoever is on call would. */
  async function struck(lane: Lane, command: CommandName, step: string, kind: string, setting: Setting): Promise<Ran> {
    const starts = lane.orgs.map(({ log }) => log.length);
    lane.orgs.forEach((org) => org.disturb(laidOut(step, kind)));
    const ran = await lane.fleet.run(command, setting);
    lane.orgs.forEach((org) => org.disturb(''));
    // What was given up is still done by the org, which must not come behind the next thing that a test does.
    if (kind === 'silence') await pause(1_500);
    const hit = lane.orgs.every(({ log }, index) => log.slice(starts[index]).some((event) => event.kind === 'fault'));
    assert.ok(hit, `${command} never comes to ${step}`);
    const ends = [...new Set(ran.document.orgs.map(({ outcome, error }) => error?.code ?? outcome))];
    seen.set(`${command} ${step}|${kind}`, ends.join('/'));
    return ran;
  }

  for (const [step, kind] of CELLS)
    test(`${kind} at ${step}`, { timeout: 180_000 }, () =>
      inLane(async (lane) => {
        const { fleet, orgs, previous, desired } = lane;
        if (READING.some((each) => each === step)) {
          const starts = orgs.map(({ log }) => log.length);
          const { exit } = await struck(lane, 'plan', step, kind, {});
          assert.ok([2, 4].includes(exit));
          assert.deepEqual(
            orgs.flatMap((org, index) => writesIn(org, starts[index])),
            [],
          );
        }
        let starts = orgs.map(({ log }) => log.length);
        await struck(lane, 'deploy', step, kind, GO);
        const gone = await fleet.run('deploy', { ...GO, resume: true });
        assertThere(gone, orgs, desired, starts);
        starts = orgs.map(({ log }) => log.length);
        const back = { ...GO, run: lastRun(fleet) };
        await struck(lane, 'rollback', step, kind, back);
        assertThere(await fleet.run('rollback', back), orgs, previous, starts);
      }),
    );

  for (const index of KILLS.deploy.keys())
    test(`kill -9 of step ${index + 1}`, { timeout: 180_000 }, () =>
      inLane(async (lane) => {
        const { fleet, orgs, previous, desired } = lane;
        let starts = orgs.map(({ log }) => log.length);
        await killed(lane, 'deploy', KILLS.deploy[index] ?? '');
        assertThere(await fleet.run('deploy', { ...GO, resume: true }), orgs, desired, starts);
        starts = orgs.map(({ log }) => log.length);
        const run = lastRun(fleet);
        await killed(lane, 'rollback', KILLS.rollback[index] ?? '', '--run', run);
        assertThere(await fleet.run('rollback', { ...GO, run }), orgs, previous, starts);
      }),
    );

  async function killed({ fleet, orgs }: Lane, command: CommandName, said: string, ...flags: string[]): Promise<void> {
    const runs = runsOf(fleet).length;
    const slow = ['update', 'deploy.status', 'publish'].map((step) => `${step}:silence=600ms`).join();
    orgs.forEach((org) => org.disturb(slow));
    const running = startCommand(place, command, [
      ...['--project', fleet.project, '--accept', 'disruptive', '--json', ...flags],
    ]);
    await until(`the journal says ${said}`, () => runsOf(fleet).length > runs && journalOf(fleet).includes(said));
    running.child.kill('SIGKILL');
    await running.ended;
    orgs.forEach((org) => org.disturb(''));
    seen.set(`${command} ${said.replace(/"(step|run)":"?|"/g, '') || 'planned'}|kill -9`, 'gone on with');
  }
});

describe('with the patience that users have', () => {
  const place = workplace();

  test('30 seconds of silence are waited for, and the deployment is sent once', async () => {
    const faults = 'deploy.submit:silence=30s';
    const fleet = await startFleet(place, { quiet: { faults, config: { channels: [CHANNEL] } } });
    const { exit, org } = await fleet.deploy();
    assert.deepEqual([exit, org('quiet').outcome], [0, 'changed']);
    assert.equal(writesIn(fleet.org('quiet')).filter(({ kind }) => kind === 'deploy').length, 1);
  });
});

function journalOf(fleet: Fleet): string {
  const file = join(fleet.project, '.runs', lastRun(fleet), 'journal.ndjson');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Every org holds exactly what it should; it was sent one deployment that it did not fail, and published after that. */
function assertThere(ran: Ran, orgs: readonly LocalOrg[], states: readonly Held[], starts: readonly number[]): void {
  assert.equal(ran.exit, 0, ran.shown);
  for (const [index, org] of orgs.entries()) {
    assert.deepEqual(differing(heldBy(org), states[index] ?? {}), [], org.alias);
    const kinds = writesIn(org, starts[index]).map(({ kind }) => kind);
    const failed = org.log.slice(starts[index]).filter(({ detail }) => detail['step'] === 'deploy.work').length;
    assert.equal(kinds.filter((kind) => kind === 'deploy').length, 1 + failed, `${org.alias}: ${kinds.join(' ')}`);
    assert.ok(kinds.lastIndexOf('publish') > kinds.lastIndexOf('deploy'), `${org.alias}: ${kinds.join(' ')}`);
  }
}

/** Rows are steps, columns faults; a cell tells how the first run ended. */
function matrixText(seen: ReadonlyMap<string, string>): string {
  const columns = [...Object.keys(KINDS), 'kill -9'];
  const rows = [...new Set([...seen.keys()].map((key) => key.split('|')[0] ?? ''))].sort();
  const line = (head: string, cells: readonly string[]): string =>
    `# ${head.padEnd(26)}${cells.map((cell) => cell.padEnd(16)).join('')}`;
  return [
    line('', columns),
    ...rows.map((row) =>
      line(
        row,
        columns.map((column) => seen.get(`${row}|${column}`) ?? ''),
      ),
    ),
  ].join('\n');
}
