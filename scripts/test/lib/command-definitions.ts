import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { mock } from 'node:test';
import type { CommandDef, CommonFlags } from '../../lib/cli';
import { parseFlags } from '../../lib/cli/main';
import { parseCommandText } from '../../lib/model';
import { PROJECT } from '../gates/list-files';

const SCRIPTS = (
  JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as {
    readonly scripts: Readonly<Record<string, string>>;
  }
).scripts;

const isCommandDef = (value: unknown): value is CommandDef =>
  typeof value === 'object' && value !== null && 'summary' in value && 'run' in value;

/** The definition of a command by the name of its npm script; undefined if the script isn't a command of this project. */
export function commandDefinition(name: string): CommandDef | undefined {
  const file = /scripts\/[\w-]+\.ts/.exec(SCRIPTS[name] ?? '')?.[0];
  if (file === undefined || !readFileSync(join(PROJECT, file), 'utf8').includes(', module);')) return undefined;
  return Object.values(createRequire(__filename)(join(PROJECT, file)) as object).find(isCommandDef);
}

/** Parses arguments with the command's own parser. Throws `invalid-flag` as the command does. Undefined after --help. */
export function parseArguments(
  name: string,
  args: readonly string[],
): (CommonFlags & Record<string, unknown>) | undefined {
  const definition = commandDefinition(name);
  if (!definition) throw new Error(`There is no command ${name}.`);
  // --help prints.
  const write = mock.method(process.stdout, 'write', () => true);
  try {
    return parseFlags(definition, args) as (CommonFlags & Record<string, unknown>) | undefined;
  } finally {
    write.mock.restore();
  }
}

/** The command and the parsed flags of a recommended command. Fails unless the text is exactly one command. */
export function parseRecommended(text: string): { readonly name: string; readonly flags: Record<string, unknown> } {
  const [name, ...args] = parseCommandText(text) ?? [];
  if (name === undefined) throw new Error(`Not a command: ${text}`);
  return { name, flags: parseArguments(name, args) ?? {} };
}
