import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { check as prettierCheck } from 'prettier';
import { startLocalOrg, type LocalOrg } from '../../local-org/index';
import { loadSeed } from '../../local-org/orgs';
import { Sf } from '../local-org/sf-process';
import { ROOT, editInSetup, writeEvents } from './fleet';
import {
  authorization,
  channel,
  deployment,
  endpointKeyset,
  key,
  keyset,
  unusualOrgs,
  origin,
  queue,
  routing,
  secretOf,
} from './import-orgs';
import { projectFiles, ImportFixture } from './run-import';
import { runInProcess } from './run-command';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
const fixture = new ImportFixture(workspace);
const MAIN = 'force-app/main/default';

const orgFileContents = (org: LocalOrg): Readonly<Record<string, string>> => Object.fromEntries(org.files());

async function planOf(project: string): Promise<readonly unknown[]> {
  const plan = await runInProcess('plan', project, workspace.workers, {});
  assert.equal(plan.exit, plan.document.orgs.some(({ changes }) => changes.length > 0) ? 2 : 0, plan.shown);
  return plan.document.orgs.flatMap(({ changes }) => changes);
}

describe('import of an org that was set up by hand', () => {
  const aliases = ['plain', 'parameters', 'live', 'strange', 'routed', 'unsafe', 'twice', 'web'];
  const filesBefore = new Map<string, Readonly<Record<string, string>>>();
  before(async () => {
    for (const [alias, member] of Object.entries(await unusualOrgs()))
      filesBefore.set(alias, orgFileContents(await fixture.start(alias, member)));
  });

  for (const alias of aliases)
    test(`imports ${alias} with an empty plan and without a change in the org`, async () => {
      const project = fixture.project();
      const imported = await fixture.import(project, [alias], { write: true });
      assert.equal(imported.exit, 0, imported.shown);
      assert.deepEqual(
        imported.orgs.map(({ status }) => status),
        ['unchanged'],
      );
      assert.deepEqual(await planOf(project), []);
      assert.deepEqual(orgFileContents(fixture.org(alias)), filesBefore.get(alias));
      assert.deepEqual(writeEvents(fixture.org(alias)), []);
      assert.deepEqual((await fixture.import(project, [alias])).files, [], 'there is nothing left to import');
    });

  test('imports all orgs into one source with overrides and an empty plan for each', async () => {
    const project = fixture.project();
    const imported = await fixture.import(project, aliases, { write: true });
    assert.equal(imported.exit, 0, imported.shown);
    assert.deepEqual(await planOf(project), []);
    const channels = Object.keys(projectFiles(project)).filter((path) => path.includes('messagingChannels'));
    assert.equal(channels.length, 5, channels.join());
    assert.match(projectFiles(project)['config/orgs/live.json'] ?? '', /"wave": 2/, 'production goes last');
  });

  test('formats files as the project does', async () => {
    const { files } = await fixture.import(fixture.project(), aliases);
    const orgFiles = files.filter(({ path }) => path.endsWith('.json'));
    assert.equal(orgFiles.length, aliases.length);
    for (const { path, text } of orgFiles)
      assert.ok(await prettierCheck(text, { filepath: path, printWidth: 120, singleQuote: true }), text);
  });

  test('reports a private key in an org without writing or printing it', async () => {
    const project = fixture.project();
    const { output, findings } = await fixture.import(project, ['unsafe'], { write: true });
    assert.ok(
      findings.some(({ rule, component }) => rule === 'jwk-private-key' && component === 'PublicKeyCertificate:Leaked'),
    );
    const everything = output + JSON.stringify(projectFiles(project));
    assert.ok(secretOf('Leaked').length > 300);
    assert.equal(everything.includes(secretOf('Leaked').slice(0, 40)), false);
    assert.match(projectFiles(project)['config/orgs/unsafe.json'] ?? '', /"PublicKeyCertificate:Leaked"/);
  });

  test('reports components that it does not import', async () => {
    const rules = async (alias: string): Promise<readonly string[]> => {
      const { findings } = await fixture.import(fixture.project(), [alias]);
      return [...new Set(findings.map(({ rule, component }) => `${rule} ${component}`))].sort();
    };
    assert.deepEqual(await rules('strange'), [
      'not-declared MessagingChannel:Web_Chat',
      'not-declared Queue:Chat',
      'unknown-element MessagingChannel:Web_Chat',
    ]);
    assert.deepEqual(await rules('twice'), [
      'auth-identifier MessagingChannel:Bad_Chat',
      'auth-without-authorization MessagingChannel:Bad_Chat',
      'duplicate-list-item MessagingChannel:Web_Chat',
      'not-declared Queue:Chat',
    ]);
    assert.ok((await rules('web')).includes('not-declared EmbeddedServiceConfig:Site'));
    assert.ok((await rules('plain')).includes('channel-not-imported '));
  });

  test('accepts the trust of another channel without a reviewed reason, and the plan is empty', async () => {
    const issuer = 'https://other.example.com';
    const seed = [...loadSeed('production'), endpointKeyset('Other_Identity', issuer, `${issuer}/jwks`)];
    const org = await fixture.start('partner', { seed });
    const partner = 'messagingChannels/Partner_Chat.messagingChannel';
    editInSetup(org, partner, '>Legacy_Identity<', '>Other_Identity<');
    const project = fixture.project();
    const imported = await fixture.import(project, ['partner'], { channel: ['Web_Chat'], write: true });
    assert.deepEqual([imported.exit, imported.orgs.map(({ status }) => status)], [0, ['unchanged']], imported.shown);
    assert.ok(imported.findings.some(({ rule }) => rule === 'also-trusted-unreviewed'));
    const file = projectFiles(project)['config/orgs/partner.json'] ?? '';
    assert.match(file, /"component": "MessagingChannel:Partner_Chat",\n {6}"keys": \["https:/);
    assert.ok(await prettierCheck(file, { filepath: 'x.json', printWidth: 120 }), file);
    assert.deepEqual(await planOf(project), []);
    assert.deepEqual((await fixture.import(project, ['partner'], { channel: ['Web_Chat'] })).files, []);
  });

  test('lists a flow and a bot as existing and names an unverified channel only on request', async () => {
    const project = fixture.project();
    await fixture.import(project, ['routed'], { write: true });
    assert.match(
      projectFiles(project)['config/orgs/routed.json'] ?? '',
      /"existing": \["Flow:Route_Chat", "Bot:Helper"\]/,
    );
    const { files } = await fixture.import(fixture.project(), ['plain'], { channel: ['Guest_Chat'], origins: false });
    const names = files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)).sort();
    assert.deepEqual(names, [
      ...[
        'Chat.queue-meta.xml',
        'Chat.queueRoutingConfig-meta.xml',
        'Guest_Chat.messagingChannel-meta.xml',
        'plain.json',
      ],
    ]);
  });

  test('imports a chat deployment of type Web without its site, and deploys it to another org', async () => {
    const project = fixture.project();
    const { exit } = await fixture.import(project, ['web'], { write: true });
    assert.equal(exit, 0);
    const file = projectFiles(project)[`${MAIN}/EmbeddedServiceConfig/Site.EmbeddedServiceConfig-meta.xml`] ?? '';
    assert.match(file, />Web<\/deploymentType>/);
    assert.doesNotMatch(file, /ESW_Site_1/);
    assert.deepEqual(await planOf(project), []);
  });

  test('creates a project that the plain sf CLI deploys to an empty org', async () => {
    const project = fixture.project();
    await fixture.import(project, ['plain'], { write: true });
    const org = await startLocalOrg({ alias: 'bare', kind: 'sandbox', port: 0, loginKey: workspace.loginKey });
    workspace.onCleanup(() => org.close());
    await workspace.logIn(org);
    const argv = ['project', 'deploy', 'start', '--source-dir', MAIN, '--target-org', 'bare', '--json'];
    const { exitCode, stdout } = await new Sf(workspace.folder).run(project, argv);
    assert.equal(exitCode, 0, stdout);
    assert.ok(org.files().has('messagingChannels/Web_Chat.messagingChannel'));
  });

  test('writes files only after a confirmation, and exactly the files that it showed', async () => {
    const project = fixture.project();
    const untouched = projectFiles(project);
    const silent = await fixture.import(project, ['plain']);
    assert.deepEqual([silent.exit, projectFiles(project)], [2, untouched]);
    assert.match(silent.shown, /Nothing was written\. To create these files, add --write\./);
    assert.deepEqual(
      [(await fixture.import(project, ['plain'], { answer: false })).exit, projectFiles(project)],
      [2, untouched],
    );
    const agreed = await fixture.import(project, ['plain'], { answer: true });
    assert.deepEqual(agreed.questions, ['Write 9 files?']);
    for (const { path, text } of agreed.files) assert.equal(projectFiles(project)[path], text);
  });
});

describe('import into a project with orgs', () => {
  const parts = async (alias: string): Promise<Parameters<ImportFixture['start']>[1]['seed']> => [
    ...[
      queue(),
      routing(),
      await key(`Key_${alias}`),
      keyset('Identity', `https://id.${alias}.example.com`, `Key_${alias}`),
    ],
    ...[channel('Web_Chat', authorization('Identity')), deployment('Web_Chat', 'Web_Chat')],
  ];

  test('keeps the source files and writes differences as overrides', async () => {
    await fixture.start('first', { seed: (await parts('first')) ?? [] });
    const second = await fixture.start('second', { seed: (await parts('second')) ?? [] });
    const project = fixture.project();
    await fixture.import(project, ['first'], { write: true });
    const source = projectFiles(project);
    await fixture.import(project, ['second'], { write: true });
    assert.deepEqual({ ...projectFiles(project), ...source }, projectFiles(project), 'no file of before has changed');
    assert.deepEqual(await planOf(project), []);
    editInSetup(second, 'messagingChannels/Web_Chat.messagingChannel', '>60<', '>90<');
    const repeated = await fixture.import(project, ['second'], { write: true });
    assert.deepEqual(
      repeated.files.map(({ path, action }) => [path, action]),
      [['config/orgs/second.json', 'update']],
    );
    assert.match(repeated.shown, /\+ +"verifiedUserJwtExpirationTime": 90/);
    assert.match(
      repeated.shown,
      /^ {2} +"jwtIssuer": "https:\/\/id\.second\.example\.com"/m,
      'what stays is shown unmarked',
    );
    assert.deepEqual(await planOf(project), []);
  });

  test('keeps the formatting of an org file that a user edited', async () => {
    await fixture.start('kept', { seed: (await parts('kept')) ?? [] });
    const project = fixture.project();
    await fixture.import(project, ['kept'], { write: true });
    const path = join(project, 'config/orgs/kept.json');
    const text = (projectFiles(project)['config/orgs/kept.json'] ?? '').replace('"wave": 1', '"wave":   7');
    writeFileSync(path, text);
    assert.deepEqual((await fixture.import(project, ['kept'])).files, []);
    editInSetup(fixture.org('kept'), 'messagingChannels/Web_Chat.messagingChannel', '>60<', '>90<');
    await fixture.import(project, ['kept'], { write: true });
    assert.match(projectFiles(project)['config/orgs/kept.json'] ?? '', /"wave": {3}7/);
  });

  test('plans components from include of the org file only if the org lacks them', async () => {
    await fixture.start('included', { seed: (await parts('included')) ?? [] });
    const project = fixture.project();
    await fixture.import(project, ['included'], { write: true });
    const permissions = `${MAIN}/permissionsets/User_Verification_Admin.permissionset-meta.xml`;
    cpSync(join(ROOT, permissions), join(project, permissions));
    const path = join(project, 'config/orgs/included.json');
    const entry = JSON.parse(projectFiles(project)['config/orgs/included.json'] ?? '') as { include?: string[] };
    const include = [...(entry.include ?? []), 'PermissionSet:User_Verification_Admin'];
    writeFileSync(path, JSON.stringify({ ...entry, include }, null, 2));
    const outcomes = async (): Promise<readonly string[]> =>
      (await fixture.import(project, ['included'])).orgs.map(({ status }) => status);
    assert.deepEqual(await outcomes(), ['planned'], 'what the org lacks is planned');
    assert.equal((await runInProcess('deploy', project, workspace.workers, {})).exit, 0);
    assert.deepEqual(await outcomes(), ['unchanged']);
  });

  test('reports a sandbox with the keyset of production and writes no override for it', async () => {
    const shared = [
      ...[queue(), routing(), await key('Shared'), keyset('Identity', 'https://id.shared.example.com', 'Shared')],
      channel('Web_Chat', authorization('Identity')),
    ];
    await fixture.start('real', { kind: 'production', seed: shared });
    await fixture.start('copy', { seed: shared });
    const project = fixture.project();
    const { exit, findings } = await fixture.import(project, ['real', 'copy'], { write: true });
    assert.equal(exit, 0);
    assert.deepEqual(
      findings.filter(({ rule }) => rule === 'production-trust').map(({ component }) => component),
      ['PublicKeyCertificateSet:Identity'],
    );
    assert.deepEqual(await planOf(project), []);
  });

  test('keeps apart components of two orgs whose names differ only in case', async () => {
    await fixture.start('upper', {
      seed: [
        queue(),
        routing(),
        await key('Upper'),
        keyset('Identity', 'https://id.upper.example.com', 'Upper'),
        channel('Web_Chat', authorization('Identity')),
        origin('Shop', 'https://shop.example.com'),
      ],
    });
    await fixture.start('lower', {
      seed: [
        queue(),
        routing(),
        await key('Lower'),
        keyset('identity', 'https://id.lower.example.com', 'Lower'),
        channel('App_Chat', authorization('identity')),
        origin('shop', 'https://other.example.com'),
      ],
    });
    const project = fixture.project();
    const { findings } = await fixture.import(project, ['upper', 'lower'], { write: true });
    const components = findings.filter(({ rule }) => rule === 'name-case').map(({ component }) => component);
    assert.deepEqual(components.sort(), ['CorsWhitelistOrigin:shop', 'PublicKeyCertificateSet:identity']);
    assert.deepEqual(await planOf(project), []);
  });

  test('shows a chat deployment that the source would create before writing files', async () => {
    await fixture.start('without', {
      seed: ((await parts('without')) ?? []).filter(({ path }) => !path.includes('EmbeddedServiceConfig')),
    });
    const project = fixture.project();
    await fixture.import(project, ['first'], { write: true });
    const { orgs, shown } = await fixture.import(project, ['without']);
    assert.deepEqual(
      orgs.map(({ status }) => status),
      ['planned'],
    );
    assert.match(shown, /\+ Chat Deployment Web_Chat \(EmbeddedServiceConfig\)/);
  });

  const organization = { orgId: '', kind: 'sandbox', channels: ['Web_Chat'] };
  const flawedProjects: readonly (readonly [string, string, (orgId: string) => string])[] = [
    [
      'a queue with a duplicate item',
      `${MAIN}/queues/Shop_Staff.queue-meta.xml`,
      () =>
        `<Queue xmlns="http://soap.sforce.com/2006/04/metadata"><name>Shop_Staff</name>${'<queueSobject><sobjectType>Case</sobjectType></queueSobject>'.repeat(2)}</Queue>`,
    ],
    [
      'an org file that includes a component without a file',
      'config/orgs/first.json',
      (orgId) => JSON.stringify({ ...organization, orgId, include: ['PermissionSet:Gone'] }),
    ],
    [
      'an org file with a flow that the org lacks',
      'config/orgs/first.json',
      (orgId) => JSON.stringify({ ...organization, orgId, existing: ['Flow:Gone'] }),
    ],
    [
      'an org file of another kind of org',
      'config/orgs/first.json',
      (orgId) => JSON.stringify({ ...organization, orgId, kind: 'production' }),
    ],
  ];
  for (const [flaw, path, text] of flawedProjects)
    test(`forecasts the result of plan for a project with ${flaw}`, async () => {
      const project = fixture.project();
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), text(fixture.org('first').orgId));
      const { orgs, exit } = await fixture.import(project, ['first'], { write: true });
      const plan = await runInProcess('plan', project, workspace.workers, { org: ['first'] });
      const [planned] = plan.document.orgs;
      assert.equal(orgs[0]?.status, plan.exit === 3 ? 'failed' : planned?.status, plan.shown);
      assert.equal(orgs[0]?.error?.code, plan.exit === 3 ? 'invalid-project' : planned?.error?.code);
      assert.equal(exit, plan.exit === 0 ? 0 : 1);
    });

  test('rejects an org with another org ID, a duplicate alias, or no connection, and writes nothing', async () => {
    const project = fixture.project();
    await assert.rejects(fixture.import(project, []), { code: 'invalid-flag', exit: 3 });
    await assert.rejects(fixture.import(project, ['first', 'first']), { code: 'invalid-flag' });
    const missing = await fixture.import(project, ['first', 'nobody'], { write: true });
    assert.deepEqual([missing.exit, missing.orgs.map(({ error }) => error?.code)], [4, ['login-missing']]);
    await fixture.start('empty', {});
    const empty = await fixture.import(project, ['first', 'empty'], { write: true });
    assert.equal(empty.exit, 1);
    assert.deepEqual(
      empty.orgs.map(({ status, error }) => [status, error?.code]),
      [
        ['skipped', undefined],
        ['failed', 'nothing-to-import'],
      ],
    );
    mkdirSync(join(project, 'config/orgs'), { recursive: true });
    const pinned = { orgId: '00D4fP53twgxYnvEBE', kind: 'sandbox', channels: ['Web_Chat'] };
    writeFileSync(join(project, 'config/orgs/first.json'), JSON.stringify(pinned));
    await assert.rejects(fixture.import(project, ['first'], { write: true }), {
      code: 'org-mismatch',
      exit: 4,
      fix: /npm run post-refresh -- --org first/,
    });
    assert.equal(
      Object.keys(projectFiles(project)).some((path) => path.includes('messagingChannels')),
      false,
    );
  });
});
