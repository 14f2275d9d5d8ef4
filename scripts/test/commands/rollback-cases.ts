import { Sf } from '../../lib/sf';
import { editInSetup, type Fleet } from './fleet';
import type { Workspace } from './workspace';

/** One kind of change by a deploy. `prepare` edits an org with all components so that a deploy makes the change. */
export interface RollbackCase {
  readonly name: string;
  readonly prepare: (fleet: Fleet, workspace: Workspace) => unknown;
}

const CHANNEL = 'messagingChannels/Web_Chat.messagingChannel';
const KEYSET = 'PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet';
const KEY = 'PublicKeyCertificate/Customer_Identity_2026_A.PublicKeyCertificate';

const edit =
  (path: string, ...[from, to]: [from: string | RegExp, to: string]) =>
  (fleet: Fleet): void =>
    editInSetup(fleet.org('dev'), path, from, to);

function setUpFurther(fleet: Fleet): void {
  const xsi = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  editInSetup(
    fleet.org('dev'),
    CHANNEL,
    /(?<=<MessagingChannel [^>]*)>\n/,
    `${xsi}>\n    <countryCode xsi:nil="true"/>\n`,
  );
  editInSetup(fleet.org('dev'), CHANNEL, 'ExpirationTime>60<', 'ExpirationTime>90<');
}

async function deactivateChannel(alias: string, workspace: Workspace): Promise<void> {
  const sf = new Sf(workspace.workers, '67.0');
  const [row] = await sf.query(alias, "SELECT Id FROM MessagingChannel WHERE DeveloperName = 'Guest_Web_Chat'");
  await sf.setActive(alias, String(row?.['Id']), false);
}

export const ROLLBACK_CASES: readonly RollbackCase[] = [
  { name: 'a value is updated', prepare: edit(CHANNEL, 'ExpirationTime>60<', 'ExpirationTime>240<') },
  { name: 'an element is added', prepare: edit(CHANNEL, /.*<verifiedUser.*\n/, '') },
  { name: 'a channel with additional settings is updated', prepare: setUpFurther },
  { name: 'user verification is turned on', prepare: edit(CHANNEL, '>Auth<', '>UnAuth<') },
  {
    name: 'user verification is set up for the first time',
    prepare: edit(CHANNEL, / {4}<embeddedConfig>[^]*<\/embeddedConfig>\n/, ''),
  },
  {
    name: 'an authorization is added',
    prepare: edit(CHANNEL, / {8}<messagingAuthorizations>[^]*<\/messagingAuthorizations>\n/, ''),
  },
  { name: 'an authorization is enabled', prepare: edit(CHANNEL, '<enabled>true<', '<enabled>false<') },
  { name: 'routing changes', prepare: edit(CHANNEL, '>Customer_Chat<', '>Service_Chat<') },
  { name: 'an issuer is changed', prepare: edit(KEYSET, 'https://id.example.com', 'https://old.example.com') },
  {
    name: 'a key is added to a keyset',
    prepare: edit(KEYSET, / {4}<publicKeyCertificateSetKeys>\n.*_B<.*\n.*\n/, ''),
  },
  { name: 'a key is activated', prepare: edit(KEY, '<isActive>true<', '<isActive>false<') },
  {
    name: 'a chat deployment is turned on',
    prepare: edit('EmbeddedServiceConfig/Web_Chat.EmbeddedServiceConfig', /(?<=\n {4}<isEnabled>)true/, 'false'),
  },
  {
    name: 'a queue is changed',
    prepare: edit('queues/Customer_Chat.queue', '<name>Customer Chat<', '<name>Old name<'),
  },
  // This case must be last, because restoring files doesn't undo its change.
  { name: 'a channel is activated', prepare: (_fleet, workspace) => deactivateChannel('dev', workspace) },
];
