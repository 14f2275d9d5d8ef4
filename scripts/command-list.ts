import type { CommandDef } from './lib/cli';

/**
 * The commands of the product by topic, in the order of `chat-verification help`. A command is a file `scripts/<name>.ts` that
 * exports its definition, a script of this name in package.json, and a name in this list.
 */
export const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'Set up': ['start', 'setup', 'doctor', 'import', 'keys'],
  Deploy: ['check', 'config', 'plan', 'deploy', 'rollback', 'runs', 'post-refresh'],
  'Verify and monitor': ['verify', 'monitor', 'status', 'token', 'calibrate'],
  'Websites and apps': ['client-kit', 'token-server', 'demo-site'],
  Pipelines: ['login', 'report'],
  Help: ['explain', 'completion'],
  'Local orgs': ['local-org', 'load-test'],
};

/** The definition of a command of the list. */
export async function loadCommand(name: string): Promise<CommandDef> {
  const exports = (await import(`./${name}`)) as object;
  const definition = Object.values(exports).find(isCommandDef);
  if (!definition) throw new Error(`scripts/${name}.ts exports no command.`);
  return definition;
}

const isCommandDef = (value: unknown): value is CommandDef =>
  typeof value === 'object' && value !== null && 'summary' in value && 'run' in value;
