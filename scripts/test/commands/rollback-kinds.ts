import { Sf } from '../../lib/sf';
import { tamper, type Fleet } from './fleet';
import type { Workplace } from './workplace';

/** One kind of change that a deploy makes, made possible by putting an org that holds everything into the state before it. */
export interface Kind {
  readonly what: string;
  readonly before: (fleet: Fleet, place: Workplace) => unknown;
}

const CHANNEL = 'messagingChannels/Web_Chat.messagingChannel';
const KEYSET = 'PublicKeyCertificateSet/Customer_Identity.PublicKeyCertificateSet';
const KEY = 'PublicKeyCertificate/Customer_Identity_2026_A.PublicKeyCertificate';

const edit =
  (path: string, ...[from, to]: [from: string | RegExp, to: string]) =>
  (fleet: Fleet): void =>
    tamper(fleet.org('dev'), path, from, to);

function setUpFurther(fleet: Fleet): void {
  const xsi = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"';
  tamper(fleet.org('dev'), CHANNEL, /(?<=<MessagingChannel [^>]*)>\n/, `${xsi}>\n    <countryCode xsi:nil="true"/>\n`);
  tamper(fleet.org('dev'), CHANNEL, 'ExpirationTime>60<', 'ExpirationTime>90<');
}

async function switchOff(alias: string, place: Workplace): Promise<void> {
  const sf = new Sf(place.hosts, '67.0');
  const [row] = await sf.query(alias, "SELECT Id FROM MessagingChannel WHERE DeveloperName = 'Guest_Web_Chat'");
  await sf.setActive(alias, String(row?.['Id']), false);
}

export const KINDS: readonly Kind[] = [
  { what: 'a value is updated', before: edit(CHANNEL, 'ExpirationTime>60<', 'ExpirationTime>240<') },
  { what: 'an element is added', before: edit(CHANNEL, /.*<verifiedUser.*\n/, '') },
  { what: 'a channel that an admin set up further is updated', before: setUpFurther },
  { what: 'verification is switched on', before: edit(CHANNEL, '>Auth<', '>UnAuth<') },
  {
    what: 'verification is set up for the first time',
    before: edit(CHANNEL, / {4}<embeddedConfig>[^]*<\/embeddedConfig>\n/, ''),
  },
  {
    what: 'an authorization is added',
    before: edit(CHANNEL, / {8}<messagingAuthorizations>[^]*<\/messagingAuthorizations>\n/, ''),
  },
  { what: 'an authorization is enabled', before: edit(CHANNEL, '<enabled>true<', '<enabled>false<') },
  { what: 'routing moves', before: edit(CHANNEL, '>Customer_Chat<', '>Service_Chat<') },
  { what: 'an issuer is changed', before: edit(KEYSET, 'https://id.example.com', 'https://old.example.com') },
  {
    what: 'a key is added to a keyset',
    before: edit(KEYSET, / {4}<publicKeyCertificateSetKeys>\n.*_B<.*\n.*\n/, ''),
  },
  { what: 'a key is activated', before: edit(KEY, '<isActive>true<', '<isActive>false<') },
  {
    what: 'a deployment is switched on',
    before: edit('EmbeddedServiceConfig/Web_Chat.EmbeddedServiceConfig', /(?<=\n {4}<isEnabled>)true/, 'false'),
  },
  { what: 'a queue is changed', before: edit('queues/Customer_Chat.queue', '<name>Customer Chat<', '<name>Old name<') },
  // The last one: what it leaves is not brought back by an edit of files.
  { what: 'a channel is activated', before: (_fleet, place) => switchOff('dev', place) },
];
