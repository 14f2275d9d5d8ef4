/**
 * Loads modules of the Salesforce CLI only when one of their functions is used. The CLI loads about 1,600 modules for the commands
 * of a worker. A third of them is for other work: streaming, scratch orgs, source tracking, and the checks of project files.
 */
import Module, { createRequire } from 'node:module';

/** A module that no command of a worker uses, as another module requires it. */
export interface RarelyUsedModule {
  /** The package whose main module can require it. */
  readonly from: string;
  readonly request: string;
  /** Whether it was compiled from an ES module. Whoever requires it asks that first. */
  readonly esModule: boolean;
}

const compiled = (from: string, ...requests: readonly string[]): readonly RarelyUsedModule[] =>
  requests.map((request) => ({ from, request, esModule: true }));

/** If one of them is used after all, it is loaded then. So the list can only cost or save time. */
export const RARELY_USED: readonly RarelyUsedModule[] = [
  ...compiled(
    '@salesforce/core',
    './org/scratchOrgCreate.js',
    './org/scratchOrgSettingsGenerator.js',
    './schema/project-scratch-def/scratchOrgDef.js',
    './schema/sfdx-project/sfdxProjectJson.js',
    './schema/validator.js',
  ),
  ...compiled(
    '@salesforce/source-deploy-retrieve',
    './convert/transformers/decomposeExternalServiceRegistrationTransformer.js',
    './registry/coverage.js',
  ),
  ...compiled('@salesforce/source-tracking', './shared/local/localShadowRepo.js'),
  { from: '@jsforce/jsforce-node', request: 'faye', esModule: false },
  { from: '@jsforce/jsforce-node', request: 'form-data', esModule: false },
  { from: 'jsonwebtoken', request: './lib/validateAsymmetricKey', esModule: false },
];

/** Where the module is, or undefined if this version of the CLI has no such module. */
export function findModule(cliRequire: NodeJS.Require, { from, request }: RarelyUsedModule): string | undefined {
  try {
    return createRequire(cliRequire.resolve(from)).resolve(request);
  } catch {
    return undefined;
  }
}

/** Makes `require` return a stand-in for each module. Call it before any module of the CLI is loaded. */
export function loadLazily(cliRequire: NodeJS.Require, modules = RARELY_USED): void {
  for (const each of modules) {
    const file = findModule(cliRequire, each);
    if (file !== undefined) cliRequire.cache[file] = standInModule(cliRequire, file, each.esModule);
  }
}

function standInModule(cliRequire: NodeJS.Require, file: string, esModule: boolean): NodeJS.Module {
  const standIn = new Module(file);
  let loaded: unknown;
  const load = (): unknown => {
    if (cliRequire.cache[file] === standIn) {
      delete cliRequire.cache[file];
      loaded = cliRequire(file);
    }
    return loaded;
  };
  const known = new Map<string | symbol, unknown>([['__esModule', esModule || undefined]]);
  // An ES module that imports this one reads each export at once, so those are stand-ins too.
  const property = (key: string): unknown => standInValue(() => (load() as Record<string, unknown>)[key], new Map());
  standIn.exports = standInValue(load, known, property);
  standIn.loaded = true;
  return standIn;
}

type Value = Record<string | symbol, unknown>;

/**
 * A value that `load` returns at the first use. Nothing is an instance of a class that isn't loaded. `known` has the properties that
 * are read before that, and `property` a stand-in for each other one.
 */
function standInValue(
  load: () => unknown,
  known: Map<string | symbol, unknown>,
  property?: (key: string) => unknown,
): object {
  let value: unknown;
  const use = (): Value => (value ??= load()) as Value;
  const read = (key: string | symbol): unknown => {
    if (value !== undefined) return use()[key];
    if (key === Symbol.hasInstance) return () => false;
    if (!known.has(key)) {
      if (property === undefined || typeof key === 'symbol') return use()[key];
      known.set(key, property(key));
    }
    return known.get(key);
  };
  // A bound function can be called and constructed, and has no property that a stand-in must have, too.
  return new Proxy(function () {}.bind(undefined), {
    get: (_, key) => read(key),
    set: (_, key, assigned) => Reflect.set(use(), key, assigned),
    has: (_, key) => Reflect.has(use(), key),
    ownKeys: () => Reflect.ownKeys(use()),
    getOwnPropertyDescriptor: (_, key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(use(), key);
      return descriptor && { ...descriptor, configurable: true };
    },
    apply: (_, self, args) => Reflect.apply(use() as unknown as () => unknown, self, args) as unknown,
    construct: (_, args) => Reflect.construct(use() as unknown as new () => object, args) as object,
  });
}
