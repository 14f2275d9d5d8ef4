import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { OrgContents } from '../../../lib/import/org-contents';
import { readProjectState } from '../../../lib/import/project-state';
import { resolveImport } from '../../../lib/import/resolve';
import { selectComponents } from '../../../lib/import/select';
import { readXml } from '../../../lib/metadata';
import { mapOf, type Component, type ComponentType } from '../../../lib/model';

const NOW = new Date('2026-06-01T00:00:00Z');
const OPTIONS = { channels: [], origins: true };

function component(type: ComponentType, fullName: string, body: string): Component {
  const { root } = readXml(`<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${body}</${type}>`, 'x.xml');
  assert.ok(root);
  return { type, fullName, root };
}

const FLOW = '<sessionHandlerFlow>Route</sessionHandlerFlow><sessionHandlerType>Flow</sessionHandlerType>';

const channel = (name: string, more = FLOW, mode = 'UnAuth'): Component =>
  component(
    'MessagingChannel',
    name,
    `<embeddedConfig><authMode>${mode}</authMode></embeddedConfig><masterLabel>Chat</masterLabel><messagingChannelType>EmbeddedMessaging</messagingChannelType>${more}`,
  );

const contents = (...components: readonly Component[]): OrgContents => ({
  alias: 'uat',
  facts: { orgId: '00D000000000001EAA', kind: 'sandbox' } as OrgContents['facts'],
  components: mapOf(components),
  channels: new Map(),
  foundReferences: new Set(['Flow:Route']),
});

const resolve = (org: OrgContents, channels: readonly string[] = []) =>
  resolveImport(org, { ...OPTIONS, channels }, new Map(), {
    source: new Map(),
    unread: new Map(),
    apiVersion: { value: '67.0', file: '', line: 0 },
    now: NOW,
    compromised: [],
  });

test('does not import a component whose name is a path out of the project folder', () => {
  for (const name of ['../../../Evil', 'a/b', 'a\\b', '..', 'a.b', '', 'C:x', 'a\nb']) {
    const { selection, rejected } = resolve(contents(channel('Web_Chat'), channel(name)), ['Web_Chat', name]);
    assert.deepEqual(selection.channels, ['Web_Chat'], name);
    assert.equal(rejected.get(`MessagingChannel:${name}`)?.rule, 'unsafe-name');
  }
});

test('a reference to a component with an unsafe name is not written to the org file', () => {
  const handler = '<sessionHandlerQueue>../Evil</sessionHandlerQueue><sessionHandlerType>Queue</sessionHandlerType>';
  const { selection } = resolve(
    contents(channel('Web_Chat', handler), component('Queue', '../Evil', '<name>x</name>')),
    ['Web_Chat'],
  );
  assert.deepEqual(
    [selection.existing, [...selection.components.keys()].some((key) => key.includes('Evil'))],
    [[], false],
  );
});

test('the path of an imported component is inside the project, and an unsafe name is an error', () => {
  const folder = mkdtempSync(join(tmpdir(), 'import-'));
  try {
    mkdirSync(join(folder, 'force-app'));
    writeFileSync(
      join(folder, 'sfdx-project.json'),
      '{"packageDirectories":[{"path":"force-app"}],"sourceApiVersion":"67.0"}',
    );
    const { pathFor } = readProjectState(folder, NOW);
    assert.equal(
      pathFor(channel('Web_Chat')),
      'force-app/main/default/messagingChannels/Web_Chat.messagingChannel-meta.xml',
    );
    assert.throws(() => pathFor(channel('../../../Evil')), /Unsafe component name/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a component with a warning is imported, and a channel with an error is not', () => {
  const origin = component('CorsWhitelistOrigin', 'Shop', '<urlPattern>https://*.example.com</urlPattern>');
  const verified = channel('Bad', FLOW, 'Auth');
  const { selection, rejected } = resolve(contents(channel('Web_Chat'), verified, origin), ['Web_Chat', 'Bad']);
  assert.deepEqual([...selection.components.keys()].sort(), ['CorsWhitelistOrigin:Shop', 'MessagingChannel:Web_Chat']);
  assert.equal(rejected.get('MessagingChannel:Bad')?.rule, 'auth-without-authorization');
});

test('a chat deployment of type Web is imported without the site and branding of its org', () => {
  const deployment = (values: string): Component =>
    component(
      'EmbeddedServiceConfig',
      'Site',
      `${values}<deploymentFeature>EmbeddedMessaging</deploymentFeature><deploymentType>Web</deploymentType>
<embeddedServiceMessagingChannel><messagingChannel>Web_Chat</messagingChannel></embeddedServiceMessagingChannel>`,
    );
  const values = '<branding>Own</branding><site>ESW_Own</site>';
  const org = contents(channel('Web_Chat'), deployment(values));
  // An earlier source can declare them.
  for (const source of [new Map(), mapOf([deployment(values)])]) {
    const { components } = selectComponents(org, { ...OPTIONS, channels: ['Web_Chat'] }, new Map(), source);
    const names = components.get('EmbeddedServiceConfig:Site')?.root.children.map(({ name }) => name);
    assert.deepEqual(names, ['deploymentFeature', 'deploymentType', 'embeddedServiceMessagingChannel']);
  }
});

test('a flow that the org does not return is not declared', () => {
  const org = contents(channel('Web_Chat'));
  assert.deepEqual(resolve(org, ['Web_Chat']).selection.existing, ['Flow:Route']);
  const missing = resolve({ ...org, foundReferences: new Set() }, ['Web_Chat']);
  assert.deepEqual(
    [missing.selection.existing, missing.rejected.get('MessagingChannel:Web_Chat sessionHandlerFlow')?.rule],
    [[], 'flow-not-retrieved'],
  );
});
