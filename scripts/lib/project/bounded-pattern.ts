import { createContext, Script, type Context } from 'node:vm';

/** A regular expression of a project took longer than the limit. */
export class SlowPatternError extends Error {}

const SCRIPTS = { replace: new Script('text.replace(pattern, value)'), search: new Script('text.search(pattern)') };
let context: Context | undefined;

/**
 * Replaces each match of a pattern, as String.replace does. Throws SlowPatternError after `limitMs`: a regular expression such as
 * /^(a+)+$/ can take years for a short text, and nothing else in JavaScript can stop it.
 */
export const replaceWithin = (text: string, pattern: RegExp, value: string, limitMs: number): string =>
  String(run('replace', { text, pattern, value }, limitMs));

/** The position of the first match, or -1. Throws SlowPatternError after `limitMs`. */
export const searchWithin = (text: string, pattern: RegExp, limitMs: number): number =>
  Number(run('search', { text, pattern }, limitMs));

function run(name: keyof typeof SCRIPTS, values: object, limitMs: number): unknown {
  context ??= createContext({});
  Object.assign(context, values);
  try {
    return SCRIPTS[name].runInContext(context, { timeout: limitMs });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw new SlowPatternError();
    throw thrown;
  }
}
