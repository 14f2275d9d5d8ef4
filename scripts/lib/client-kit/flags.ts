import { InvalidArgumentError, type Command } from 'commander';
import { repeatable } from '../cli';
import { CLIENTS, type Client } from './kit';

export interface ClientKitFlags {
  /** Empty means every kind of client. */
  readonly client: readonly Client[];
  /** Empty means every channel. */
  readonly channel: readonly string[];
  /** Origins of pages that will show the chat. */
  readonly page: readonly string[];
  readonly out?: string;
}

export const addClientKitFlags = (program: Command): Command =>
  program
    .option('--client <kind>', `${CLIENTS.join(', ')}; repeat it (without it: all)`, parseClients, [])
    .option('--channel <name>', 'a channel of the org; repeat it (without it: all)', repeatable, [])
    .option(
      '--page <origin>',
      'a site that will show the chat, e.g. https://shop.example.com; repeat it',
      parsePages,
      [],
    )
    .option('--out <folder>', 'write the files there instead of showing them');

function parseClients(value: string, previous: readonly Client[]): readonly Client[] {
  const client = CLIENTS.find((each) => each === value);
  if (client === undefined) throw new InvalidArgumentError(`It must be ${CLIENTS.join(', ')}.`);
  return [...previous, client];
}

function parsePages(value: string, previous: readonly string[]): readonly string[] {
  const url = URL.parse(value);
  if (!url || url.origin === 'null') throw new InvalidArgumentError('It must be an origin, https://host.');
  return [...previous, url.origin];
}
