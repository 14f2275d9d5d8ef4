import { pathToFileURL } from 'node:url';
import { compileFunction, constants } from 'node:vm';

const load = compileFunction('return import(url)', ['url'], {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}) as (url: string) => Promise<unknown>;

/** Loads a file as an ES module, as Node.js does. ts-node compiles `import()` to `require`. */
export const importModule = async <T>(file: string): Promise<T> => (await load(pathToFileURL(file).href)) as T;
