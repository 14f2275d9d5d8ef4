import fc from 'fast-check';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { child, children, childText } from '../../local-org/metadata/xml';
import { startTestOrg } from './client';
import { channelXml, PATHS, verifiedChannel } from './samples';

test('retrieves byte-identical files', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy(verifiedChannel);
  const { files, problems } = await client.retrieve({
    MessagingChannel: ['*'],
    Queue: ['Chat'],
    PublicKeyCertificateSet: ['*'],
  });
  assert.deepEqual(problems, []);
  for (const path of [PATHS.channel, PATHS.queue, PATHS.keyset]) {
    assert.equal(files.get(path)?.toString(), verifiedChannel[path], path);
  }
  assert.match(files.get('package.xml')?.toString() ?? '', /<version>67\.0<\/version>/);
});

test('retrieves byte-identical files of a type that it does not parse', async (t) => {
  const client = await startTestOrg(t);
  const path = 'lwc/chat/chat.js';
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }), async (text) => {
      const content = Buffer.from(text).toString();
      await client.deploy({ [path]: content, 'lwc/chat/chat.js-meta.xml': '<LightningComponentBundle/>' });
      const { files } = await client.retrieve({ LightningComponentBundle: ['chat'] });
      assert.equal(files.get(path)?.toString(), content);
    }),
    { numRuns: 25 },
  );
});

test('deletes a file that is no longer in a bundle', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy({ 'lwc/chat/chat.js': '1', 'lwc/chat/old.js': '2' });
  await client.deploy({ 'lwc/chat/chat.js': '1' });
  assert.deepEqual([...client.org.files().keys()], ['lwc/chat/chat.js']);
});

test('reports a missing component in a message, and returns the others', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy(verifiedChannel);
  const { files, problems } = await client.retrieve({ MessagingChannel: ['Web', 'Gone'] });
  assert.deepEqual(problems, ["Entity of type 'MessagingChannel' named 'Gone' cannot be found"]);
  assert.ok(files.has(PATHS.channel));
});

test('omits embeddedConfig and keysets below API 62.0', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy(verifiedChannel);
  const { files, problems } = await client.retrieve(
    { MessagingChannel: ['*'], PublicKeyCertificateSet: ['*'] },
    '61.0',
  );
  const expected = channelXml().replace(/ *<embeddedConfig>[\s\S]*<\/embeddedConfig>\n/, '');
  assert.equal(files.get(PATHS.channel)?.toString(), expected);
  assert.equal(problems.length, 1);
  assert.ok(!files.has(PATHS.keyset));
});

test('a retrieve job takes its server time', async (t) => {
  const client = await startTestOrg(t, { latency: { retrieve: 400 } });
  const id = await client.submitRetrieve({ Queue: ['*'] });
  assert.equal(childText(child(await client.retrieveStatus(id), 'result'), 'status'), 'InProgress');
  await sleep(410);
  assert.equal(childText(child(await client.retrieveStatus(id), 'result'), 'status'), 'Succeeded');
});

test('lists components with their files, and types with their folders', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy(verifiedChannel);
  const listed = await client.soap('<listMetadata><queries><type>MessagingChannel</type></queries></listMetadata>');
  assert.equal(childText(child(listed, 'result'), 'fileName'), PATHS.channel);
  const described = child(await client.soap('<describeMetadata/>'), 'result');
  const names = children(described, 'metadataObjects').map((type) => childText(type, 'xmlName'));
  assert.ok(names.includes('PublicKeyCertificateSet') && names.includes('Flow'));
  assert.equal(childText(described, 'testRequired'), 'false');
  await assert.rejects(
    client.soap('<listMetadata><queries><type>Nonsense</type></queries></listMetadata>'),
    /INVALID_TYPE/,
  );
});

test('readMetadata returns a component as XML, and xsi:nil for a missing one', async (t) => {
  const client = await startTestOrg(t);
  await client.deploy(verifiedChannel);
  const content =
    '<readMetadata><type>MessagingChannel</type><fullNames>Web</fullNames><fullNames>Gone</fullNames></readMetadata>';
  const records = children(child(await client.soap(content), 'result'), 'records');
  assert.equal(childText(child(records[0], 'embeddedConfig'), 'authMode'), 'Auth');
  assert.deepEqual(records[1]?.children, []);
  const older = children(child(await client.soap(content, '60.0'), 'result'), 'records');
  assert.equal(child(older[0], 'embeddedConfig'), undefined);
});

test('returns no channel without the messaging permissions', async (t) => {
  const seed = [{ path: PATHS.channel, content: channelXml() }];
  const client = await startTestOrg(t, { seed, permissions: { ConfigureLiveMessage: false } });
  const { files, problems } = await client.retrieve({ MessagingChannel: ['*'] });
  assert.ok(!files.has(PATHS.channel));
  assert.equal(problems.length, 1);
});

test('stores the sites of Experience Cloud as an org does, and lists them with their templates', async (t) => {
  const files: Readonly<Record<string, string>> = {
    'networks/Members.network': xmlOf('Network', '<site>Members</site><urlPathPrefix>members</urlPathPrefix>'),
    'networks/Help.network': xmlOf('Network', '<site>Help</site><urlPathPrefix>help</urlPathPrefix>'),
    'networks/Partners.network': xmlOf('Network', '<site>Partners</site><urlPathPrefix>partners</urlPathPrefix>'),
    'digitalExperienceConfigs/Members1.digitalExperienceConfig': xmlOf(
      'DigitalExperienceConfig',
      '<label>Members</label>',
    ),
    'experiences/Help.site': xmlOf('ExperienceBundle', '<label>Help</label><type>Site</type>'),
    'experiences/Help/config/help.json': '{"type":"config"}',
  };
  const seed = Object.entries(files).map(([path, content]) => ({ path, content }));
  const client = await startTestOrg(t, { seed, siteTemplates: { Partners: 'Partner Central' } });
  const types = { Network: ['*'], DigitalExperienceConfig: ['*'], ExperienceBundle: ['Help'] };
  const retrieved = await client.retrieve(types);
  assert.deepEqual(
    Object.keys(files).filter((path) => !retrieved.files.has(path)),
    [],
  );
  const response = await client.rest('/services/data/v67.0/connect/communities');
  const { communities } = (await response.json()) as { communities: { name: string; templateName: string }[] };
  assert.deepEqual(Object.fromEntries(communities.map(({ name, templateName }) => [name, templateName])), {
    Members: 'Build Your Own (LWR)',
    Help: 'Customer Service',
    Partners: 'Partner Central',
  });
});

const xmlOf = (type: string, body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="http://soap.sforce.com/2006/04/metadata">${body}</${type}>\n`;
