/** Chat deployments of type Web: created once in each org, with every behavior on which sources disagree, and after each fault. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parseWebDeploymentSettings, type LocalOrg } from '../../local-org/index';
import { CELL_TIMEOUT, FAULT_NAMES, FaultMatrix } from './fault-cells';
import { startFleet, type Fleet, type OrgSetup } from './fleet';
import { runInProcess } from './run-command';
import { latestRunId } from './run-helpers';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
const NAME = 'Shop_Page';
const FILE = `force-app/main/default/EmbeddedServiceConfig/${NAME}.EmbeddedServiceConfig-meta.xml`;
const CONFIG = { channels: ['Guest_Web_Chat'], sites: ['https://shop.example.com'] };

const source = `<?xml version="1.0" encoding="UTF-8"?>
<EmbeddedServiceConfig xmlns="http://soap.sforce.com/2006/04/metadata">
    <areGuestUsersAllowed>true</areGuestUsersAllowed>
    <branding>EmbeddedService_Other_1</branding>
    <deploymentFeature>EmbeddedMessaging</deploymentFeature>
    <deploymentType>Web</deploymentType>
    <embeddedServiceMessagingChannel>
        <isEnabled>true</isEnabled>
        <messagingChannel>Guest_Web_Chat</messagingChannel>
        <shouldShowAgentforceTagline>false</shouldShowAgentforceTagline>
        <shouldShowDeliveryReceipts>false</shouldShowDeliveryReceipts>
        <shouldShowEmojiSelection>true</shouldShowEmojiSelection>
        <shouldShowReadReceipts>true</shouldShowReadReceipts>
        <shouldShowTypingIndicators>true</shouldShowTypingIndicators>
        <shouldStartNewLineOnEnter>false</shouldStartNewLineOnEnter>
    </embeddedServiceMessagingChannel>
    <isEnabled>true</isEnabled>
    <masterLabel>Shop Page</masterLabel>
    <site>ESW_Other_1</site>
</EmbeddedServiceConfig>
`;

/** Orgs whose project has a chat deployment of type Web, with the site and branding of another org. */
async function startWebFleet(setups: Readonly<Record<string, OrgSetup>>): Promise<Fleet> {
  const configured = Object.entries(setups).map(([alias, setup]) => [alias, { config: CONFIG, ...setup }] as const);
  const fleet = await startFleet(workspace, Object.fromEntries(configured));
  writeFileSync(join(fleet.project, FILE), source);
  return fleet;
}

const webFilesIn = (org: LocalOrg): readonly (readonly [string, string])[] =>
  [...org.files()].filter(([path, text]) => path.startsWith('EmbeddedServiceConfig/') && text.includes('>Web<'));

/** Asserts that an org has exactly one Web chat deployment, with this label, its own site, and the current settings published. */
async function assertOneDeployment(org: LocalOrg, label: string): Promise<void> {
  const files = webFilesIn(org);
  assert.deepEqual(
    files.map(([path]) => path),
    [`EmbeddedServiceConfig/${NAME}.EmbeddedServiceConfig`],
    org.alias,
  );
  const [[, text]] = files as [[string, string]];
  const [, site = ''] = /<site>(ESW_Shop_Page_\d{13})</.exec(text) ?? [];
  assert.ok(org.files().has(`sites/${site}.site`), text);
  assert.match(text, new RegExp(`<branding>EmbeddedService_Shop_Page_\\d+<[^]*<masterLabel>${label}<`));
  assert.match(text, /<clientVersion>WebV2</);
  const query = `orgId=${org.orgId}&esConfigName=${NAME}`;
  const response = await fetch(`${org.url}/embeddedservice/v1/embedded-service-config?${query}`);
  const { embeddedServiceConfig: published } = (await response.json()) as {
    embeddedServiceConfig: { masterLabel: string };
  };
  assert.equal(published.masterLabel, label, org.alias);
}

const SETTINGS = [
  ...['metadataCreate=never', 'metadataUpdate=immutable', 'metadataCreate=never,metadataUpdate=immutable'],
  ...['repeatedSetup=rejected', 'hostDomain=required', 'setupPublishes=no'],
];

test('deploys, changes, and rolls back with every behavior of Web chat deployments', async () => {
  const orgs = SETTINGS.map((spec, index) => [`org${index + 1}`, { webDeployments: parseWebDeploymentSettings(spec) }]);
  const fleet = await startWebFleet({ defaults: {}, ...(Object.fromEntries(orgs) as Record<string, OrgSetup>) });
  const all = fleet.aliases.map((alias) => fleet.org(alias));
  const first = await fleet.deployAccepted();
  assert.equal(first.exit, 0, first.shown);
  for (const org of all) await assertOneDeployment(org, 'Shop Page');
  assert.equal((await fleet.plan()).exit, 0);

  const sites = all.map((org) => webFilesIn(org)[0]?.[1].match(/<site>.*</)?.[0]);
  fleet.rewrite(FILE, 'Shop Page', 'New Page');
  const second = await fleet.deployAccepted();
  assert.equal(second.exit, 0, second.shown);
  for (const org of all) await assertOneDeployment(org, 'New Page');
  assert.deepEqual(
    all.map((org) => webFilesIn(org)[0]?.[1].match(/<site>.*</)?.[0]),
    sites,
  );
  const changedBack = await fleet.run('rollback', { accept: ['disruptive'], run: latestRunId(fleet) });
  assert.equal(changedBack.exit, 0, changedBack.shown);
  for (const org of all) await assertOneDeployment(org, 'Shop Page');
  const setups = all.map(({ log }) => log.filter(({ kind }) => kind === 'setup').length);
  assert.deepEqual(
    setups,
    all.map(() => 1),
  );
});

test('a saved plan creates one, its rollback deletes it, and a second deploy creates it again', async () => {
  const fleet = await startWebFleet({ saved: {} });
  const org = fleet.org('saved');
  const plan = join(workspace.folder, 'web-plan.json');
  assert.equal((await fleet.plan({ out: plan })).exit, 2);
  const deployed = await fleet.deployAccepted({ plan });
  assert.equal(deployed.exit, 0, deployed.shown);
  await assertOneDeployment(org, 'Shop Page');
  const rolledBack = await fleet.run('rollback', { accept: ['disruptive'], run: latestRunId(fleet) });
  assert.equal(rolledBack.exit, 0, rolledBack.shown);
  assert.deepEqual(webFilesIn(org), []);
  assert.equal((await fleet.deployAccepted()).exit, 0);
  await assertOneDeployment(org, 'Shop Page');
});

test('uses the site that the project deployed itself, if the org has it', async () => {
  const seed = [
    {
      path: 'sites/ESW_Other_1.site',
      content:
        '<CustomSite xmlns="http://soap.sforce.com/2006/04/metadata"><urlPathPrefix>ESWOther1</urlPathPrefix></CustomSite>',
    },
  ];
  const strict = { seed, webDeployments: parseWebDeploymentSettings('metadataCreate=never') };
  const fleet = await startWebFleet({ 'own-site': { seed }, 'own-site-rejected': strict });
  const { exit, shown } = await fleet.deployAccepted();
  assert.equal(exit, 0, shown);
  const [[, text] = ['', '']] = webFilesIn(fleet.org('own-site'));
  assert.match(text, /<site>ESW_Other_1</);
  assert.doesNotMatch(text, /<branding>/);
  await assertOneDeployment(fleet.org('own-site-rejected'), 'Shop Page');
  assert.equal((await fleet.plan()).exit, 0);
});

test('the sites of an org file become allowed origins and Trusted URLs, and a rollback deletes the new ones', async () => {
  const byHand =
    '<CorsWhitelistOrigin xmlns="http://soap.sforce.com/2006/04/metadata">\n    <urlPattern>https://shop.example.com</urlPattern>\n</CorsWhitelistOrigin>\n';
  const sites = ['https://shop.example.com', 'https://*.shop-eu.example.com:8443'];
  const fleet = await startWebFleet({
    sites: {
      config: { channels: CONFIG.channels, sites },
      seed: [{ path: 'corsWhitelistOrigins/By_Hand.corsWhitelistOrigin', content: byHand }],
    },
  });
  const org = fleet.org('sites');
  const stored = (): readonly string[] =>
    [...org.files()].flatMap(([path, text]) =>
      /^(cors|csp)/.test(path) ? [`${path.split('/')[0]} ${/<(?:urlPattern|endpointUrl)>(.*?)</.exec(text)?.[1]}`] : [],
    );
  assert.equal((await fleet.deployAccepted()).exit, 0);
  assert.deepEqual([...stored()].sort(), [
    'corsWhitelistOrigins https://*.shop-eu.example.com:8443',
    'corsWhitelistOrigins https://shop.example.com',
    'cspTrustedSites https://*.shop-eu.example.com:8443',
    'cspTrustedSites https://shop.example.com',
  ]);
  assert.equal((await fleet.plan()).exit, 0);
  const { exit, shown } = await fleet.run('rollback', { accept: ['disruptive'], run: latestRunId(fleet) });
  assert.equal(exit, 0, shown);
  assert.deepEqual(stored(), ['corsWhitelistOrigins https://shop.example.com']);
});

test('a rejected setup request fails the org with the reason, and a later deploy creates it', async () => {
  const fleet = await startWebFleet({
    strict: { config: { channels: CONFIG.channels }, webDeployments: { hostDomain: 'required' } },
  });
  const { exit, org } = await fleet.deployAccepted();
  const { error } = org('strict');
  assert.deepEqual([exit, error?.code], [1, 'deploy-failed']);
  assert.match(error?.why ?? '', /hostDomain/);
  fleet.configure('strict', { orgId: fleet.org('strict').orgId, kind: 'sandbox', ...CONFIG });
  assert.equal((await fleet.deployAccepted()).exit, 0);
  await assertOneDeployment(fleet.org('strict'), 'Shop Page');
});

describe('a deploy creates a chat deployment once', { concurrency: 4 }, () => {
  const matrix = new FaultMatrix(workspace);
  const ACCEPTED = { accept: ['disruptive' as const], submitTimeout: '8s', lockTimeout: '30s' };

  for (const name of FAULT_NAMES)
    test(`after ${name} at the setup request`, CELL_TIMEOUT, async () => {
      const alias = `setup-${name.replaceAll(' ', '-')}`;
      const fleet = await startWebFleet({ [alias]: {} });
      const orgs = [fleet.org(alias)];
      await matrix.injectFaults({ row: 'deploy setup', orgs }, [{ step: 'setup', name }], async (pool) => {
        const { exit, document } = await runInProcess('deploy', fleet.project, pool, ACCEPTED);
        return { exit, orgs: document.orgs };
      });
      const { exit, shown } = await fleet.run('deploy', { ...ACCEPTED, resume: true });
      assert.equal(exit, 0, shown);
      await assertOneDeployment(fleet.org(alias), 'Shop Page');
    });

  for (const text of ['"step":"creating"', '"step":"created"'])
    test(`after a kill at ${text}`, CELL_TIMEOUT, async () => {
      const alias = text === '"step":"creating"' ? 'killed-creating' : 'killed-created';
      const fleet = await startWebFleet({ [alias]: { latency: { setup: 1_500 } } });
      const args = ['--all', '--accept', 'disruptive'];
      const orgs = [fleet.org(alias)];
      await matrix.kill(orgs, { row: 'deploy', project: fleet.project, command: 'deploy', args, text });
      const { exit, shown } = await fleet.run('deploy', { ...ACCEPTED, resume: true });
      assert.equal(exit, 0, shown);
      await assertOneDeployment(fleet.org(alias), 'Shop Page');
    });
});
