/** Runs the commands that a failed run recommends, exactly as they are printed. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { commandsIn } from '../../../lib/model';
import { loadProject } from '../../../lib/project';
import { renewFix } from '../../../lib/rules';
import { temporaryFolder } from '../../commands-keys/test-project';
import { keyset } from '../../commands/import-orgs';
import { parseRecommended } from '../command-definitions';
import { keyFixture } from '../keys/key-fixture';
import { runRecommended, type Outcome, type Session } from '../run-recommended';

const parent = temporaryFolder();
const SOURCE = 'force-app/main/default/PublicKeyCertificateSet/Identity.PublicKeyCertificateSet-meta.xml';

/** The fix of an unused key. */
const unusedFix = (folder: string): string | undefined =>
  loadProject(folder, { orgs: [] }, new Date()).findings.find(({ rule }) => rule === 'key-unused')?.fix;

const run = runRecommended;

const statusesOf = ({ orgs }: Outcome): readonly (readonly [string, string])[] =>
  orgs.map(({ alias, status }) => [alias, status] as const);

/** The one command in the fix of an org that contains a text. */
const fixCommand = ({ orgs }: Outcome, alias: string, part: string): string => {
  const fix = orgs.find((org) => org.alias === alias)?.error?.fix ?? '';
  return commandsIn(fix).find((command) => command.includes(part)) ?? assert.fail(`no ${part} in: ${fix}`);
};

/** The last command on the line with a label, or on the line below it. */
const printed = ({ shown }: Outcome, label: string): string => {
  const lines = shown.split('\n');
  const index = lines.findIndex((line) => line.includes(label));
  const [command] = lines.slice(index, index + 2).flatMap((line) => commandsIn(line).slice(-1));
  return command ?? assert.fail(shown);
};

/** A project whose source renames the keyset of its orgs. */
async function session(waves: Readonly<Record<string, number>>): Promise<Session> {
  const { folder, sf } = await keyFixture(parent, waves);
  const file = join(folder, SOURCE);
  writeFileSync(file, readFileSync(file, 'utf8').replace('<masterLabel>Identity', '<masterLabel>Customers'));
  return { folder, sf };
}

const isRenamed = ({ sf }: Session, alias: string): boolean =>
  [...sf.org(alias).files.values()].some((text) => text.includes('<masterLabel>Customers'));

test('resumes a failed wave of a saved plan with every command that the run prints, also with spaces in paths', async () => {
  for (const choose of [
    (failed: Outcome) => printed(failed, 'To resume:'),
    (failed: Outcome) => fixCommand(failed, 'two', '--resume'),
  ]) {
    const project = await session({ one: 1, two: 2 });
    mkdirSync(join(project.folder, 'my plans'));
    const plan = join(project.folder, 'my plans/plan 1.json');
    const planned = await run(project, `npm run plan -- --out "${plan}"`);
    const deploy = printed(planned, 'To deploy exactly this plan');
    project.sf.org('one').rejectDeploy('The row is locked.');
    const failed = await run(project, `${deploy} --runs "my runs"`);
    assert.deepEqual(statusesOf(failed), [
      ['one', 'failed'],
      ['two', 'skipped'],
    ]);
    const resumed = await run(project, choose(failed));
    assert.deepEqual(
      [resumed.exit, ...statusesOf(resumed)],
      [0, ['one', 'changed'], ['two', 'changed']],
      resumed.shown,
    );
  }
});

test('every command that resumes a run of a saved plan names its plan, its folder, and its source of tokens', async () => {
  const project = await session({ one: 1, two: 2 });
  const plan = join(project.folder, 'plan.json');
  await run(project, `npm run plan -- --out ${plan}`);
  project.sf.org('one').rejectDeploy('The row is locked.');
  const command = `npm run deploy -- --plan ${plan} --all --runs "my runs"`;
  const failed = await run(project, `${command} --verify --token-command './issue "$ID"' --rollback-on-failure`);
  const resume = printed(failed, 'To resume:');
  assert.match(resume, /--resume \S+ --plan \S+ --verify --token-command '.\/issue "\$ID"' --runs "my runs"/);
  const listed = printed(await run(project, 'npm run runs -- --runs "my runs"'), 'Resume:');
  assert.deepEqual([listed, fixCommand(failed, 'two', '--resume')], [resume, resume]);
  const unprotected = await run(project, resume.replace(/ --verify .*(?= --runs)/, ''));
  assert.equal(unprotected.exit, 3);
  assert.equal(commandsIn(unprotected.shown)[0], resume);
  assert.equal(isRenamed(project, 'one'), false);
  const without = await run(project, resume.replace(/ --verify .*(?= --runs)/, ' --no-verify'));
  assert.deepEqual([without.exit, isRenamed(project, 'two')], [0, true], without.shown);
});

test('a resumed run inherits the number of orgs that may fail', async () => {
  const project = await session({ one: 1, two: 1, three: 2 });
  const reject = (alias: string): void => project.sf.org(alias).rejectDeploy('The row is locked.');
  ['one', 'two'].forEach(reject);
  const failed = await run(project, 'npm run deploy -- --all --max-failures 1');
  assert.equal(failed.exit, 1);
  reject('one');
  const resumed = await run(project, printed(failed, 'To resume:'));
  assert.deepEqual(statusesOf(resumed), [
    ['one', 'failed'],
    ['two', 'changed'],
    ['three', 'changed'],
  ]);
});

test('the fix of a resume without its plan, or with another one, resumes the run with its plan', async () => {
  const project = await session({ one: 1, two: 2 });
  const [plan, other] = ['plan.json', 'other.json'].map((name) => join(project.folder, name)) as [string, string];
  await run(project, `npm run plan -- --out ${plan}`);
  await new Promise((resolve) => setTimeout(resolve, 2));
  await run(project, `npm run plan -- --out ${other}`);
  project.sf.org('one').rejectDeploy('The row is locked.');
  await run(project, `npm run deploy -- --plan ${plan} --all`);
  const withOther = await run(project, `npm run deploy -- --resume --plan ${other}`);
  assert.equal(withOther.exit, 3);
  const without = await run(project, 'npm run deploy -- --resume');
  assert.equal(without.exit, 3);
  assert.deepEqual(commandsIn(withOther.shown), commandsIn(without.shown));
  const resumed = await run(project, commandsIn(without.shown)[0] ?? '');
  assert.equal(resumed.exit, 0, resumed.shown);
});

test('each fix of a failed deploy resumes its run', async () => {
  for (const message of ["You can't enable Session-Based Chat for verified users.", 'UNKNOWN_EXCEPTION', 'Too long.']) {
    const project = await session({ one: 1 });
    project.sf.org('one').rejectDeploy(message);
    const failed = await run(project, 'npm run deploy -- --org one --rollback-on-failure');
    assert.deepEqual(commandsIn(failed.orgs[0]?.error?.fix ?? ''), [printed(failed, 'To resume:')], message);
  }
});

test('an org whose result is unknown because it became unreachable is resumed with its fix', async () => {
  const project = await session({ one: 1 });
  const org = project.sf.org('one');
  org.intercept('deploy', async (proceed) => {
    const id = await proceed();
    org.intercept('retrieve', () => Promise.reject(org.cliError('retrieve', 'loginRefused')));
    return id;
  });
  const lost = await run(project, 'npm run deploy -- --org one');
  assert.deepEqual(statusesOf(lost), [['one', 'unknown']], lost.shown);
  const resumed = await run(project, fixCommand(lost, 'one', '--resume'));
  assert.deepEqual([resumed.exit, org.jobs.length, isRenamed(project, 'one')], [0, 1, true], resumed.shown);
});

test('a command that names no org is completed by its fix, and plan names the orgs that it planned', async () => {
  const project = await session({ one: 1, two: 2 });
  const refused = await run(project, 'npm run deploy');
  assert.equal(refused.exit, 3);
  const protectedDeploy = 'npm run deploy -- --rollback-on-failure --token-command "issue hunter2" --verify --runs a';
  assert.deepEqual(commandsIn((await run(project, protectedDeploy)).shown), [
    `${protectedDeploy.replace('"issue hunter2"', 'COMMAND')} --org one`,
  ]);
  const deployed = await run(project, commandsIn(refused.shown)[0] ?? '');
  assert.deepEqual(statusesOf(deployed), [['one', 'changed']]);
  const planned = await run(project, 'npm run plan -- --org two');
  assert.deepEqual(statusesOf(await run(project, printed(planned, 'To deploy:'))), [['two', 'changed']]);
});

test('the commands of a run roll it back, in the orgs that the user selected', async () => {
  const project = await session({ one: 1, two: 1 });
  const deployed = await run(project, 'npm run deploy -- --all --runs "my runs"');
  assert.equal(deployed.exit, 0);
  const listed = await run(project, 'npm run runs -- --runs "my runs"');
  const rollback = printed(listed, 'Roll back:');
  assert.equal(rollback, printed(deployed, 'To roll back:'));
  const choice = await run(project, 'npm run rollback -- --runs "my runs"');
  const shown = await run(project, commandsIn(choice.shown)[0] ?? '');
  assert.deepEqual([shown.exit, printed(shown, 'To roll back:')], [2, rollback]);
  project.sf.org('one').rejectDeploy('The row is locked.');
  const flags =
    '--org one --accept disruptive --ignore-conflicts --concurrency 1 --lock-timeout 1m --submit-timeout 5s';
  const failed = await run(project, `${rollback} ${flags}`);
  assert.deepEqual(statusesOf(failed), [['one', 'failed']]);
  const resume = printed(failed, 'To resume:');
  assert.equal(resume, `${rollback.replace(' --runs "my runs"', '')} ${flags} --runs "my runs"`);
  const resumed = await run(project, resume);
  assert.deepEqual([resumed.exit, ...statusesOf(resumed)], [0, ['one', 'changed']], resume);
  assert.deepEqual([isRenamed(project, 'one'), isRenamed(project, 'two')], [false, true]);
});

test('runs lists the command that resumes an incomplete run, wherever its folder is now', async () => {
  const project = await session({ one: 1, two: 2 });
  project.sf.org('one').rejectDeploy('The row is locked.');
  await run(project, 'npm run deploy -- --all');
  renameSync(join(project.folder, '.runs'), join(project.folder, 'moved runs'));
  const listed = await run(project, 'npm run runs -- --runs "moved runs"');
  const resumed = await run(project, printed(listed, 'Resume:'));
  assert.deepEqual([resumed.exit, ...statusesOf(resumed)], [0, ['one', 'changed'], ['two', 'changed']]);
});

test('each step of a rotation prints the command of the next one, also after a failure', async () => {
  const { folder, sf } = await keyFixture(parent, { one: 1 });
  const project = { folder, sf };
  sf.org('one').rejectDeploy('The row is locked.');
  const failed = await run(project, 'npm run keys -- rotate stage Identity --new-key New --cache-hours 0');
  assert.deepEqual([failed.exit, failed.orgs[0]?.status], [1, 'failed']);
  const staged = await run(project, printed(failed, 'Next'));
  assert.equal(staged.exit, 0, staged.shown);
  const switched = await run(project, printed(staged, 'Next'));
  assert.equal(switched.exit, 0, switched.shown);
  const early = await run(project, printed(switched, 'Next'));
  assert.match(early.shown, /too-early/);
  const file = join(folder, 'config/rotations/Identity.json');
  const earlier = (moment: string): string => new Date(Date.parse(moment) - 2 * 3_600_000).toISOString();
  writeFileSync(file, readFileSync(file, 'utf8').replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, earlier));
  const retired = await run(project, printed(switched, 'Next'));
  assert.equal(retired.exit, 0, retired.shown);
  const deleted = await run(project, printed(retired, 'Next'));
  assert.equal(deleted.exit, 0, deleted.shown);
  assert.match(deleted.shown, /The rotation is complete/);
});

test('a step that fails is repeated with its flags', async () => {
  const { folder, sf } = await keyFixture(parent, { one: 1 });
  const project = { folder, sf };
  const stage = 'npm run keys -- rotate stage Identity --new-key New --old-key Old --cache-hours 0 --accept disruptive';
  sf.org('one').rejectDeploy('The row is locked.');
  const failed = await run(project, stage);
  assert.deepEqual(commandsIn(failed.orgs[0]?.error?.fix ?? ''), [stage]);
});

test('the retirement of a compromised key is resumed with what was accepted, and an unreachable org ends it with 4', async () => {
  const { folder, sf } = await keyFixture(parent, { one: 1, two: 2 });
  const project = { folder, sf };
  sf.org('two').fail('retrieve', 'loginRefused');
  const cut = await run(project, 'npm run keys -- rotate retire Identity --compromised --accept disruptive');
  assert.deepEqual([cut.exit, ...statusesOf(cut)], [4, ['two', 'unreachable'], ['one', 'skipped']], cut.shown);
  const resumed = await run(project, fixCommand(cut, 'one', 'rotate retire'));
  assert.deepEqual([resumed.exit, ...statusesOf(resumed)], [0, ['two', 'changed'], ['one', 'changed']], resumed.shown);
});

test('a post-refresh that failed while publishing is completed by the command in its fix', async () => {
  const project = await session({ one: 1 });
  const org = project.sf.org('one');
  org.rejectDeploy('The row is locked.');
  const command = 'npm run post-refresh -- --org one --accept new-org-id --no-verify --runs "my runs"';
  const failed = await run(project, command);
  assert.deepEqual([failed.exit, ...statusesOf(failed)], [1, ['one', 'failed']], failed.shown);
  const resume = printed(failed, 'To resume:');
  assert.equal(resume, command);
  const resumed = await run(project, resume);
  assert.deepEqual([resumed.exit, isRenamed(project, 'one')], [0, true], resumed.shown);
});

test('an unused key is staged by the command of its fix, or deleted as the fix says', async () => {
  for (const listed of [[], ['New'], ['Old', 'New']]) {
    const { folder, sf } = await keyFixture(parent, { one: 1 });
    const source = join(folder, SOURCE, '..');
    const spare = join(source, 'Spare.PublicKeyCertificateSet-meta.xml');
    if (listed.length > 0) writeFileSync(spare, keyset('Spare', 'https://spare.example.com', ...listed).content);
    const fix = unusedFix(folder) ?? assert.fail('no finding');
    const copy = `${folder}-deleted`;
    cpSync(folder, copy, { recursive: true });
    const [command = ''] = commandsIn(fix);
    const staged = await run({ folder, sf }, `${command.replace('KEYSET', 'Identity')} --cache-hours 0`);
    assert.deepEqual([staged.exit, unusedFix(folder)], [0, undefined], staged.shown);
    const copyOf = (file: string): string => file.replace(folder, copy);
    if (fix.includes('remove it from Spare'))
      writeFileSync(
        copyOf(spare),
        keyset('Spare', 'https://spare.example.com', ...listed.filter((name) => name !== 'New')).content,
      );
    if (fix.includes('the file of Spare')) rmSync(copyOf(spare));
    rmSync(copyOf(join(source, '../PublicKeyCertificate/New.PublicKeyCertificate-meta.xml')));
    assert.deepEqual(loadProject(copy, { orgs: [] }, new Date()).findings, [], fix);
  }
});

test('a key that must be replaced is replaced by the commands of its fix, in their order', async () => {
  const { folder, sf } = await keyFixture(parent, { one: 1 });
  const commands = commandsIn(renewFix('Old')).slice(-2);
  const values: Readonly<Record<string, string>> = { NAME: 'Own', FILE: join(parent, 'own.pem'), KEYSET: 'Identity' };
  for (const command of commands) {
    const outcome = await run(
      { folder, sf },
      command.replace(/\b[A-Z]{4,}\b/g, (word) => values[word] ?? word),
    );
    assert.equal(outcome.exit, 0, outcome.shown);
  }
  assert.ok([...sf.org('one').files.keys()].some((name) => name.includes('Own.')));
});

test('a project without org files is told to run setup, which needs none', async () => {
  const { folder } = await keyFixture(parent, {});
  const [finding] = loadProject(folder, { orgs: [] }, new Date()).findings.filter(({ rule }) => rule === 'no-orgs');
  const { name, flags } = parseRecommended(commandsIn(finding?.fix ?? '')[0] ?? '');
  assert.deepEqual([name, flags['org']], ['setup', ['ORG']]);
});
