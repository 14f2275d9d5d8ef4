import { resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import type { CommonFlags } from './context';

const EXIT_CODES = `
Exit codes:
  0  done, or nothing to do
  1  at least one org or check failed
  2  plan, status: there are changes; nothing was written
  3  config, source or flags are wrong; no org was contacted
  4  an org could not be reached, or its login or identity is not what config says`;

/** A commander program with the flags that every command has. */
export function programOf(name: string, summary: string): Command {
  return new Command(`npm run ${name} --`)
    .description(summary)
    .option('--org <alias>', 'an org of config/orgs; repeat it for several (without it: all)', collect)
    .option('--wave <number>', 'only the orgs of one wave', wholeNumber)
    .option('--project <folder>', 'the Salesforce DX project', '.')
    .option('--json', 'print one JSON document on standard output, all else on standard error', false)
    .option('--debug', 'show the stack trace of an error nobody foresaw', false)
    .addHelpText('after', EXIT_CODES)
    .allowExcessArguments(false)
    .exitOverride();
}

/** The flags as commands get them: lists are never left out, the project is an absolute path. */
export const commonFlags = (values: Partial<CommonFlags> & Pick<CommonFlags, 'project' | 'json'>): CommonFlags => ({
  ...values,
  org: values.org ?? [],
  project: resolve(values.project),
});

/** For flags that repeat. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** For flags that take a whole number from 1. */
export function wholeNumber(value: string): number {
  if (/^[1-9]\d{0,5}$/.test(value)) return Number(value);
  throw new InvalidArgumentError('It must be a whole number from 1.');
}
