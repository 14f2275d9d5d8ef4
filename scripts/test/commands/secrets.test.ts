import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { Sessions } from '../../local-org/org/sessions';
import { startFleet, editInSetup, type Fleet } from './fleet';
import { createWorkspace } from './workspace';

/** Every access token that the local orgs of this file create. */
const tokens = new Set<string>();
const create = Reflect.get<Sessions, 'create'>(Sessions.prototype, 'create');
Sessions.prototype.create = function remembered(this: Sessions): string {
  const token = create.call(this);
  tokens.add(token);
  return token;
};

const workspace = createWorkspace();

const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

interface JournalLine {
  readonly at: string;
  readonly org: string;
  readonly step: string;
  readonly detail?: string;
  /** Only the first line of a journal has this property. It contains the plan and is not a step. */
  readonly run?: object;
}

const journalTexts = ({ project }: Fleet): readonly string[] =>
  filesBelow(join(project, '.runs'))
    .filter((file) => file.endsWith('journal.ndjson'))
    .map((file) => readFileSync(file, 'utf8'));
const journalSteps = (journal: string): readonly JournalLine[] =>
  journal
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalLine)
    .filter(({ run }) => run === undefined);

describe('sequence of plan, deploy, drift, and repair', () => {
  let fleet: Fleet;
  const outputs: string[] = [];
  /** Journal content on disk at each progress line. */
  const moments: { readonly line: string; readonly journal: string }[] = [];
  before(async () => {
    fleet = await startFleet(workspace, { dev: {} });
    const onProgress = (line: string): void => {
      if (existsSync(join(fleet.project, '.runs'))) moments.push({ line, journal: journalTexts(fleet).join('') });
    };
    const record = async (ran: ReturnType<Fleet['plan']>): Promise<void> => {
      const { document, shown, progress } = await ran;
      outputs.push(JSON.stringify(document), shown, ...progress);
    };
    await record(fleet.plan());
    await record(fleet.deploy({ onProgress }));
    editInSetup(fleet.org('dev'), 'messagingChannels/Web_Chat.messagingChannel', '>Auth<', '>UnAuth<');
    await record(fleet.status());
    await record(fleet.deployAccepted());
    await fleet.org('dev').close();
  });

  test('prints no token and no private key', () => assertClean(outputs.join('\n'), 'the output'));

  test('writes no token and no private key to the journal, the project, or the login store', () => {
    const files = [...filesBelow(fleet.project), ...filesBelow(workspace.home)];
    assert.ok(files.some((file) => file.includes('.runs')) && files.some((file) => file.includes('.sfdx')));
    for (const file of files) assertClean(readFileSync(file, 'utf8'), file);
  });

  test('writes the job ID to the journal before the next step', () => {
    const submitted = moments.find(({ line }) => / submitted 0Af/.test(line));
    const id = fleet.org('dev').log.find(({ kind }) => kind === 'deploy')?.detail['id'];
    const [deploying, last, ...more] = journalSteps(submitted?.journal ?? '');
    assert.deepEqual([deploying?.step, last?.step, last?.detail, more], ['deploying', 'submitted', id, []]);
  });

  test('writes one journal per deploy with the time, org, and step in each line', () => {
    const [first, second] = journalTexts(fleet)
      .map(journalSteps)
      .sort((one, other) => other.length - one.length);
    assert.deepEqual(
      first?.map(({ step }) => step),
      EXPECTED_STEPS,
    );
    assert.deepEqual(
      second?.map(({ step }) => step),
      EXPECTED_STEPS.filter((step) => step !== 'activating'),
    );
    for (const { at, org } of [...(first ?? []), ...(second ?? [])]) {
      assert.equal(org, 'dev');
      assert.equal(new Date(at).toISOString(), at);
    }
  });

  test('has its tokens detected in a text by the assertions of this file', () => {
    assert.ok(tokens.size > 0);
    for (const token of tokens)
      assert.throws(() => assertClean(`x ${token} y`, 'a token'), { message: /access token/ });
  });

  function assertClean(text: string, where: string): void {
    for (const token of tokens) assert.ok(!text.includes(token), `an access token in ${where}`);
    assert.ok(!text.includes(fleet.org('dev').refreshToken), `the refresh token in ${where}`);
    const key = readFileSync(workspace.loginKeyFile, 'utf8').split('\n')[1] ?? '';
    assert.ok(key.length > 40 && !text.includes(key), `the login key in ${where}`);
    assert.doesNotMatch(text, /PRIVATE KEY|00D\w{12}![\w.]{20}|eyJ[\w-]+\.eyJ/, where);
  }
});

const EXPECTED_STEPS = [
  ...['deploying', 'submitted', 'deployed', 'activating', 'publishing', 'published'],
  ...['reading back', 'changed'],
];

test('deletes the folders of a stopped CLI worker pool', async () => {
  const folder = join(workspace.folder, 'temporary');
  mkdirSync(folder);
  const usual = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  try {
    const { CliWorkerPool } = await import('../../lib/sf');
    const pool = new CliWorkerPool({ home: workspace.home, size: 1 });
    pool.createFolder();
    assert.equal(readdirSync(folder).length, 1);
    await pool.stop();
    assert.deepEqual(readdirSync(folder), []);
  } finally {
    if (usual === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = usual;
  }
});
