import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { thumbprintsOf } from '../../../lib/jwk';
import { writeXml } from '../../../lib/metadata';
import {
  trustGrants,
  trustRecordOf,
  uncheckedTrust,
  type ComponentKey,
  type DesiredState,
  type LiveState,
  type OrgConfig,
  type OrgResult,
  type Plan,
  type Transition,
} from '../../../lib/model';
import { checkTrust } from '../../../lib/verification/trust';
import { transitionFor, type LiveOrg } from '../../../lib/org';
import { deployFleet, planFleet, type PlannedOrg } from '../../../lib/rollout';
import { orgFindings } from '../../../lib/rollout/org-findings';
import { rollbackTarget, rollBackOrg, withAcceptedTrust } from '../../../lib/rollout/rollback-org';
import { orgResultsText, runResultsText } from '../../../lib/report';
import { readPlanFile } from '../../../lib/plan';
import { desiredStateFrom, savePlan } from '../../../lib/rollout/saved-plan';
import { withOmittedItems } from '../../../local-org/jobs/omitted-items';
import { FakeSf, type FakeOrg } from '../fake-sf';
import { publicJwk } from '../jwk/test-keys';
import { verifyOptions } from '../verification/fake-org';
import { desiredState, planAll, recordingOptions } from './fleet-fixture';
import { runsFolder } from './journal-fixture';
import {
  addAuthorization,
  addKey,
  addRogueKeyset,
  authorizationXml,
  channelXml,
  chatDeploymentXml,
  edit,
  endpointXml,
  HARMLESS_CHANGES,
  KEYS,
  keysetXml,
  keyXml,
  listedKey,
  MOBILE,
  PARTNER,
  ROGUE,
  WEB,
  TRUSTED_FILES,
  TRUST_TAMPERINGS,
  UNMANAGED_FILES,
  UNREAD_TAMPERINGS,
  type TamperedOrg,
  type Tampering,
} from './trust-cases';
import { componentsIn } from './trust-components';

/** An org in sync with source, and the way to plan it. */
function trustedOrg(config: Partial<OrgConfig> = {}) {
  const sf = new FakeSf({
    dev: { files: { ...TRUSTED_FILES, ...UNMANAGED_FILES }, active: ['Web', 'Mobile', 'App', 'Guest', 'Partner'] },
  });
  const desired = desiredState(sf, 'dev', [...componentsIn(Object.entries(TRUSTED_FILES)).values()]);
  const state = { ...desired, org: { ...desired.org, ...config } };
  const plan = async (): Promise<PlannedOrg> => (await planAll(sf, state))[0] ?? assert.fail('no plan');
  const deploy = async (planned: PlannedOrg) => (await deployFleet(sf, [planned], recordingOptions().rollout))[0];
  return { sf, org: sf.org('dev'), plan, deploy };
}

/** The result of the verification's trust check. */
async function verified({ desired, live, plan }: PlannedOrg): Promise<boolean> {
  assert.ok(live && plan);
  const { changes, undeclaredTrust } = plan;
  const org = { desired, live, changes, undeclaredTrust, queues: new Map(), chatApiUrl: '', readAt: new Date() };
  return (await checkTrust(org, await verifyOptions())).checks.every(({ ok }) => ok);
}

const grantsIn = (files: ReadonlyMap<string, string>): readonly string[] =>
  trustGrants(componentsIn(files))
    .map((grant) => JSON.stringify(grant))
    .sort();

test('an org that trusts only what source declares has nothing to revoke', async () => {
  const { plan } = trustedOrg();
  const planned = await plan();
  assert.deepEqual(
    [planned.result.status, planned.plan?.undeclaredTrust, await verified(planned)],
    ['unchanged', [], true],
  );
});

describe('trust that is added in the org', () => {
  assert.ok(TRUST_TAMPERINGS.length >= 40);
  for (const tampering of [...TRUST_TAMPERINGS, ...UNREAD_TAMPERINGS])
    test(`is detected, described, and revoked: ${tampering.name}`, () => assertRevoked(tampering));

  async function assertRevoked({ apply, consequence }: Tampering): Promise<void> {
    const { org, plan, deploy } = trustedOrg();
    const declared = grantsIn(new Map(Object.entries(TRUSTED_FILES)));
    apply(org);
    const active = new Set(org.active);
    const planned = await plan();
    assert.equal(planned.result.status, 'planned');
    const consequences = (planned.plan?.undeclaredTrust ?? []).map((each) => each.consequence);
    if (consequence) {
      assert.ok(
        consequences.some((text) => consequence.test(text)),
        consequences.join('\n'),
      );
      assert.equal(await verified(planned), false);
      assert.match(
        orgResultsText({ columns: 400, color: false }, [planned.result]),
        /: \d+ changes?(, \d+ disruptive)?\n {2}Undeclared trust: /,
      );
    }
    const result = await deploy(planned);
    assert.equal(result?.status, 'changed', JSON.stringify(result?.error));
    const after = await plan();
    assert.deepEqual(
      [after.result.status, after.plan?.undeclaredTrust, await verified(after)],
      ['unchanged', [], true],
    );
    const managed = new Set(['Web', 'Mobile', 'App', 'Guest']);
    const names = new Set(['customer', 'app_user']);
    const left = grantsIn(org.files).filter((text) => {
      const grant = JSON.parse(text) as { channel: string; configurationName: string };
      return managed.has(grant.channel) || names.has(grant.configurationName.toLowerCase());
    });
    assert.deepEqual([...new Set(left)], declared);
    assert.equal((await deploy(after))?.status, 'unchanged');
    assert.deepEqual(org.active, active);
  }
});

describe('a rollback of a deploy that revoked trust', () => {
  /**
   * An org whose undeclared trust was revoked, with the parts of a rollback. With `recorded`, an earlier run recorded what source
   * declared.
   */
  async function revokedOrg(apply: Tampering['apply'], recorded: boolean) {
    const trusted = trustedOrg();
    const { sf, org, plan, deploy } = trusted;
    const { live } = await plan();
    const trustBefore = recorded && trustRecordOf(live ?? assert.fail(), new Date('2026-11-27T16:31:00Z'));
    apply(org);
    const before = new Map(org.files);
    const planned = await plan();
    assert.ok(planned.plan && planned.live);
    const transition = { ...transitionFor(planned.plan, planned.live), ...(trustBefore && { trustBefore }) };
    await deploy(planned);
    const rollback = async (accepted: boolean) => {
      const target = rollbackTarget(planned.desired, transition, false);
      const options = { apiVersion: '67.0', onResult: () => undefined };
      const targetFrom = (desired: DesiredState, now: LiveOrg) => withAcceptedTrust(desired, now, accepted);
      const [back = assert.fail()] = await planFleet(sf, [target], { ...options, targetFrom });
      assert.equal(back.result.error, undefined, JSON.stringify(back.result.error));
      return { back, result: await deploy(back) };
    };
    return { ...trusted, before, planned, transition, rollback };
  }

  /** Everything in declared components that decides who is verified and where customers can chat. */
  const trustIn = ({ files, active }: FakeOrg): readonly string[] => {
    const components = componentsIn([...files].filter(([path]) => Object.hasOwn(TRUSTED_FILES, path)));
    const { components: settings } = trustRecordOf({ ...NO_LIVE_STATE, components }, new Date(0));
    return [...[...settings.values()].map(({ root }) => writeXml(root)), ...active].sort();
  };
  const said = ({ result }: PlannedOrg): string =>
    orgResultsText({ columns: 9000, color: false }, [result]).replace(/\s+/g, ' ');

  for (const recorded of [true, false])
    for (const { name, apply, consequence } of [...TRUST_TAMPERINGS, ...UNREAD_TAMPERINGS])
      test(`does not restore it ${recorded ? 'with' : 'without'} a record of the run before: ${name}`, async () => {
        const { org, rollback, plan } = await revokedOrg(apply, recorded);
        const declared = recorded ? trustIn(trustedOrg().org) : trustIn(org);
        const known = grantsIn(new Map(Object.entries({ ...TRUSTED_FILES, ...UNMANAGED_FILES })));
        const { back, result } = await rollback(false);
        assert.deepEqual(trustIn(org), declared, JSON.stringify(result));
        assert.deepEqual(
          grantsIn(org.files).filter((grant) => !known.includes(grant)),
          [],
        );
        assert.deepEqual((await plan()).plan?.undeclaredTrust, []);
        const text = said(back);
        assert.match(
          text,
          /The rollback doesn't restore undeclared trust: (MessagingChannel|PublicKey|EmbeddedService)/,
        );
        assert.match(
          text,
          recorded ? /after the last run \(2026-11-27 16:31 UTC\)/ : /No earlier run recorded the trust/,
        );
        assert.match(text, /--accept undeclared-trust\./);
        if (consequence) assert.match(text, /(Tokens .* are accepted on|User verification is off on) /);
        const again = (await rollback(false)).result;
        assert.equal(again?.status, 'unchanged', JSON.stringify(again?.error));
      });

  for (const { name, apply, consequence } of TRUST_TAMPERINGS)
    test(`restores it if that is accepted, and names the consequence: ${name}`, async () => {
      const { org, before, rollback } = await revokedOrg(apply, true);
      const { back } = await rollback(true);
      assert.deepEqual(grantsIn(org.files), grantsIn(before));
      assert.match(said(back), /The rollback restores undeclared trust: /);
      if (consequence) assert.match(said(back), /(Tokens .* are accepted on|User verification is off on) /);
    });

  test('restores what source declared before, although the same components were tampered with', async () => {
    const { sf, org, plan } = trustedOrg();
    const trustBefore = trustRecordOf((await plan()).live ?? assert.fail(), new Date());
    const original = trustIn(org);
    addKey(org, KEYS, 'Rogue');
    addAuthorization(org, WEB, authorizationXml('Rogue', 'Keys'));
    edit(org, MOBILE, ['>Auth<', '>UnAuth<']);
    const source = new Map([
      ...Object.entries(TRUSTED_FILES),
      [KEYS, keysetXml('https://next.example.com', 'Key_B')],
      [KEY_B, keyXml('b')],
      [WEB, channelXml('Auth', authorizationXml('Member', 'Keys'))],
    ]);
    const state = desiredState(sf, 'dev', [...componentsIn(source).values()]);
    const [planned = assert.fail()] = await planAll(sf, state);
    assert.ok(planned.plan && planned.live);
    const transition = { ...transitionFor(planned.plan, planned.live), trustBefore };
    await deployFleet(sf, [planned], recordingOptions().rollout);
    assert.match(org.files.get(KEYS) ?? '', /next\.example\.com[^]*Key_B/);
    const options = { apiVersion: '67.0', onResult: () => undefined };
    const targetFrom = (desired: DesiredState, now: LiveOrg) => withAcceptedTrust(desired, now, false);
    const fleet = await planFleet(sf, [rollbackTarget(state, transition, false)], { ...options, targetFrom });
    const [result] = await deployFleet(sf, fleet, recordingOptions().rollout);
    assert.equal(result?.status, 'changed', JSON.stringify(result?.error));
    assert.deepEqual(trustIn(org), original);
    assert.ok(!org.files.has(KEY_B));
  });

  test('rolls back the other settings of the channel, and keeps what its keyset refers to', async () => {
    const { org, plan, before, rollback } = await revokedOrg((each) => {
      TRUST_TAMPERINGS[0]?.apply(each);
      edit(each, WEB, ['>Chat<', '>Earlier<']);
      edit(each, WEB, ['</embeddedConfig>', `${authorizationXml('Second', 'Keys')}</embeddedConfig>`]);
      edit(each, KEYS, [listedKey('Key_A'), '']);
      each.files.delete('PublicKeyCertificate/Key_A.PublicKeyCertificate');
    }, false);
    assert.equal((await rollback(false)).result?.status, 'changed');
    assert.match(org.files.get(WEB) ?? '', />Earlier</);
    assert.deepEqual(
      (await plan()).result.changes.map(({ component, path }) => `${component} ${path}`),
      ['MessagingChannel:Web description'],
    );
    assert.equal((await rollback(true)).result?.status, 'changed');
    assert.deepEqual(grantsIn(org.files), grantsIn(before));
  });

  test('does not restore it after a failed deploy, rolls back the rest, and names the consequence', async () => {
    const { sf, org, planned, transition } = await revokedOrg((each) => {
      TRUST_TAMPERINGS[0]?.apply(each);
      edit(each, WEB, ['>Chat<', '>Earlier<']);
    }, false);
    const declared = trustIn(org);
    const failure = { desired: planned.desired, result: planned.result, transition, jobPending: false };
    const { checks } = await rollBackOrg(sf, failure, recordingOptions().rollout, () => undefined);
    assert.match(org.files.get(WEB) ?? '', />Earlier</);
    assert.deepEqual(trustIn(org), declared);
    assert.equal(checks.at(-1)?.ok, true);
    assert.match(
      checks.at(-1)?.detail ?? '',
      /The rollback doesn't restore undeclared trust: .* Tokens signed with Rogue are accepted on Mobile and Web/,
    );
  });
});

const KEY_B = 'PublicKeyCertificate/Key_B.PublicKeyCertificate';

const NO_LIVE_STATE: LiveState = {
  facts: { orgId: '', kind: 'sandbox', name: '', missingPermissions: [] },
  components: new Map(),
  channels: new Map(),
};

describe('harmless change', () => {
  assert.ok(HARMLESS_CHANGES.length >= 20);
  for (const { name, apply } of HARMLESS_CHANGES)
    test(`is not reported: ${name}`, async () => {
      const { org, plan } = trustedOrg();
      apply(org);
      const planned = await plan();
      assert.deepEqual(
        [planned.result.status, planned.result.changes, planned.plan?.undeclaredTrust, await verified(planned)],
        ['unchanged', [], [], true],
      );
    });
});

test('an active channel whose metadata cannot be read is named, and the verification is inconclusive', async () => {
  const planned = await trustedOrg().plan();
  assert.ok(planned.live);
  const channels = new Map([...planned.live.channels, ['Packaged', { id: '', active: true }]]);
  const withRecord = { ...planned, live: { ...planned.live, channels } };
  const [finding] = orgFindings(withRecord, [], new Date()).filter(({ rule }) => rule === 'unread-channel');
  assert.match(finding?.message ?? '', /the metadata of Packaged can't be read, so it's unknown whom/);
  assert.equal(await verified(withRecord), false);
});

describe('accepted trust', () => {
  const ENDPOINT = 'https://partner.example.com/jwks';
  const [PARTNER_SET, OTHER] = ['PublicKeyCertificateSet:Partner_Keys', 'MessagingChannel:Partner'] as const;
  const thumbprint = (name: string): string => {
    const [key = assert.fail()] = componentsIn([[ROGUE, keyXml(name)]]).values();
    return thumbprintsOf(key)[0] ?? assert.fail();
  };
  const accept = (component: ComponentKey, ...keys: readonly string[]) =>
    trustedOrg({ alsoTrusted: [{ component, keys, reason: 'A migration.' }] });
  const apply = (name: string) => TRUST_TAMPERINGS.find((each) => each.name === name)?.apply ?? assert.fail(name);
  const addsPartnerToWeb = apply('a configuration whose name differs in case is added');
  const usesCustomerOnPartner = apply('an unmanaged channel uses the Configuration Name with another keyset');
  const addsRogue = apply('a key is added to a keyset');

  test('is not drift: a key, a keyset on a channel, and a channel with the Configuration Name', async () => {
    const cases = [
      ['PublicKeyCertificate:Rogue', thumbprint('rogue'), addsRogue],
      [PARTNER_SET, thumbprint('partner'), addsPartnerToWeb],
      [OTHER, thumbprint('partner'), usesCustomerOnPartner],
      ['MessagingChannel:Web', thumbprint('partner'), addsPartnerToWeb],
    ] as const;
    for (const [component, key, tamper] of cases) {
      const { org, plan } = accept(component, key);
      tamper(org);
      const { result, plan: planned } = await plan();
      assert.deepEqual([result.status, planned?.undeclaredTrust], ['unchanged', []], component);
    }
  });

  test('is part of a saved plan, whose deploy names trust that was added later', async () => {
    const { sf, org, plan, deploy } = accept(OTHER, thumbprint('partner'));
    usesCustomerOnPartner(org);
    edit(org, 'messagingChannels/Guest.messagingChannel', ['>Chat<', '>Earlier<']);
    const file = join(runsFolder(), 'plan.json');
    const planned = {
      sf,
      apiVersion: '67.0',
      from: 'project',
      valid: true,
      fleet: [await plan()],
      findings: [],
    } as const;
    savePlan({ now: new Date() }, file, planned);
    addsRogue(org);
    const saved = desiredStateFrom(readPlanFile(file, 'plan').orgs[0] ?? assert.fail(), []);
    const [again] = await planAll(sf, saved);
    const result = (await deploy(again ?? assert.fail())) ?? assert.fail();
    assert.equal(result.status, 'changed', JSON.stringify(result.error));
    const ROGUE_TRUST =
      'Tokens signed with Rogue are accepted on Mobile and Web for any customer. To accept trust, add it to "alsoTrusted" in the org file.';
    assert.equal(result.checks.find(({ name }) => name === 'trust')?.detail, ROGUE_TRUST);
    const text = runResultsText({ columns: 400, color: false }, [result], { title: 'Deploy' }).replace(/\s+/g, ' ');
    assert.ok(
      text.includes(
        `dev: The org still has undeclared trust. ${ROGUE_TRUST} To revoke it: npm run deploy -- --org dev`,
      ),
      text,
    );
    let undeclared: readonly unknown[] = [];
    const verify = async (after: PlannedOrg, outcome: OrgResult) => {
      undeclared = after.plan?.undeclaredTrust ?? [];
      return outcome;
    };
    edit(org, 'messagingChannels/Guest.messagingChannel', ['>Chat<', '>Earlier<']);
    const [third = assert.fail()] = await planAll(sf, saved);
    await deployFleet(sf, [third], recordingOptions({ verify }).rollout);
    assert.equal(undeclared.length, 1, 'the verification fails its trust check');
  });

  const [ROGUE_FILE, SET_FILE] = [ROGUE, 'PublicKeyCertificateSet/Partner_Keys.PublicKeyCertificateSet'];
  type Apply = Tampering['apply'];
  /** The accepted trust, a later change, what the plan says about it, and the changes that revoke it. */
  const LATER: readonly (readonly [string, ComponentKey, string, readonly Apply[], RegExp, readonly string[]])[] = [
    [
      'an accepted key is replaced under its name',
      'PublicKeyCertificate:Rogue',
      thumbprint('rogue'),
      [addsRogue, (org) => void org.files.set(ROGUE_FILE, keyXml('new'))],
      /^Tokens signed with Rogue are accepted on Mobile and Web/,
      ['PublicKeyCertificateSet:Keys publicKeyCertificateSetKeys[Rogue]', 'PublicKeyCertificate:Rogue isActive'],
    ],
    [
      'an accepted keyset gets another key',
      PARTNER_SET,
      thumbprint('partner'),
      [addsPartnerToWeb, (org) => addKey(org, SET_FILE, 'Rogue')],
      /^Tokens signed with Rogue are accepted on Web for any customer\.$/,
      [`${PARTNER_SET} publicKeyCertificateSetKeys[Rogue]`, 'PublicKeyCertificate:Rogue isActive'],
    ],
    [
      'the keyset of an accepted channel gets another key',
      OTHER,
      thumbprint('partner'),
      [usesCustomerOnPartner, (org) => addKey(org, SET_FILE, 'Rogue')],
      /signed with Rogue are accepted on Partner for any customer of Configuration Name Customer/,
      [`${PARTNER_SET} publicKeyCertificateSetKeys[Rogue]`, 'PublicKeyCertificate:Rogue isActive'],
    ],
    [
      'an accepted channel gets another keyset',
      OTHER,
      thumbprint('partner'),
      [
        usesCustomerOnPartner,
        addRogueKeyset,
        (org) => addAuthorization(org, PARTNER, authorizationXml('Customer', 'Rogue_Keys')),
      ],
      /signed with Rogue are accepted on Partner for any customer of Configuration Name Customer/,
      ['MessagingChannel:Partner embeddedConfig.messagingAuthorizations[Customer][2]'],
    ],
    [
      'an accepted keyset becomes one with an endpoint',
      PARTNER_SET,
      thumbprint('partner'),
      [addsPartnerToWeb, (org) => void org.files.set(SET_FILE, endpointXml('https://rogue.example.com'))],
      /signed with a key from https:\/\/rogue\.example\.com\/jwks are accepted on Web/,
      ['MessagingChannel:Web embeddedConfig.messagingAuthorizations[customer]'],
    ],
    [
      'the endpoint of an accepted keyset changes',
      PARTNER_SET,
      ENDPOINT,
      [
        (org) => void org.files.set(SET_FILE, endpointXml('https://partner.example.com')),
        addsPartnerToWeb,
        (org) => edit(org, SET_FILE, ['/jwks<', '/jwks?other<']),
      ],
      /signed with a key from https:\/\/partner\.example\.com\/jwks\?other are accepted on Web/,
      ['MessagingChannel:Web embeddedConfig.messagingAuthorizations[customer]'],
    ],
    [
      'an accepted keyset gets an endpoint and keeps its type',
      PARTNER_SET,
      thumbprint('partner'),
      [
        addsPartnerToWeb,
        (org) =>
          edit(org, SET_FILE, ['<jwtIssuer>', '<jwksEndPoint>https://rogue.example.com</jwksEndPoint><jwtIssuer>']),
      ],
      /a key from https:\/\/rogue\.example\.com are accepted on Web/,
      ['MessagingChannel:Web embeddedConfig.messagingAuthorizations[customer]'],
    ],
    [
      'an accepted configuration gets an auth provider',
      PARTNER_SET,
      thumbprint('partner'),
      [
        addsPartnerToWeb,
        (org) =>
          edit(org, WEB, [
            '>customer</authIdentifier>',
            '>customer</authIdentifier><authProviderName>Rogue_Login</authProviderName>',
          ]),
      ],
      /a key from Rogue_Login are accepted on Web/,
      ['MessagingChannel:Web embeddedConfig.messagingAuthorizations[customer]'],
    ],
    ...Object.entries({
      'gets a second modulus before its own': ['"n":', '"n":"evil-modulus","n":'],
      'gets a second modulus in another case': ['"n":', '"N":"evil-modulus","n":'],
      'gets the URL of a certificate': ['"n":', '"x5u":"https://rogue.example.com","n":'],
      'gets certificates in a nested list': ['"e":', '"x5c":[["evil-certificate"]],"e":'],
      'gets a certificate that cannot be parsed': ['"e":', '"x5c":["evil-certificate"],"e":'],
      'becomes one of another type': ['"kty":"RSA"', '"kty":"oct","k":"evil"'],
    } as const).map(
      ([change, [from, to]]) =>
        [
          `an accepted key ${change}`,
          'PublicKeyCertificate:Rogue',
          thumbprint('rogue'),
          [addsRogue, (org: TamperedOrg) => edit(org, ROGUE_FILE, [from, to])],
          /^Tokens signed with Rogue are accepted on Mobile and Web/,
          ['PublicKeyCertificateSet:Keys publicKeyCertificateSetKeys[Rogue]', 'PublicKeyCertificate:Rogue isActive'],
        ] as const,
    ),
  ];
  for (const [name, component, key, [...steps], consequence, changes] of LATER)
    test(`ends where ${name}`, async () => {
      const { org, plan, deploy } = accept(component, key);
      const last = steps.pop() ?? assert.fail();
      steps.forEach((step) => step(org));
      assert.equal((await plan()).result.status, 'unchanged');
      const active = new Set(org.active);
      last(org);
      const planned = await plan();
      const consequences = (planned.plan?.undeclaredTrust ?? []).map((each) => each.consequence);
      assert.ok(
        consequences.some((text) => consequence.test(text)),
        consequences.join(),
      );
      assert.deepEqual(
        planned.result.changes.map((each) => `${each.component} ${each.path}`.replace(/\.enabled$/, '')),
        changes,
      );
      assert.equal((await deploy(planned))?.status, 'changed');
      const after = await plan();
      assert.deepEqual([after.result.status, after.plan?.undeclaredTrust], ['unchanged', []]);
      assert.deepEqual(org.active, active);
    });

  test('closes a keyset that source does not declare, if an entry names its keys', async () => {
    const keyset = 'PublicKeyCertificateSet:Keys';
    const { sf, org } = accept(keyset, thumbprint('a'));
    const files = Object.entries(TRUSTED_FILES).filter(([path]) => !/\/(Keys|Key_A|Key_Retired)\./.test(path));
    const desired = desiredState(sf, 'dev', [...componentsIn(files).values()]);
    const alsoTrusted = [{ component: keyset, keys: [thumbprint('a')], reason: 'A migration.' }] as const;
    const state = { ...desired, org: { ...desired.org, existing: [keyset], alsoTrusted } };
    assert.equal((await planAll(sf, state))[0]?.result.status, 'unchanged');
    addsRogue(org);
    const [planned] = await planAll(sf, state);
    assert.match(
      planned?.plan?.undeclaredTrust[0]?.consequence ?? '',
      /signed with Rogue are accepted on Mobile and Web/,
    );
    assert.equal(planned?.result.changes[0]?.path, 'publicKeyCertificateSetKeys[Rogue]');
  });

  describe('of a keyset that source does not declare, if an entry names its keys', () => {
    const [keyset, served] = ['PublicKeyCertificateSet:Keys', 'PublicKeyCertificateSet:Served'] as const;
    const ROGUE_URL = '<jwksEndPoint>https://rogue.example.com/jwks</jwksEndPoint>';
    const KEY_FILE = 'PublicKeyCertificate/Key_A.PublicKeyCertificate';
    const FROM_URL = /a key from https:\/\/rogue\.example\.com\/jwks are accepted on (App|Mobile and Web)/;
    const SERVED_FILE = 'PublicKeyCertificateSet/Served.PublicKeyCertificateSet';
    const REPLACED: Readonly<Record<string, readonly [ComponentKey, Apply, RegExp]>> = {
      'all of its keys': [keyset, (org) => edit(org, KEYS, ['>Key_A<', '>Rogue<']), /signed with Rogue are accepted/],
      'the text of its only key': [keyset, (org) => void org.files.set(KEY_FILE, keyXml('rogue')), /signed with Key_A/],
      'its type': [keyset, (org) => void org.files.set(KEYS, endpointXml('https://rogue.example.com')), FROM_URL],
      'nothing, but has an endpoint too': [
        keyset,
        (org) => edit(org, KEYS, ['<jwtIssuer>', `${ROGUE_URL}<jwtIssuer>`]),
        FROM_URL,
      ],
      'its endpoint': [
        served,
        (org) => edit(org, SERVED_FILE, ['login.example.com/jwks', 'rogue.example.com/jwks']),
        FROM_URL,
      ],
      'the issuer of its endpoint': [
        served,
        (org) => edit(org, SERVED_FILE, ['<jwtIssuer>https://login', '<jwtIssuer>https://rogue']),
        /Tokens of "https:\/\/rogue\.example\.com" signed with a key from https:\/\/login\.example\.com\/jwks are accepted/,
      ],
      'its issuer': [
        keyset,
        (org) => edit(org, KEYS, ['https://id.example.com', 'https://rogue.example.com']),
        /Tokens of "https:\/\/rogue\.example\.com" signed with Key_A are accepted/,
      ],
    };
    const issuers = ['https://id.example.com', 'https://login.example.com'];
    for (const [what, [component, apply, consequence]] of Object.entries(REPLACED))
      test(`its configurations are disabled while the org has replaced ${what}`, async () => {
        const { sf, org, deploy } = trustedOrg();
        const keys = [thumbprint('a'), 'https://login.example.com/jwks'];
        const source = Object.entries(TRUSTED_FILES).filter(
          ([path]) => !/\/(Keys|Served|Key_A|Key_Retired)\./.test(path),
        );
        const desired = desiredState(sf, 'dev', [...componentsIn(source).values()]);
        const reason = 'A migration.';
        const alsoTrusted = [keyset, served].map((each) => ({ component: each, keys, issuers, reason }));
        const state = { ...desired, org: { ...desired.org, existing: [keyset, served], alsoTrusted } };
        const plan = async () => (await planAll(sf, state))[0] ?? assert.fail('no plan');
        const before = await plan();
        assert.deepEqual([before.result.status, await verified(before)], ['unchanged', true], component);
        const original = new Map(org.files);
        apply(org);
        const planned = await plan();
        assert.match(planned.plan?.undeclaredTrust[0]?.consequence ?? '', consequence);
        assert.equal(await verified(planned), false);
        const result = await deploy(planned);
        assert.equal(result?.status, 'changed', JSON.stringify(result?.error));
        const after = await plan();
        assert.deepEqual([after.result.status, after.plan?.undeclaredTrust], ['unchanged', []]);
        [KEYS, SERVED_FILE, KEY_FILE].forEach((path) => org.files.set(path, original.get(path) ?? ''));
        assert.equal((await deploy(await plan()))?.status, 'changed');
        assert.deepEqual(grantsIn(org.files), grantsIn(original));
      });
  });

  describe('of a keyset or key that only the org has', () => {
    const KEY_A = 'PublicKeyCertificate/Key_A.PublicKeyCertificate';
    /** An org whose source lacks a file of the trusted ones: the org file lists it under "existing". */
    const existing = (path: string, component: ComponentKey, ...alsoTrusted: OrgConfig['alsoTrusted']) => {
      const trusted = trustedOrg();
      const files = Object.entries(TRUSTED_FILES).filter(([each]) => each !== path);
      const desired = desiredState(trusted.sf, 'dev', [...componentsIn(files).values()]);
      const state = { ...desired, org: { ...desired.org, existing: [component], alsoTrusted } };
      const plan = async () => (await planAll(trusted.sf, state))[0] ?? assert.fail('no plan');
      return { ...trusted, plan };
    };
    const reason = 'Another team manages it.';
    const CASES: readonly (readonly [string, ComponentKey, Tampering['apply'], RegExp])[] = [
      [KEYS, 'PublicKeyCertificateSet:Keys', addsRogue, /^Tokens signed with Rogue are accepted on Mobile and Web/],
      [KEY_A, 'PublicKeyCertificate:Key_A', (org) => void org.files.set(KEY_A, keyXml('rogue')), /signed with Key_A/],
    ];
    test('is unchecked if an entry names only its channel, because that can accept another keyset', async () => {
      const { desired } = await existing(KEYS, 'PublicKeyCertificateSet:Keys').plan();
      const alsoTrusted = [{ component: 'MessagingChannel:Web', keys: [thumbprint('a')], reason }] as const;
      const state = { ...desired, org: { ...desired.org, alsoTrusted } };
      assert.deepEqual(uncheckedTrust(state), ['PublicKeyCertificateSet:Keys']);
    });

    for (const [path, component, apply, consequence] of CASES) {
      test(`is unchecked without an entry, and the plan and the verification say so: ${component}`, async () => {
        const planned = await existing(path, component).plan();
        const rules = orgFindings(planned, [], new Date()).map(({ rule }) => rule);
        assert.deepEqual([rules.includes('existing-trust'), await verified(planned)], [true, false]);
      });

      test(`is drift and revoked if its entry does not name it: ${component}`, async () => {
        const accepted = { component, keys: [thumbprint('a'), thumbprint('retired')], reason };
        const { org, plan, deploy } = existing(path, component, accepted);
        const before = await plan();
        const rules = orgFindings(before, [], new Date()).map(({ rule }) => rule);
        assert.deepEqual(
          [before.result.status, rules.includes('existing-trust'), await verified(before)],
          ['unchanged', false, true],
        );
        apply(org);
        const planned = await plan();
        assert.match(planned.plan?.undeclaredTrust[0]?.consequence ?? '', consequence);
        const result = await deploy(planned);
        assert.equal(result?.status, 'changed', JSON.stringify(result?.error));
        assert.deepEqual((await plan()).plan?.undeclaredTrust, []);
        assert.equal((await plan()).result.status, 'unchanged');
      });
    }
  });

  test('covers only the component that it names', async () => {
    const { org, plan } = accept('PublicKeyCertificate:Partner_Key', thumbprint('partner'));
    apply('two keys are added')(org);
    const { plan: planned, result } = await plan();
    assert.deepEqual(
      planned?.undeclaredTrust.map(({ consequence }) => consequence),
      ['Tokens signed with Rogue are accepted on Mobile and Web for any customer.'],
    );
    assert.deepEqual(
      result.changes.map(({ component, path }) => `${component} ${path}`),
      ['PublicKeyCertificateSet:Keys publicKeyCertificateSetKeys[Rogue]', 'PublicKeyCertificate:Rogue isActive'],
    );
  });
});

describe('an org that keeps the list items that a file omits', () => {
  const keepingOrg = () => {
    const trusted = trustedOrg();
    trusted.org.store = (text, before) => (before === undefined ? text : withOmittedItems(before, text));
    return trusted;
  };

  test('has its undeclared configuration disabled by a second deploy, and the result names what is left', async () => {
    const { org, plan, deploy } = keepingOrg();
    edit(org, WEB, ['</embeddedConfig>', `${authorizationXml('Rogue', 'Partner_Keys')}</embeddedConfig>`]);
    const result = await deploy(await plan());
    assert.deepEqual([result?.status, org.jobs.length], ['changed', 2]);
    assert.match(org.files.get(WEB) ?? '', /<authIdentifier>Rogue<[^]*<enabled>false</);
    const kept = result?.checks.find(({ name }) => name === 'kept list items');
    assert.equal(kept?.detail, 'MessagingChannel:Web embeddedConfig.messagingAuthorizations[Rogue]');
    assert.match(
      runResultsText({ columns: 400, color: false }, [result ?? assert.fail()], { title: 'Deploy' }),
      /Salesforce kept items/,
    );
    assert.equal((await plan()).result.status, 'unchanged');
  });

  test('has its undeclared key deactivated by the first deploy', async () => {
    const { org, plan, deploy } = keepingOrg();
    TRUST_TAMPERINGS[0]?.apply(org);
    assert.deepEqual([(await deploy(await plan()))?.status, org.jobs.length], ['changed', 1]);
    assert.match(org.files.get('PublicKeyCertificate/Rogue.PublicKeyCertificate') ?? '', /<isActive>false</);
    const after = await plan();
    assert.deepEqual([after.result.status, await verified(after)], ['unchanged', true]);
  });

  test('fails if a key that another keyset lists stays, because it cannot be deactivated, and names who is verified', async () => {
    const { org, plan, deploy } = keepingOrg();
    edit(org, KEYS, ['<type>', `${listedKey('Partner_Key')}<type>`]);
    edit(org, WEB, ['</embeddedConfig>', `${authorizationXml('Rogue', 'Partner_Keys')}</embeddedConfig>`]);
    const result = await deploy(await plan());
    assert.deepEqual([result?.status, result?.error?.code], ['failed', 'kept-list-items']);
    assert.match(result?.error?.what ?? '', /kept items .*: PublicKeyCertificateSet:Keys \S+\[Partner_Key\]\.$/);
    assert.match(result?.error?.why ?? '', /^They .* Tokens signed with Partner_Key are accepted on Mobile and Web /);
    assert.match(org.files.get(WEB) ?? '', /<authIdentifier>Rogue<[^]*<enabled>false</, 'the rest is revoked');
  });

  test('does not say that Salesforce kept what somebody added during the deploy', async () => {
    const { org, plan, deploy } = keepingOrg();
    edit(org, KEYS, ['<type>', `${listedKey('Partner_Key')}<type>`]);
    org.intercept('deploy', async (proceed) => {
      const id = await proceed();
      edit(org, WEB, ['</embeddedConfig>', `${authorizationXml('Rogue', 'Partner_Keys')}</embeddedConfig>`]);
      return id;
    });
    const result = await deploy(await plan());
    assert.deepEqual([result?.status, result?.error?.code], ['failed', 'readback-mismatch']);
    assert.match(result?.error?.why ?? '', /messagingAuthorizations\[Rogue\]/);
  });

  test('fails if a key with an expired certificate stays, because Salesforce rejects it in a deploy', async () => {
    const { org, plan, deploy } = keepingOrg();
    await addExpiredKey(org);
    const result = await deploy(await plan());
    assert.deepEqual([result?.status, result?.error?.code], ['failed', 'kept-list-items']);
  });
});

/** Adds a key to the keyset whose certificate has expired since it was uploaded. */
async function addExpiredKey(org: FakeOrg): Promise<void> {
  const dates = { notBefore: new Date('2024-01-01'), notAfter: new Date('2025-01-01') };
  const jwk = JSON.stringify(await publicJwk(undefined, dates));
  org.files.set(
    ROGUE,
    keyXml('rogue').replace(/(?<=<jsonWebKey>)[^<]*/, () => jwk),
  );
  addKey(org, KEYS, 'Rogue');
}

test('an undeclared key with an expired certificate leaves its keyset, and is not deployed', async () => {
  const { org, plan, deploy } = trustedOrg();
  await addExpiredKey(org);
  const planned = await plan();
  assert.deepEqual(
    planned.result.changes.map(({ component, path }) => `${component} ${path}`),
    ['PublicKeyCertificateSet:Keys publicKeyCertificateSetKeys[Rogue]'],
  );
  assert.equal((await deploy(planned))?.status, 'changed');
  assert.doesNotMatch(org.detailsOf('deploy').join(), /PublicKeyCertificate\/Rogue/);
  assert.equal((await plan()).result.status, 'unchanged');
});

describe('a retired channel', () => {
  const retire = (...retired: OrgConfig['retired']) => {
    const trusted = trustedOrg({ retired });
    trusted.org.files.set(
      'EmbeddedServiceConfig/Partner_Site.EmbeddedServiceConfig',
      chatDeploymentXml('Partner', true),
    );
    return trusted;
  };
  const PARTNER_FILES = Object.keys(UNMANAGED_FILES).filter((path) => path.includes('Partner_Key'));

  test('is deactivated, verifies nobody, and loses its chat deployment, keyset, and key', async () => {
    const { org, plan, deploy } = retire('MessagingChannel:Partner');
    const planned = await plan();
    assert.deepEqual(
      planned.result.changes.map(({ component, action, path, impact }) => [component, action, path, impact]),
      [
        ['MessagingChannel:Partner', 'update', 'isActive', 'disruptive'],
        ['MessagingChannel:Partner', 'update', 'embeddedConfig.messagingAuthorizations[Partner]', 'disruptive'],
        ['EmbeddedServiceConfig:Partner_Site', 'update', 'isEnabled', 'disruptive'],
        ['PublicKeyCertificateSet:Partner_Keys', 'delete', '', 'disruptive'],
        ['PublicKeyCertificate:Partner_Key', 'delete', '', 'disruptive'],
      ],
    );
    const result = await deploy(planned);
    assert.equal(result?.status, 'changed', JSON.stringify(result?.error));
    assert.ok(!org.active.has('Partner'));
    assert.deepEqual(
      PARTNER_FILES.filter((path) => org.files.has(path)),
      [],
    );
    assert.deepEqual(org.published, ['Partner_Site']);
    assert.equal((await plan()).result.status, 'unchanged');
  });

  test('is turned off and keeps its keyset if the org keeps what a file omits, and the next plan is empty and says so', async () => {
    const { org, plan, deploy } = retire('MessagingChannel:Partner');
    org.store = (text, before) => (before === undefined ? text : withOmittedItems(before, text));
    const result = (await deploy(await plan())) ?? assert.fail();
    assert.equal(result.status, 'changed', JSON.stringify(result.error));
    assert.deepEqual(
      [org.active.has('Partner'), grantsIn(org.files).some((grant) => grant.includes('Partner'))],
      [false, false],
    );
    assert.match(org.files.get('PublicKeyCertificate/Partner_Key.PublicKeyCertificate') ?? '', /<isActive>false</);
    assert.deepEqual(result.checks.find(({ name }) => name === 'kept list items')?.detail.split(', '), [
      'MessagingChannel:Partner embeddedConfig.messagingAuthorizations[Partner]',
      'PublicKeyCertificateSet:Partner_Keys',
      'PublicKeyCertificate:Partner_Key',
    ]);
    const after = await plan();
    assert.deepEqual([after.result.status, after.result.changes], ['unchanged', []]);
    const [finding, ...others] = orgFindings(after, [], new Date()).filter(({ rule }) => rule === 'retired-remains');
    assert.match(finding?.message ?? '', /PublicKeyCertificateSet:Partner_Keys remains, because retired channels keep/);
    assert.deepEqual(others, []);
    org.files.set(
      PARTNER,
      (org.files.get(PARTNER) ?? '').replace(/\s*<messagingAuthorizations>[^]*<\/messagingAuthorizations>/, ''),
    );
    assert.equal(
      orgFindings(await plan(), [], new Date()).some(({ rule }) => rule === 'retired-remains'),
      false,
    );
  });

  test('keeps a keyset that another channel uses, and a key that another keyset lists', async () => {
    const { org, plan, deploy } = retire('MessagingChannel:Partner');
    org.files.set(
      'messagingChannels/Other.messagingChannel',
      channelXml('Auth', authorizationXml('Other', 'Partner_Keys')),
    );
    await deploy(await plan());
    assert.deepEqual(
      PARTNER_FILES.filter((path) => org.files.has(path)),
      PARTNER_FILES,
    );
    assert.match(org.files.get('messagingChannels/Partner.messagingChannel') ?? '', /<enabled>false</);
    assert.equal((await plan()).result.status, 'unchanged');
  });

  test('is retired as a whole even if it uses a declared Configuration Name, and so is a listed key', async () => {
    const { org, plan, deploy } = retire('MessagingChannel:Partner', 'PublicKeyCertificate:Rogue');
    edit(org, 'messagingChannels/Partner.messagingChannel', ['>Partner<', '>Customer<']);
    TRUST_TAMPERINGS[0]?.apply(org);
    assert.equal((await deploy(await plan()))?.status, 'changed');
    assert.deepEqual(
      [...PARTNER_FILES, ROGUE].filter((path) => org.files.has(path)),
      [],
    );
    assert.equal((await plan()).result.status, 'unchanged');
  });

  /** Retires the channel, and rolls that back. `record` is the org when the run before ended. */
  async function rollBackRetirement(record: LiveOrg | undefined, { sf, plan, deploy }: ReturnType<typeof retire>) {
    const planned = await plan();
    assert.ok(planned.plan && planned.live);
    const trustBefore = record && { trustBefore: trustRecordOf(record, new Date()) };
    const transition = { ...transitionFor(planned.plan, planned.live), ...trustBefore };
    await deploy(planned);
    const targetFrom = (desired: DesiredState, live: LiveOrg) => withAcceptedTrust(desired, live, false);
    const options = { apiVersion: '67.0', onResult: () => undefined, targetFrom };
    const [back] = await planFleet(sf, [rollbackTarget(planned.desired, transition, false)], options);
    return (await deploy(back ?? assert.fail())) ?? assert.fail();
  }

  const RETIRED_PARTS = ['MessagingChannel:Partner isActive', 'EmbeddedServiceConfig:Partner_Site isEnabled'];
  const keptParts = ({ checks }: OrgResult): readonly string[] => {
    const detail = checks.find(({ name }) => name === 'undeclared trust')?.detail ?? '';
    return RETIRED_PARTS.filter((part) => detail.includes(part));
  };

  test('stays retired after a rollback if it was reactivated in the org, and its trust added again', async () => {
    const retired = retire('MessagingChannel:Partner');
    const { org, plan, deploy } = retired;
    const before = new Map(org.files);
    await deploy(await plan());
    const { live } = await plan();
    before.forEach((text, path) => org.files.set(path, text));
    org.active.add('Partner');
    const result = await rollBackRetirement(live, retired);
    assert.deepEqual(
      [org.active.has('Partner'), grantsIn(org.files).some((grant) => grant.includes('Partner'))],
      [false, false],
    );
    assert.match(org.files.get('EmbeddedServiceConfig/Partner_Site.EmbeddedServiceConfig') ?? '', /<isEnabled>false/);
    assert.deepEqual(keptParts(result), RETIRED_PARTS);
  });

  test('stays retired after a rollback if no run recorded that it was in use', async () => {
    const retired = retire('MessagingChannel:Partner');
    const result = await rollBackRetirement(undefined, retired);
    assert.equal(retired.org.active.has('Partner'), false);
    assert.deepEqual(keptParts(result), RETIRED_PARTS);
    assert.equal((await retired.plan()).result.status, 'unchanged');
  });

  test('is restored by a rollback, and can be retired again', async () => {
    const retired = retire('MessagingChannel:Partner');
    const { org, plan, deploy } = retired;
    const before = new Map(org.files);
    const result = await rollBackRetirement((await plan()).live, retired);
    assert.deepEqual([result.status, keptParts(result)], ['changed', []], JSON.stringify(result.error));
    assert.deepEqual(grantsIn(org.files), grantsIn(before));
    assert.ok(org.active.has('Partner'));
    assert.equal((await deploy(await plan()))?.status, 'changed');
    assert.deepEqual(
      PARTNER_FILES.filter((path) => org.files.has(path)),
      [],
    );
  });
});

describe('a channel that is retired in three orgs, rolled back, and retired again', () => {
  for (const keepsItems of [false, true])
    test(`verifies nobody in the end${keepsItems ? ', also in orgs that keep omitted list items' : ''}`, async () => {
      const setup = { files: { ...TRUSTED_FILES, ...UNMANAGED_FILES }, active: ['Web', 'Mobile', 'App', 'Partner'] };
      const sf = new FakeSf({ dev: setup, uat: setup, prod: setup });
      const orgs = [...sf.orgs.values()];
      if (keepsItems)
        for (const org of orgs)
          org.store = (text, before) => (before === undefined ? text : withOmittedItems(before, text));
      const states = orgs.map(({ alias }, index): DesiredState => {
        const desired = desiredState(sf, alias, [...componentsIn(Object.entries(TRUSTED_FILES)).values()], index + 1);
        return { ...desired, org: { ...desired.org, retired: ['MessagingChannel:Partner'] } };
      });
      const targetFrom = (desired: DesiredState, live: LiveOrg) => withAcceptedTrust(desired, live, false);
      const snapshots = new Map<string, Transition>();
      const applyAll = async (...desired: readonly DesiredState[]) => {
        const planned = await planFleet(sf, desired, { apiVersion: '67.0', onResult: () => undefined, targetFrom });
        const saveSnapshot = (plan: Pick<Plan, 'org'>, transition: Transition): Transition => {
          snapshots.set(plan.org.alias, transition);
          return transition;
        };
        const results = await deployFleet(sf, planned, { ...recordingOptions().rollout, saveSnapshot });
        assert.deepEqual(
          results.map(({ status }) => status),
          ['changed', 'changed', 'changed'],
          JSON.stringify(results.map(({ error }) => error)),
        );
        return planned;
      };
      const isVerifying = () =>
        orgs.map(({ files, active }) => [
          active.has('Partner'),
          grantsIn(files).some((grant) => /Partner/.test(grant)),
        ]);
      const verifying = isVerifying();
      const retired = await applyAll(...states);
      assert.deepEqual(
        isVerifying().flat(),
        Array.from({ length: 6 }, () => false),
      );
      const rollbacks = retired.map(({ desired, live }) => {
        const transition = snapshots.get(desired.org.alias);
        assert.ok(transition && live);
        return rollbackTarget(desired, { ...transition, trustBefore: trustRecordOf(live, new Date()) }, false);
      });
      await applyAll(...rollbacks);
      assert.deepEqual(isVerifying(), verifying);
      await applyAll(...states);
      assert.deepEqual(
        isVerifying().flat(),
        Array.from({ length: 6 }, () => false),
      );
    });
});

test('a revoked key is deactivated unless another keyset lists it', async () => {
  const { org, plan, deploy } = trustedOrg();
  edit(org, 'PublicKeyCertificateSet/Keys.PublicKeyCertificateSet', ['>Key_A<', '>Rogue<']);
  edit(org, 'PublicKeyCertificateSet/Partner_Keys.PublicKeyCertificateSet', ['>Partner_Key<', '>Rogue<']);
  await deploy(await plan());
  assert.match(org.files.get('PublicKeyCertificate/Rogue.PublicKeyCertificate') ?? '', /<isActive>true</);
  assert.doesNotMatch(org.files.get('PublicKeyCertificateSet/Keys.PublicKeyCertificateSet') ?? '', /Rogue/);
});

test('a plan lists revocations first, as removals from the keyset', async () => {
  const { org, plan } = trustedOrg();
  edit(org, 'messagingChannels/Web.messagingChannel', ['>Chat<', '>Other<']);
  TRUST_TAMPERINGS[0]?.apply(org);
  const text = orgResultsText({ columns: 120, color: false }, [(await plan()).result]);
  const [first, second] = ['- JSON Web Key Rogue from Keys [disruptive]', 'description'].map((part) =>
    text.indexOf(part),
  );
  assert.ok(first !== undefined && second !== undefined && 0 < first && first < second, text);
});
