import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { withDigest } from '../../lib/plan/digest';
import { startFleet, editInSetup, writeEvents, type Fleet, type OrgSetup } from './fleet';
import type { CommandResult, RunOptions } from './run-command';
import { latestRunId } from './run-helpers';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();
const VERIFIED_CHANNEL = { config: { channels: ['Web_Chat'] } };
const CHANNEL = 'messagingChannels/Web_Chat.messagingChannel';
const KEYSET = 'PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet';
const SOURCE = `force-app/main/default/${CHANNEL}-meta.xml`;

/** Orgs with all components, and a saved plan that extends the token lifetime of Web_Chat. */
async function savePlan(
  members: Readonly<Record<string, OrgSetup>> = { dev: VERIFIED_CHANNEL },
): Promise<Fleet & { file: string }> {
  const fleet = await startFleet(workspace, members);
  assert.equal((await fleet.deployAccepted()).exit, 0);
  fleet.rewrite(SOURCE, 'verifiedUserJwtExpirationTime>60<', 'verifiedUserJwtExpirationTime>90<');
  const file = join(fleet.project, 'plan.json');
  const { exit, shown } = await fleet.plan({ out: file });
  assert.equal(exit, 2);
  assert.match(shown, /Plan saved to\s.*plan\.json\.\nTo deploy exactly this plan:\s+npm run deploy -- --plan/);
  return Object.assign(fleet, { file });
}

const applyPlan = (fleet: { file: string } & Fleet, setting: RunOptions = {}): Promise<CommandResult> =>
  fleet.deploy({ plan: fleet.file, ...setting });
const tokenMinutes = (fleet: Fleet, alias = 'dev'): string | undefined =>
  /verifiedUserJwtExpirationTime>(\d+)</.exec(fleet.org(alias).files().get(CHANNEL) ?? '')?.[1];

/** Edits a saved plan and updates its digest, as an attacker could. */
function editPlan(file: string, change: (text: string) => string): void {
  const { digest: _digest, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as { digest: string };
  const text = JSON.stringify(rest);
  const changed = change(text);
  assert.notEqual(changed, text);
  writeFileSync(file, withDigest(JSON.parse(changed) as object));
}

test('deploys a saved plan once and unchanged after the source changed', async () => {
  const fleet = await savePlan();
  fleet.rewrite(SOURCE, '>90<', '>200<');
  const { exit, org } = await applyPlan(fleet);
  assert.deepEqual([exit, org('dev').status, tokenMinutes(fleet)], [0, 'changed', '90']);
  assert.deepEqual(
    org('dev').changes.map(({ component, path, from, to, impact }) => [component, path, from, to, impact]),
    [['MessagingChannel:Web_Chat', 'embeddedConfig.verifiedUserJwtExpirationTime', '60', '90', 'visible']],
  );
  const [run, written] = [latestRunId(fleet), writeEvents(fleet.org('dev')).length];
  const again = await applyPlan(fleet);
  assert.deepEqual(
    [again.exit, again.org('dev').status, writeEvents(fleet.org('dev')).length],
    [0, 'unchanged', written],
  );
  assert.equal((await fleet.run('rollback', { run })).exit, 0, 'it can be rolled back like any run');
  assert.equal(tokenMinutes(fleet), '60');
});

test('saves changes and impact first, then the files to deploy, then the live state', async () => {
  const text = readFileSync((await savePlan()).file, 'utf8');
  const parts = [
    '"kind": "plan"',
    '"effect": "Access tokens for verified users',
    '"to": {',
    'ExpirationTime>90<',
    '"from": {',
    '"digest"',
  ];
  assert.deepEqual(
    parts.map((each) => text.indexOf(each)).map((at, index, all) => at > (all[index - 1] ?? -1)),
    parts.map(() => true),
  );
  assert.doesNotMatch(text, /00D\w{15}!|force:\/\/|PRIVATE KEY/);
});

describe('deploy of an invalid saved plan', () => {
  const BROKEN: Readonly<Record<string, readonly [(file: string) => void, code: string, RunOptions?]>> = {
    'an edited value': [
      (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('>90<', '>91<')),
      'plan-invalid',
    ],
    'an additional space': [
      (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('\n', '\n ')),
      'plan-invalid',
    ],
    'a truncated file': [(file) => writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20)), 'plan-invalid'],
    'an unknown property': [(file) => editPlan(file, (text) => text.replace('{', '{"more":1,')), 'plan-invalid'],
    'metadata of another type': [
      (file) =>
        editPlan(file, (text) =>
          text.replaceAll('<MessagingChannel ', '<Flow ').replaceAll('</MessagingChannel>', '</Flow>'),
        ),
      'plan-invalid',
    ],
    'an invalid name': [
      (file) => editPlan(file, (text) => text.replace('"publish":["', '"publish":["x\' OR ')),
      'plan-invalid',
    ],
    'an unsafe token URL': [
      (file) => editPlan(file, (text) => text.replace('"wave":1,', '"wave":1,"scrt2URL":"http://evil.example.com",')),
      'plan-invalid',
    ],
    'a plan from yesterday': [
      (file) => editPlan(file, (text) => text.replace(/"createdAt":"[^"]*"/, `"createdAt":"${hoursAgo(25)}"`)),
      'plan-expired',
    ],
    'a plan older than --max-age': [
      (file) => editPlan(file, (text) => text.replace(/"createdAt":"[^"]*"/, `"createdAt":"${hoursAgo(2)}"`)),
      'plan-expired',
      { maxAge: '90m' },
    ],
    'an invalid --max-age': [() => undefined, 'invalid-flag', { maxAge: 'soon' }],
    'an org that is not in the plan': [() => undefined, 'unknown-org', { org: ['uat'] }],
    'a wave that is not in the plan': [() => undefined, 'invalid-flag', { wave: 9 }],
  };
  for (const [what, [change, code, setting]] of Object.entries(BROKEN)) {
    test(`contacts no org for ${what}`, async () => {
      const fleet = await shared();
      const before = readFileSync(fleet.file);
      const asked = fleet.org('dev').log.length;
      try {
        change(fleet.file);
        await assert.rejects(applyPlan(fleet, setting), { code, exit: 3 });
      } finally {
        writeFileSync(fleet.file, before);
      }
      assert.equal(fleet.org('dev').log.length, asked);
    });
  }

  let made: ReturnType<typeof savePlan> | undefined;
  const shared = (): ReturnType<typeof savePlan> => (made ??= savePlan());
});

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

const ORG_CHANGES: Readonly<Record<string, readonly [(fleet: Fleet) => void, RegExp]>> = {
  'a component of the plan': [
    (fleet) => editInSetup(fleet.org('dev'), CHANNEL, '>Auth<', '>UnAuth<'),
    /^MessagingChannel:Web_Chat embeddedConfig\.authMode: Auth -> UnAuth$/,
  ],
  'a component that it refers to': [
    (fleet) => editInSetup(fleet.org('dev'), KEYSET, '//id.', '//evil.'),
    /^PublicKeyCertificateSet:Customer_Identity jwtIssuer: .* -> https:\/\/evil\.example\.com$/,
  ],
  'a component that refers to it': [
    (fleet) =>
      editInSetup(
        fleet.org('dev'),
        'EmbeddedServiceConfig/Web_Chat.EmbeddedServiceConfig',
        /(?<=\n {4}<isEnabled>)true/,
        'false',
      ),
    /^EmbeddedServiceConfig:Web_Chat isEnabled: true -> false$/,
  ],
};

for (const [what, [edit, pattern]] of Object.entries(ORG_CHANGES)) {
  test(`rejects an org with a later change of ${what} and does not plan again`, async () => {
    const fleet = await savePlan();
    const written = writeEvents(fleet.org('dev')).length;
    edit(fleet);
    const { exit, org } = await applyPlan(fleet, { accept: ['disruptive'] });
    assert.deepEqual([exit, org('dev').status, org('dev').error?.code], [1, 'failed', 'plan-stale']);
    assert.match(org('dev').error?.why ?? '', pattern);
    assert.equal(writeEvents(fleet.org('dev')).length, written);
  });
}

test('deploys a saved plan to an org with a change outside the plan', async () => {
  const fleet = await savePlan({ dev: { config: { channels: ['Web_Chat', 'Guest_Web_Chat'] } } });
  editInSetup(
    fleet.org('dev'),
    'messagingChannels/Guest_Web_Chat.messagingChannel',
    '</description>',
    '!</description>',
  );
  assert.equal((await applyPlan(fleet)).exit, 0);
  assert.match(
    fleet.org('dev').files().get('messagingChannels/Guest_Web_Chat.messagingChannel') ?? '',
    /!<\/description>/,
  );
});

test('deploys the remaining changes of a partly deployed plan', async () => {
  const fleet = await startFleet(workspace, { dev: VERIFIED_CHANNEL });
  const file = join(fleet.project, 'plan.json');
  await fleet.plan({ out: file });
  let broken = false;
  const onProgress = (line: string): void => {
    if (broken || !line.includes('dev: activating')) return;
    broken = true;
    throw new Error('Something broke.');
  };
  assert.equal((await applyPlan(Object.assign(fleet, { file }), { onProgress })).exit, 1);
  const { exit, org } = await applyPlan(Object.assign(fleet, { file }), { accept: ['disruptive'] });
  assert.deepEqual([exit, org('dev').status, org('dev').deployIds], [0, 'changed', []]);
  assert.deepEqual(
    org('dev').changes.map(({ path }) => path),
    ['isActive'],
  );
  assert.equal((await fleet.plan()).exit, 0);
});

test('rejects an org with another org ID than the saved plan', async () => {
  const fleet = await savePlan();
  editPlan(fleet.file, (text) => text.replace(/00D\w{15}/, '00D000000000001EAA'));
  const { exit, org } = await applyPlan(fleet);
  assert.deepEqual(
    [exit, org('dev').status, org('dev').error?.code, tokenMinutes(fleet)],
    [4, 'unreachable', 'org-mismatch', '60'],
  );
});

test('deploys one wave of a saved plan per job and reports an unreachable org', async () => {
  const fleet = await savePlan({ dev: VERIFIED_CHANNEL, uat: { config: { ...VERIFIED_CHANNEL.config, wave: 2 } } });
  const first = await applyPlan(fleet, { wave: 1 });
  assert.deepEqual([first.exit, first.document.orgs.map(({ alias }) => alias)], [0, ['dev']]);
  assert.deepEqual([tokenMinutes(fleet, 'dev'), tokenMinutes(fleet, 'uat')], ['90', '60']);
  await fleet.org('uat').close();
  const second = await applyPlan(fleet, { wave: 2 });
  assert.deepEqual(
    [second.exit, second.org('uat').status, second.org('uat').error?.code],
    [4, 'unreachable', 'org-unreachable'],
  );
});

test('reports an org that a plan lacks, fails for it, and deploys the others by name', async () => {
  const fleet = await startFleet(workspace, {
    dev: VERIFIED_CHANNEL,
    lost: { config: { ...VERIFIED_CHANNEL.config, orgId: '00D000000000001EAA' } },
  });
  const file = join(fleet.project, 'plan.json');
  const { exit, shown } = await fleet.plan({ out: file });
  assert.equal(exit, 4);
  assert.match(shown, /It doesn.t include lost\./);
  const all = await applyPlan(Object.assign(fleet, { file }));
  assert.deepEqual([all.exit, all.org('dev').status, all.org('lost').status], [1, 'changed', 'failed']);
  assert.match(all.org('lost').error?.what ?? '', /isn't in the saved plan/);
  assert.equal((await applyPlan(Object.assign(fleet, { file }), { org: ['dev'] })).exit, 0);
});

test('rejects a disruptive saved plan without --accept disruptive', async () => {
  const fleet = await startFleet(workspace, { dev: VERIFIED_CHANNEL });
  assert.equal((await fleet.deployAccepted()).exit, 0);
  fleet.rewrite(SOURCE, '>Customer_Chat<', '>Customer_Chat_UAT<');
  const file = join(fleet.project, 'plan.json');
  await fleet.plan({ out: file });
  const refused = await applyPlan(Object.assign(fleet, { file }));
  assert.deepEqual([refused.exit, refused.org('dev').error?.code], [1, 'not-accepted']);
  assert.equal((await applyPlan(Object.assign(fleet, { file }), { accept: ['disruptive'] })).exit, 0);
});
