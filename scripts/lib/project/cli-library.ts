import { createRequire, findPackageJSON } from 'node:module';

/**
 * Loads a package that source-deploy-retrieve, the library of @salesforce/cli, uses for files: the same copy, so that patterns
 * mean the same. The library itself takes most of a second to load, and these packages take milliseconds.
 */
export function requireOfCli(name: 'ignore/index' | 'minimatch'): unknown {
  const cli = findPackageJSON('@salesforce/cli', __filename) ?? '';
  const library = findPackageJSON('@salesforce/source-deploy-retrieve', cli) ?? '';
  return createRequire(library)(name);
}
