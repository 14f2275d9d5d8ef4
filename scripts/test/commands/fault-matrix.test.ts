import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import type { LocalOrg } from '../../local-org/index';
import { startCommand, until } from './command-process';
import { startFleet, writesIn, type Fleet } from './fleet';
import type { CommandName, Setting } from './ran';
import { lastRun, runsOf } from './runs';
import { workplace } from './workplace';

/** A command that goes through steps, and how it is taken up again after a fault. */
interface Walk {
  readonly command: CommandName;
  readonly steps: readonly string[];
  readonly setting: Setting;
  /** A run that left orgs behind is gone on with; one that only looks is run again. */
  readonly again: (fleet: Fleet) => Setting;
}

const resumed = (fleet: Fleet): Setting => (existsSync(join(fleet.project, '.runs')) ? { resume: true } : {});
const DEPLOY: Setting = { accept: ['disruptive'], settle: '1s' };

const WALKS: readonly Walk[] = [
  { command: 'plan', steps: ['login', 'query', 'retrieve.submit', 'retrieve.status'], setting: {}, again: () => ({}) },
  {
    command: 'deploy',
    steps: ['login', 'query', 'retrieve.status', 'deploy.submit', 'deploy.status', 'deploy.work', 'update', 'publish'],
    setting: DEPLOY,
    again: resumed,
  },
];

/** How each column is laid out at the org. What is silent is given up after the patience of these hosts. */
const KINDS: Readonly<Record<string, string>> = {
  refused: 'refused=600ms',
  reset: 'reset',
  '503': '503',
  'row lock': 'row-lock',
  session: 'session',
  silence: 'silence=5s',
  lost: 'lost=5s',
};

const PATIENCE = 3_500;
const ALIASES = ['one', 'two', 'three'] as const;

/** The login is only asked for when a session ended. */
const laidOut = (step: string, kind: string): string =>
  step === 'login' ? `query:session,login:${kind}` : `${step}:${kind}`;

describe('whatever happens at whatever step, no org is lost and nothing is sent twice', { concurrency: 3 }, () => {
  const place = workplace(PATIENCE);
  const seen = new Map<string, string>();
  let count = 0;

  /** Three orgs of their own: a channel to create, to activate and to publish. */
  const fleetOf = (): Promise<Fleet> => {
    const mark = ++count;
    const member = { config: { channels: ['Guest_Web_Chat'] } };
    return startFleet(place, Object.fromEntries(ALIASES.map((alias) => [`${alias}-${mark}`, member])));
  };

  after(() => process.stdout.write(`${matrixText(seen)}\n`));

  for (const { command, steps, setting, again } of WALKS)
    for (const step of steps)
      for (const [name, kind] of Object.entries(KINDS))
        test(`${command}: ${name} at ${step}`, async () => {
          const fleet = await fleetOf();
          const orgs = orgsOf(fleet);
          orgs.forEach((org) => org.disturb(laidOut(step, kind)));
          const first = await fleet.run(command, { ...setting });
          const struck = orgs.every(({ log }) => log.some((event) => event.kind === 'fault'));
          orgs.forEach((org) => org.disturb(''));
          orgs.forEach(assertNeverTwice);
          const second = await fleet.run(command, { ...setting, ...again(fleet) });
          seen.set(
            `${command} ${step}|${name}`,
            struck ? endingOf(first.document.orgs.map(({ outcome }) => outcome)) : '-',
          );
          if (command === 'plan') assert.deepEqual([second.exit, orgs.flatMap((org) => writesIn(org))], [2, []]);
          else await assertThere(fleet, orgs, second.exit);
        });

  for (const said of [
    '"run":',
    '"step":"deploying"',
    '"step":"submitted"',
    '"step":"activating"',
    '"step":"publishing"',
  ])
    test(`deploy: kill -9 when the journal says ${said}`, async () => {
      const fleet = await fleetOf();
      const orgs = orgsOf(fleet);
      orgs.forEach((org) => org.disturb('update:silence=400ms,publish:silence=400ms'));
      const running = startCommand(place, 'deploy', ['--project', fleet.project, '--accept', 'disruptive', '--json']);
      await until('the journal says so', () => journalOf(fleet).includes(said));
      running.child.kill('SIGKILL');
      await running.ended;
      orgs.forEach((org) => org.disturb(''));
      const second = await fleet.run('deploy', { ...DEPLOY, resume: true });
      seen.set(`deploy ${said.replace(/"(step|run)":"?|"/g, '') || 'planned'}|kill -9`, 'resumed');
      await assertThere(fleet, orgs, second.exit);
    });
});

const orgsOf = (fleet: Fleet): readonly LocalOrg[] => fleet.aliases.map((alias) => fleet.org(alias));

function journalOf(fleet: Fleet): string {
  const runs = join(fleet.project, '.runs');
  const file = existsSync(runs) && runsOf(fleet).length > 0 ? join(runs, lastRun(fleet), 'journal.ndjson') : '';
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Every org holds what is desired: nothing is left to plan, its channel is live, and the last thing done to it is to publish. */
async function assertThere(fleet: Fleet, orgs: readonly LocalOrg[], exit: number): Promise<void> {
  assert.equal(exit, 0);
  assert.equal((await fleet.plan()).exit, 0);
  orgs.forEach(assertNeverTwice);
  for (const org of orgs) {
    const kinds = writesIn(org).map(({ kind }) => kind);
    assert.ok(kinds.includes('deploy') && kinds.includes('update'), kinds.join(' '));
    assert.equal(kinds.at(-1), 'publish', kinds.join(' '));
  }
}

/** A deployment is only sent anew after the org failed the one before it. */
function assertNeverTwice(org: LocalOrg): void {
  const sent = writesIn(org).filter(({ kind }) => kind === 'deploy').length;
  const failed = org.log.filter(({ kind, detail }) => kind === 'fault' && detail['step'] === 'deploy.work').length;
  assert.ok(sent - failed <= 1, `${org.alias} got ${sent} deployments, and failed ${failed}`);
}

const endingOf = (outcomes: readonly string[]): string => [...new Set(outcomes)].join('/');

/** Rows are steps, columns faults; a cell tells how the first run ended. */
function matrixText(seen: ReadonlyMap<string, string>): string {
  const columns = [...Object.keys(KINDS), 'kill -9'];
  const rows = [...new Set([...seen.keys()].map((key) => key.split('|')[0] ?? ''))];
  const line = (head: string, cells: readonly string[]): string =>
    `# ${head.padEnd(24)}${cells.map((cell) => cell.padEnd(12)).join('')}`;
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
