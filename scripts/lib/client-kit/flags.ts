import { InvalidArgumentError, type Command } from 'commander';
import { addOrgFlags, repeatable } from '../cli';
import { CLIENTS, type Client } from './kit';

export interface ClientKitFlags {
  /** Empty: all kinds. */
  readonly client: readonly Client[];
  /** Empty: all channels. */
  readonly channel: readonly string[];
  /** Origins of pages with chat. */
  readonly page: readonly string[];
  readonly out?: string;
}

export const addClientKitFlags = (program: Command): Command =>
  addOrgFlags(program)
    .option(
      '--client <kind>',
      `Kind of client. Values: ${CLIENTS.join(', ')}. Can be repeated. Default: all.`,
      parseClients,
      [],
    )
    .option('--channel <name>', 'Developer name of a channel. Can be repeated. Default: all.', repeatable, [])
    .option(
      '--page <origin>',
      'Origin of a site that shows the chat, such as https://shop.example.com. Can be repeated.',
      parsePages,
      [],
    )
    .option('--out <folder>', 'Folder for the files. Default: print them.');

function parseClients(value: string, previous: readonly Client[]): readonly Client[] {
  const client = CLIENTS.find((each) => each === value);
  if (client === undefined) throw new InvalidArgumentError(`Specify one of: ${CLIENTS.join(', ')}.`);
  return [...previous, client];
}

function parsePages(value: string, previous: readonly string[]): readonly string[] {
  const url = URL.parse(value);
  if (!url || url.origin === 'null')
    throw new InvalidArgumentError('Specify an origin, such as https://shop.example.com.');
  return [...previous, url.origin];
}
