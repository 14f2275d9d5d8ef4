import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadSeed } from '../../local-org/orgs';
import { uploadedKey } from '../local-org/certificates';
import { keyXml } from '../local-org/samples';
import type { CommandDocument } from './document-schemas';
import { startFleet, editInSetup } from './fleet';
import type { CommandResult } from './run-command';
import { createWorkspace } from './workspace';

const workspace = createWorkspace();
const warnings = ({ document }: CommandResult): CommandDocument['findings'] =>
  document.findings.filter(({ severity }) => severity === 'warning');

test('warns of an unmanaged channel that conflicts with a managed one and keeps it unchanged', async () => {
  const fleet = await startFleet(workspace, {
    dev: { seed: loadSeed('production'), config: { channels: ['Web_Chat'] } },
  });
  const org = fleet.org('dev');
  const unmanagedFile = (): string | undefined => org.files().get('messagingChannels/Partner_Chat.messagingChannel');
  const before = unmanagedFile();
  const planned = await fleet.plan();
  const [conflict, ...others] = warnings(planned);
  assert.deepEqual(
    [planned.exit, conflict?.rule, conflict?.component],
    [2, 'identifier-two-keysets', 'MessagingChannel:Web_Chat'],
  );
  assert.deepEqual(others, []);
  assert.match(conflict?.message ?? '', /^In the org dev: .* to Legacy_Identity in Partner_Chat/);
  assert.equal((await fleet.deployAccepted()).exit, 0);
  assert.ok(before);
  assert.equal(unmanagedFile(), before);
});

test('warns of unmanaged keys and authorizations and keeps them in a deploy', async () => {
  const extra = { path: 'PublicKeyCertificate/Extra.PublicKeyCertificate', content: keyXml(await uploadedKey()) };
  const seed = [...loadSeed('production'), extra];
  const fleet = await startFleet(workspace, { dev: { seed, config: { channels: ['Web_Chat'] } } });
  const org = fleet.org('dev');
  assert.equal((await fleet.deployAccepted()).exit, 0);
  const [channel, keyset] = [
    'messagingChannels/Web_Chat.messagingChannel',
    'PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet',
  ];
  editInSetup(org, channel, '<messagingAuthorizations>', `${PARTNER}\n        <messagingAuthorizations>`);
  editInSetup(org, keyset, '<type>', `${EXTRA_KEY}\n    <type>`);
  const planned = await fleet.plan();
  assert.deepEqual([planned.exit, planned.org('dev').changes], [0, []]);
  const trust = planned.document.findings.filter(({ rule }) => rule === 'unmanaged-trust');
  assert.deepEqual(
    trust.map(({ component, severity, message }) => [component, severity, /: (\w+) is trusted/.exec(message)?.[1]]),
    [
      ['PublicKeyCertificateSet:Customer_Identity', 'warning', 'Extra'],
      ['MessagingChannel:Web_Chat', 'warning', 'Partner'],
    ],
  );
  const before = org.files();
  editInSetup(org, channel, 'ExpirationTime>60<', 'ExpirationTime>61<');
  assert.equal((await fleet.deploy()).exit, 0);
  assert.deepEqual(org.files().get(channel), before.get(channel));
  assert.deepEqual(org.files().get(keyset), before.get(keyset));
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
