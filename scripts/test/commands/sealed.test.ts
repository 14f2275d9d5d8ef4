import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { withDigest } from '../../lib/seal/digest';
import { startFleet, tamper, writesIn, type Fleet, type Member } from './fleet';
import type { Ran, Setting } from './ran';
import { lastRun } from './runs';
import { workplace } from './workplace';

const place = workplace();
const VERIFIED = { config: { channels: ['Web_Chat'] } };
const CHANNEL = 'messagingChannels/Web_Chat.messagingChannel';
const KEYSET = 'PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet';
const SOURCE = `force-app/main/default/${CHANNEL}-meta.xml`;

/** Orgs that hold everything, and a sealed plan that makes the tokens of Web_Chat live longer. */
async function sealed(
  members: Readonly<Record<string, Member>> = { dev: VERIFIED },
): Promise<Fleet & { file: string }> {
  const fleet = await startFleet(place, members);
  assert.equal((await fleet.force()).exit, 0);
  fleet.rewrite(SOURCE, 'verifiedUserJwtExpirationTime>60<', 'verifiedUserJwtExpirationTime>90<');
  const file = join(fleet.project, 'plan.json');
  const { exit, shown } = await fleet.plan({ out: file });
  assert.equal(exit, 2);
  assert.match(shown, /Sealed in .*plan\.json\. Apply exactly this with: npm run deploy -- --plan/);
  return Object.assign(fleet, { file });
}

const apply = (fleet: { file: string } & Fleet, setting: Setting = {}): Promise<Ran> =>
  fleet.deploy({ plan: fleet.file, ...setting });
const minutesIn = (fleet: Fleet, alias = 'dev'): string | undefined =>
  /verifiedUserJwtExpirationTime>(\d+)</.exec(fleet.org(alias).files().get(CHANNEL) ?? '')?.[1];

/** The file with other contents, and a digest that fits: what somebody could do who means harm. */
function forge(file: string, change: (text: string) => string): void {
  const { digest: _digest, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as { digest: string };
  const text = JSON.stringify(rest);
  const changed = change(text);
  assert.notEqual(changed, text);
  writeFileSync(file, withDigest(JSON.parse(changed) as object));
}

test('a sealed plan is applied as it was approved, whatever the source says by now, and only once', async () => {
  const fleet = await sealed();
  fleet.rewrite(SOURCE, '>90<', '>200<');
  const { exit, org } = await apply(fleet);
  assert.deepEqual([exit, org('dev').outcome, minutesIn(fleet)], [0, 'changed', '90']);
  assert.deepEqual(
    org('dev').changes.map(({ component, path, from, to, impact }) => [component, path, from, to, impact]),
    [['MessagingChannel:Web_Chat', 'embeddedConfig.verifiedUserJwtExpirationTime', '60', '90', 'notice']],
  );
  const [run, written] = [lastRun(fleet), writesIn(fleet.org('dev')).length];
  const again = await apply(fleet);
  assert.deepEqual(
    [again.exit, again.org('dev').outcome, writesIn(fleet.org('dev')).length],
    [0, 'unchanged', written],
  );
  assert.equal((await fleet.run('rollback', { run })).exit, 0, 'it can be rolled back like any run');
  assert.equal(minutesIn(fleet), '60');
});

test('a sealed plan is read from the top: changes and what they mean, then what is sent, then what it was made from', async () => {
  const text = readFileSync((await sealed()).file, 'utf8');
  const places = [
    '"what": "sealed plan"',
    '"effect": "Tokens of verified customers',
    '"to": {',
    'ExpirationTime>90<',
    '"from": {',
    '"digest"',
  ];
  assert.deepEqual(
    places.map((each) => text.indexOf(each)).map((at, index, all) => at > (all[index - 1] ?? -1)),
    places.map(() => true),
  );
  assert.doesNotMatch(text, /00D\w{15}!|force:\/\/|PRIVATE KEY/);
});

describe('no org is asked anything', () => {
  const BROKEN: Readonly<Record<string, readonly [(file: string) => void, code: string, Setting?]>> = {
    'a changed value': [
      (file) => writeFileSync(file, readFileSync(file, 'utf8').replace('>90<', '>91<')),
      'plan-broken',
    ],
    'a blank more': [(file) => writeFileSync(file, readFileSync(file, 'utf8').replace('\n', '\n ')), 'plan-broken'],
    'a file that is cut off': [(file) => writeFileSync(file, readFileSync(file, 'utf8').slice(0, -20)), 'plan-broken'],
    'a member that is not known': [(file) => forge(file, (text) => text.replace('{', '{"more":1,')), 'plan-broken'],
    'metadata of another type': [
      (file) =>
        forge(file, (text) =>
          text.replaceAll('<MessagingChannel ', '<Flow ').replaceAll('</MessagingChannel>', '</Flow>'),
        ),
      'plan-broken',
    ],
    'a name that is none': [
      (file) => forge(file, (text) => text.replace('"publish":["', '"publish":["x\' OR ')),
      'plan-broken',
    ],
    'an address to which no token may go': [
      (file) => forge(file, (text) => text.replace('"wave":1,', '"wave":1,"scrt2URL":"http://evil.example.com",')),
      'plan-broken',
    ],
    'a plan of yesterday': [
      (file) => forge(file, (text) => text.replace(/"made":"[^"]*"/, `"made":"${hoursAgo(25)}"`)),
      'plan-expired',
    ],
    'a plan older than the limit': [
      (file) => forge(file, (text) => text.replace(/"made":"[^"]*"/, `"made":"${hoursAgo(2)}"`)),
      'plan-expired',
      { maxAge: '90m' },
    ],
    'a limit that is none': [() => undefined, 'bad-flag', { maxAge: 'soon' }],
    'an org that is not in it': [() => undefined, 'unknown-org', { org: ['uat'] }],
    'a wave that is not in it': [() => undefined, 'bad-flag', { wave: 9 }],
  };
  for (const [what, [change, code, setting]] of Object.entries(BROKEN)) {
    test(`for ${what}`, async () => {
      const fleet = await shared();
      const before = readFileSync(fleet.file);
      const asked = fleet.org('dev').log.length;
      try {
        change(fleet.file);
        await assert.rejects(apply(fleet, setting), { code, exit: 3 });
      } finally {
        writeFileSync(fleet.file, before);
      }
      assert.equal(fleet.org('dev').log.length, asked);
    });
  }

  let made: ReturnType<typeof sealed> | undefined;
  const shared = (): ReturnType<typeof sealed> => (made ??= sealed());
});

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

const MOVES: Readonly<Record<string, readonly [(fleet: Fleet) => void, RegExp]>> = {
  'what it changes': [
    (fleet) => tamper(fleet.org('dev'), CHANNEL, '>Auth<', '>UnAuth<'),
    /^MessagingChannel:Web_Chat embeddedConfig\.authMode: Auth -> UnAuth$/,
  ],
  'what that refers to': [
    (fleet) => tamper(fleet.org('dev'), KEYSET, '//id.', '//evil.'),
    /^PublicKeyCertificateSet:Customer_Identity jwtIssuer: .* -> https:\/\/evil\.example\.com$/,
  ],
  'what refers to it': [
    (fleet) =>
      tamper(
        fleet.org('dev'),
        'EmbeddedServiceConfig/Web_Chat.EmbeddedServiceConfig',
        /(?<=\n {4}<isEnabled>)true/,
        'false',
      ),
    /^EmbeddedServiceConfig:Web_Chat isEnabled: true -> false$/,
  ],
};

for (const [what, [move, told]] of Object.entries(MOVES)) {
  test(`an org is refused in which somebody changed ${what}; nothing is planned anew`, async () => {
    const fleet = await sealed();
    const written = writesIn(fleet.org('dev')).length;
    move(fleet);
    const { exit, org } = await apply(fleet, { accept: ['disruptive'] });
    assert.deepEqual([exit, org('dev').outcome, org('dev').error?.code], [1, 'failed', 'plan-stale']);
    assert.match(org('dev').error?.why ?? '', told);
    assert.equal(writesIn(fleet.org('dev')).length, written);
  });
}

test('an org in which something else changed is no other org to the plan', async () => {
  const fleet = await sealed({ dev: { config: { channels: ['Web_Chat', 'Guest_Web_Chat'] } } });
  tamper(fleet.org('dev'), 'messagingChannels/Guest_Web_Chat.messagingChannel', '</description>', '!</description>');
  assert.equal((await apply(fleet)).exit, 0);
  assert.match(
    fleet.org('dev').files().get('messagingChannels/Guest_Web_Chat.messagingChannel') ?? '',
    /!<\/description>/,
  );
});

test('a plan of which a part is done already does the rest', async () => {
  const fleet = await startFleet(place, { dev: VERIFIED });
  const file = join(fleet.project, 'plan.json');
  await fleet.plan({ out: file });
  let broken = false;
  const onProgress = (line: string): void => {
    if (broken || !line.includes('dev: activating')) return;
    broken = true;
    throw new Error('Something broke.');
  };
  assert.equal((await apply(Object.assign(fleet, { file }), { onProgress })).exit, 1);
  const { exit, org } = await apply(Object.assign(fleet, { file }), { accept: ['disruptive'] });
  assert.deepEqual([exit, org('dev').outcome, org('dev').deployIds], [0, 'changed', []]);
  assert.deepEqual(
    org('dev').changes.map(({ path }) => path),
    ['isActive'],
  );
  assert.equal((await fleet.plan()).exit, 0);
});

test('another org than the sealed one is refused', async () => {
  const fleet = await sealed();
  forge(fleet.file, (text) => text.replace(/00D\w{15}/, '00D000000000001EAA'));
  const { exit, org } = await apply(fleet);
  assert.deepEqual(
    [exit, org('dev').outcome, org('dev').error?.code, minutesIn(fleet)],
    [4, 'unreachable', 'org-identity', '60'],
  );
});

test('one job a wave: each applies its part of one sealed plan, and an org out of reach is told', async () => {
  const fleet = await sealed({ dev: VERIFIED, uat: { config: { ...VERIFIED.config, wave: 2 } } });
  const first = await apply(fleet, { wave: 1 });
  assert.deepEqual([first.exit, first.document.orgs.map(({ alias }) => alias)], [0, ['dev']]);
  assert.deepEqual([minutesIn(fleet, 'dev'), minutesIn(fleet, 'uat')], ['90', '60']);
  await fleet.org('uat').close();
  const second = await apply(fleet, { wave: 2 });
  assert.deepEqual(
    [second.exit, second.org('uat').outcome, second.org('uat').error?.code],
    [4, 'unreachable', 'org-unreachable'],
  );
});

test('a plan that lacks an org says so, and fails there; the others can be named', async () => {
  const fleet = await startFleet(place, {
    dev: VERIFIED,
    lost: { config: { ...VERIFIED.config, orgId: '00D000000000001EAA' } },
  });
  const file = join(fleet.project, 'plan.json');
  const { exit, shown } = await fleet.plan({ out: file });
  assert.equal(exit, 4);
  assert.match(shown, /It lacks lost\./);
  const all = await apply(Object.assign(fleet, { file }));
  assert.deepEqual([all.exit, all.org('dev').outcome, all.org('lost').outcome], [1, 'changed', 'failed']);
  assert.match(all.org('lost').error?.what ?? '', /could not be planned/);
  assert.equal((await apply(Object.assign(fleet, { file }), { org: ['dev'] })).exit, 0);
});

test('a sealed plan that disturbs customers needs to be accepted when it is applied', async () => {
  const fleet = await startFleet(place, { dev: VERIFIED });
  assert.equal((await fleet.force()).exit, 0);
  fleet.rewrite(SOURCE, '>Customer_Chat<', '>Customer_Chat_UAT<');
  const file = join(fleet.project, 'plan.json');
  await fleet.plan({ out: file });
  const refused = await apply(Object.assign(fleet, { file }));
  assert.deepEqual([refused.exit, refused.org('dev').error?.code], [1, 'not-accepted']);
  assert.equal((await apply(Object.assign(fleet, { file }), { accept: ['disruptive'] })).exit, 0);
});
