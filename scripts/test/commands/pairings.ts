/**
 * Runs each pair of commands that write at the same time on one org. Afterwards the org contains what the two commands leave one
 * after the other, in either order, or what one of them leaves while the other failed. No deploy job is duplicated, and the exit
 * codes say what happened. `npm run soak` runs it.
 */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { orgIdOf, startLocalOrg, type LocalOrg, type SeedFile } from '../../local-org/index';
import { Sf } from '../local-org/sf-process';
import { runProcess } from './command-process';
import type { OrgState } from './fault-cells';
import { replaceOrFail, startFleet, writeEvents } from './fleet';
import { KEYSET, NEW_KEY, rotateOrFail, rotationArguments, switchSigner, itemPattern } from './rotation-lane';
import { runInProcess } from './run-command';
import { changedNames, orgState } from './run-helpers';
import { createWorkspace } from './workspace';

const LIMIT = { timeout: 300_000 };
const CHANNEL = 'messagingChannels/Web_Chat.messagingChannel';
const SOURCE = 'force-app/main/default';
/** Server time, so that the commands overlap. */
const LATENCY = ['deploy.submit', 'deploy.status', 'publish'].map((step) => `${step}:timeout=400ms@1-9`).join();
const ACCEPT = { accept: ['disruptive'] };

const workspace = createWorkspace();
const sf = new Sf(workspace.folder);

/** A project folder and the org of its only org file. */
interface Clone {
  readonly project: string;
  readonly org: LocalOrg;
}

type Name = 'deploy' | 'rollback' | 'rotate stage' | 'rotate retire' | 'post-refresh' | 'plain sf';

/** A command with its own clone of the project. */
type Run = () => Promise<ProcessEnd>;

interface ProcessEnd {
  readonly exit: number | null;
  readonly text: string;
}

/** Prepares a clone in which the command has work to do. */
const ACTIONS: Readonly<Record<Name, (clone: Clone) => Run | Promise<Run>>> = {
  deploy: (clone) => {
    edit(clone, CHANNEL, '>60<', '>90<');
    return () => run(clone, 'deploy', '--all', '--accept', 'disruptive');
  },
  rollback: async (clone) => {
    edit(clone, CHANNEL, '>360<', '>380<');
    const { exit } = await runInProcess('deploy', clone.project, workspace.workers, ACCEPT);
    assert.equal(exit, 0);
    const [id = ''] = readdirSync(join(clone.project, '.runs')).sort().slice(-1);
    return () => run(clone, 'rollback', '--run', id, '--all', '--accept', 'disruptive');
  },
  'rotate stage': (clone) => () => run(clone, 'keys', ...rotationArguments('stage')),
  'rotate retire': (clone) => () => run(clone, 'keys', ...rotationArguments('retire')),
  'post-refresh': (clone) => {
    const { alias } = clone.org;
    const issuer = { PublicKeyCertificateSet: { [KEYSET]: { jwtIssuer: 'https://id.uat.example.com' } } };
    writeOrgFile(clone, { orgId: orgIdOf(`${alias} before`), overrides: issuer });
    return () => run(clone, 'post-refresh', '--org', alias, '--accept', 'new-org-id', '--no-verify');
  },
  'plain sf': (clone) => {
    edit(clone, CHANNEL, '>360<', '>420<');
    const file = join(SOURCE, `${CHANNEL}-meta.xml`);
    const argv = ['project', 'deploy', 'start', '--source-dir', file, '--target-org', clone.org.alias, '--json'];
    return async () => {
      const { exitCode, stdout, stderr } = await sf.run(clone.project, argv);
      return { exit: exitCode, text: stdout + stderr };
    };
  },
};
const NAMES = Object.keys(ACTIONS) as readonly Name[];

async function run({ project }: Clone, command: string, ...argv: readonly string[]): Promise<ProcessEnd> {
  const { exit, stdout, stderr } = await runProcess(workspace, command, [...argv, '--project', project]);
  return { exit, text: stdout + stderr };
}

function edit({ project }: Clone, path: string, from: string, to: string): void {
  const file = join(project, SOURCE, `${path}-meta.xml`);
  writeFileSync(file, replaceOrFail(readFileSync(file, 'utf8'), from, to));
}

const writeOrgFile = ({ project, org }: Clone, more: object = {}): void => {
  mkdirSync(join(project, 'config/orgs'), { recursive: true });
  const config = { orgId: org.orgId, kind: 'sandbox', channels: ['Web_Chat'], ...more };
  writeFileSync(join(project, `config/orgs/${org.alias}.json`), JSON.stringify(config));
};

/** The project and the files of an org after its first deploy. */
interface Origin {
  readonly project: string;
  readonly seed: readonly SeedFile[];
}

async function startOrigin(): Promise<Origin> {
  const fleet = await startFleet(workspace, { origin: { config: { channels: ['Web_Chat'] } } });
  fleet.rewrite(
    `${SOURCE}/PublicKeyCertificateSet/${KEYSET}.PublicKeyCertificateSet-meta.xml`,
    itemPattern(NEW_KEY),
    '',
  );
  assert.equal((await fleet.deployAccepted()).exit, 0);
  const seed = [...fleet.org('origin').files()].map(([path, content]) => ({
    path,
    content,
    ...(path === CHANNEL && { active: true }),
  }));
  return { project: fleet.project, seed };
}

let count = 0;

/** An org with the state of the origin, and two commands that have work to do. */
async function startPair(origin: Origin, names: readonly [Name, Name]): Promise<Pair> {
  const alias = `pair-${++count}`;
  const options = { alias, kind: 'sandbox', port: 0, loginKey: workspace.loginKey, seed: origin.seed } as const;
  const org = await startLocalOrg(options);
  workspace.onCleanup(() => org.close());
  await workspace.logIn(org);
  const shared = cloneOf(origin.project, org);
  if (names.includes('rotate retire')) {
    const rotation = { project: shared.project };
    await rotateOrFail(rotation, workspace, 'stage');
    await switchSigner(rotation, workspace);
  }
  const prepare = (name: Name): Run | Promise<Run> => ACTIONS[name](cloneOf(shared.project, org));
  const first = await prepare(names[0]);
  // The same command twice is the same work: two people in one project.
  const runs = [first, names[1] === names[0] ? first : await prepare(names[1])] as const;
  const start = org.log.length;
  org.setFaults(LATENCY);
  const eventCount = (kind: string): number => writeEvents(org, start).filter((event) => event.kind === kind).length;
  return { org, runs, jobs: () => eventCount('deploy') - eventCount('cancel') };
}

interface Pair {
  readonly org: LocalOrg;
  readonly runs: readonly [Run, Run];
  /** The number of deploy jobs of both commands, without those that were canceled before they changed anything. */
  readonly jobs: () => number;
}

function cloneOf(template: string, org: LocalOrg): Clone {
  const project = mkdtempSync(join(workspace.folder, 'clone-'));
  cpSync(template, project, { recursive: true, filter: (path) => !path.endsWith('.runs') });
  rmSync(join(project, 'config/orgs'), { recursive: true });
  const clone = { project, org };
  writeOrgFile(clone);
  return clone;
}

/** An end of both commands: the exit code of each, and the state of the org. */
interface End {
  readonly exits: readonly (number | null)[];
  readonly state: OrgState;
}

/** The end of both commands, the end of the first command alone, and the number of deploy jobs. */
interface OrderedEnd {
  readonly end: End;
  readonly alone: End;
  readonly jobs: number;
}

/** Runs the second command after the first. Exits are in the order of `names`. */
async function runInOrder(origin: Origin, names: readonly [Name, Name], first: 0 | 1): Promise<OrderedEnd> {
  const { org, runs, jobs } = await startPair(origin, names);
  const second = first === 0 ? 1 : 0;
  const { exit, text } = await runs[first]();
  assert.equal(exit, 0, `${names[first]} alone: ${text}`);
  const alone = { exits: inOrder(first, exit, null), state: orgState(org) };
  const last = await runs[second]();
  return { end: { exits: inOrder(first, exit, last.exit), state: orgState(org) }, alone, jobs: jobs() };
}

const inOrder = <T>(first: 0 | 1, one: T, other: T): readonly T[] => (first === 0 ? [one, other] : [other, one]);

/**
 * Whether the end of the concurrent commands is one that a user can trust. `null` stands for a command that failed. A command that
 * names the deploy job of the other one as the reason can fail in each state.
 */
function isAllowed(end: End, allowed: End, namesOther: readonly boolean[]): boolean {
  const isSameExit = allowed.exits.every((exit, index) =>
    exit === null ? end.exits[index] !== 0 : exit === end.exits[index] || namesOther[index] === true,
  );
  return isSameExit && changedNames(end.state, allowed.state).length === 0;
}

/** Whether a command failed because of a deploy job of the other command. */
const namesOtherJob = ({ exit, text }: ProcessEnd, { text: other }: ProcessEnd): boolean =>
  exit === 1 && other.includes(/Error \(concurrent-deploy\):[^]*?(0Af\w+)(?= by|\s+by)/.exec(text)?.[1] ?? 'none');

describe('pairs of commands on one org at the same time', { concurrency: 4 }, () => {
  let origin: Origin;
  before(async () => {
    origin = await startOrigin();
  });
  const pairs = NAMES.flatMap((one, index) => NAMES.slice(index).map((other) => [one, other] as const));
  for (const names of pairs)
    test(`${names[0]} and ${names[1]}`, LIMIT, async (context) => {
      const first = await runInOrder(origin, names, 0);
      const second = await runInOrder(origin, names, 1);
      const { org, runs, jobs } = await startPair(origin, names);
      const ends = await Promise.all(runs.map((each) => each()));
      const exits = ends.map(({ exit }) => exit);
      const end = { exits, state: orgState(org) };
      const allowed = [first.end, first.alone, second.end, second.alone];
      const namesOther = ends.map((each, index) => namesOtherJob(each, ends[1 - index] ?? each));
      const match = allowed.findIndex((each) => isAllowed(end, each, namesOther));
      const differences = allowed.map(
        (each) => `exits ${each.exits.join('/')}: ${changedNames(end.state, each.state).join(', ') || 'no difference'}`,
      );
      assert.ok(
        match >= 0,
        `exits ${exits.join('/')}, which differ from\n${differences.join('\n')}\n${ends.map(({ text }) => text).join('\n')}`,
      );
      assert.ok(jobs() <= Math.max(first.jobs, second.jobs), `${jobs()} deploy jobs`);
      context.diagnostic(`${names.join(' and ')}: exits ${exits.join('/')}, ${WINNERS[match] ?? ''}`);
    });
});

const WINNERS = ['in this order', 'only the first', 'in the other order', 'only the second'];
