import { InvalidArgumentError, type Command } from 'commander';

export interface DemoSiteFlags {
  readonly port: number;
  readonly page?: string;
}

export const addDemoSiteFlags = (program: Command): Command =>
  program
    .option(
      '--port <number>',
      'Port of the shop. The local org uses the next port. 0: any free ports.',
      parsePort,
      8780,
    )
    .option('--page <file>', 'HTML page to serve in place of the shop, with the same org and token service.');

function parsePort(value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new InvalidArgumentError('It must be a number from 0 to 65535.');
}
