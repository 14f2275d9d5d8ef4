import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSeed } from '../../local-org/orgs';
import { uploadedKey } from '../local-org/certificates';
import { keyXml } from '../local-org/samples';
import { startFleet, editInSetup } from './fleet';
import { shareWorkspace } from './workspace';

const workspace = shareWorkspace();

test('revokes the Configuration Name of an unmanaged channel with another keyset, unless the org file accepts it', async () => {
  const accepted = { component: 'MessagingChannel:Partner_Chat', reason: 'Another team verifies partners.' };
  const fleet = await startFleet(workspace, {
    dev: { seed: loadSeed('production'), config: { channels: ['Web_Chat'], alsoTrusted: [accepted] } },
  });
  const org = fleet.org('dev');
  const unmanagedFile = (): string | undefined => org.files().get('messagingChannels/Partner_Chat.messagingChannel');
  const before = unmanagedFile();
  assert.ok(before);
  assert.equal((await fleet.deployAccepted()).exit, 0);
  assert.equal(unmanagedFile(), before);
  const { orgId, kind } = org;
  fleet.configure('dev', { orgId, kind, channels: ['Web_Chat'] });
  const planned = await fleet.plan();
  assert.deepEqual(
    [planned.exit, planned.org('dev').changes.map(({ component, path, to }) => [component, path, to])],
    [2, [['MessagingChannel:Partner_Chat', 'embeddedConfig.messagingAuthorizations[Customer].enabled', 'false']]],
  );
  assert.match(
    planned.shown.replace(/\s+/g, ' '),
    /are accepted on Partner_Chat for any customer of Configuration Name Customer/,
  );
  assert.equal((await fleet.deployAccepted()).exit, 0);
  assert.equal(unmanagedFile(), before.replace('<enabled>true<', '<enabled>false<'));
  assert.equal((await fleet.plan()).exit, 0);
});

test('plan, status, and verify report trust that was added in the org, and a deploy revokes it', async () => {
  const extra = { path: 'PublicKeyCertificate/Extra.PublicKeyCertificate', content: keyXml(await uploadedKey()) };
  const legacy = loadSeed('production').filter(({ path }) => path.includes('Legacy_Identity'));
  const fleet = await startFleet(workspace, {
    dev: { seed: [...legacy, extra], config: { channels: ['Web_Chat'] } },
  });
  const org = fleet.org('dev');
  assert.equal((await fleet.deployAccepted()).exit, 0);
  const before = new Map(org.files());
  const [channel, keyset] = [
    'messagingChannels/Web_Chat.messagingChannel',
    'PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet',
  ];
  editInSetup(org, channel, '<messagingAuthorizations>', `${PARTNER}\n        <messagingAuthorizations>`);
  editInSetup(org, keyset, '<type>', `${EXTRA_KEY}\n    <type>`);
  const consequence = /Tokens signed with Extra are accepted on Web_Chat for any customer\./;
  const [planned, status, verified] = [await fleet.plan(), await fleet.status(), await fleet.run('verify')];
  assert.deepEqual([planned.exit, status.exit, verified.exit], [2, 2, 1]);
  for (const { shown } of [planned, status, verified]) assert.match(shown.replace(/\s+/g, ' '), consequence);
  assert.match(planned.shown, /- PublicKeyCertificate:Extra from Customer_Identity \[disruptive\]/);
  assert.match(verified.shown, /trust/);
  assert.equal((await fleet.deployAccepted()).exit, 0);
  assert.deepEqual([org.files().get(channel), org.files().get(keyset)], [before.get(channel), before.get(keyset)]);
  assert.match(org.files().get(extra.path) ?? '', /<isActive>false</);
  assert.equal((await fleet.plan()).exit, 0);
});

const PARTNER = `<messagingAuthorizations>
            <authIdentifier>Partner</authIdentifier>
            <authorizationType>PublicKeyCertificateSet</authorizationType>
            <enabled>true</enabled>
            <publicKeyCertificateSetName>Legacy_Identity</publicKeyCertificateSetName>
        </messagingAuthorizations>`;

const EXTRA_KEY = `<publicKeyCertificateSetKeys>
        <publicKeyCertificate>Extra</publicKeyCertificate>
    </publicKeyCertificateSetKeys>`;
