/**
 * A test runner for Stryker: runs tests that use node:test in its own process. Files are loaded once and again only for
 * mutants in code that runs on load, so a mutant takes milliseconds. Supports what the unit tests of the pure modules use:
 * test, describe, hooks, t.after, and t.mock.
 */
import { globSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { declareFactoryPlugin, PluginKind, commonTokens } from '@stryker-mutator/api/plugin';

const require = createRequire(import.meta.url);
const load = Module._load;
const { mock } = require('node:test');
/** The suite that is being declared; a describe block declares into its own. */
let suite;

const newSuite = (parent) => ({ parent, tests: [], before: [], after: [], beforeEach: [], afterEach: [] });

function test(name, options, run = options) {
  suite.tests.push({ suite, name, run, skipped: Boolean(options.skip) });
}

function describe(name, options, declare = options) {
  const outer = suite;
  suite = newSuite(outer);
  declare();
  outer.tests.push(...suite.tests.map((each) => ({ ...each, name: `${name} ${each.name}` })));
  suite = outer;
}

const hook = (kind) => (run) => void suite[kind].push(run);
const nodeTest = Object.assign(test, {
  test,
  it: test,
  describe,
  suite: describe,
  before: hook('before'),
  after: hook('after'),
  beforeEach: hook('beforeEach'),
  afterEach: hook('afterEach'),
  mock,
});

Module._load = function (request, ...rest) {
  return request === 'node:test' ? nodeTest : load.call(this, request, ...rest);
};

class NodeTestRunner {
  #files;
  #global;
  #tests;

  constructor(options) {
    this.#files = options.nodeTest.files;
    globalThis.__stryker__ ??= {};
    this.#global = globalThis.__stryker__;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    require(join(process.cwd(), '.config/ts-node.cjs'));
    // A mutant that survives runs every covering test to its end.
    require('fast-check').configureGlobal({ numRuns: 20 });
  }

  async dryRun() {
    this.#load();
    const tests = [];
    for (const each of this.#tests) {
      this.#global.currentTestId = each.id;
      const start = performance.now();
      const failure = await run(each);
      const result = failure ? { status: 1, failureMessage: String(failure.stack ?? failure) } : { status: 0 };
      tests.push({ id: each.id, name: each.id, timeSpentMs: performance.now() - start, ...result });
    }
    this.#global.currentTestId = undefined;
    return { status: 'complete', tests, mutantCoverage: this.#global.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, reloadEnvironment, mutantActivation }) {
    this.#global.hitLimit = hitLimit;
    this.#global.hitCount = hitLimit === undefined ? undefined : 0;
    if (mutantActivation === 'static') this.#global.activeMutant = activeMutant.id;
    const loadFailure = reloadEnvironment || !this.#tests ? this.#tryLoad() : undefined;
    if (loadFailure) return killed('(loading the tests)', loadFailure, 0);
    this.#global.activeMutant = activeMutant.id;
    const selected = this.#tests.filter(({ id }) => !testFilter || testFilter.includes(id));
    // The tests of the changed module most likely notice the change.
    const folder = dirname(relative(join(process.cwd(), 'scripts'), activeMutant.fileName)).replace(/.*?scripts\//, '');
    const tests = selected.toSorted((one, other) => other.id.startsWith(folder) - one.id.startsWith(folder));
    let [count, failed] = [0, undefined];
    for (const each of tests) {
      count++;
      const failure = await run(each);
      failed = failure && killed(each.id, failure, count);
      if (failed) break;
    }
    if (reloadEnvironment) this.#tests = undefined;
    this.#global.activeMutant = undefined;
    if (hitLimit !== undefined && this.#global.hitCount > hitLimit)
      return { status: 'timeout', reason: `Hit limit reached (${hitLimit})` };
    return failed ?? { status: 'survived', nrOfTests: count };
  }

  #tryLoad() {
    try {
      this.#load();
    } catch (thrown) {
      this.#tests = undefined;
      return thrown;
    }
  }

  /** Loads the project's modules and tests anew; packages stay loaded. */
  #load() {
    for (const file of Object.keys(require.cache))
      if (!file.includes('node_modules') && !file.includes('.config')) delete require.cache[file];
    const all = globSync(this.#files).sort();
    this.#tests = all.flatMap((file) => {
      suite = newSuite();
      require(join(process.cwd(), file));
      return suite.tests.map((each, index) => ({
        ...each,
        id: `${relative('scripts/test', file)} ${index} ${each.name}`,
      }));
    });
  }
}

const killed = (id, failure, nrOfTests) => ({
  status: 'killed',
  killedBy: [id],
  nrOfTests,
  failureMessage: String(failure?.message ?? failure),
});

/** Suites from the outermost to the one of a test. */
const suitesOf = (inner) => (inner ? [...suitesOf(inner.parent), inner] : []);

/** Runs a test with its hooks. Returns what it throws. */
async function run({ suite: own, run: body, skipped }) {
  if (skipped) return undefined;
  const suites = suitesOf(own);
  const cleanups = [];
  try {
    for (const each of suites) {
      if (!each.prepared) for (const before of each.before) await before();
      each.prepared = true;
      for (const before of each.beforeEach) await before();
    }
    await body({ after: (cleanup) => void cleanups.push(cleanup), name: '', diagnostic: () => undefined, mock });
    return undefined;
  } catch (thrown) {
    return thrown ?? new Error('nothing');
  } finally {
    mock.timers.reset();
    mock.reset();
    for (const cleanup of cleanups.reverse()) await cleanup();
    for (const each of suites.toReversed()) for (const after of each.afterEach) await after();
  }
}

const createRunner = (options) => new NodeTestRunner(options);
createRunner.inject = [commonTokens.options];

export const strykerPlugins = [declareFactoryPlugin(PluginKind.TestRunner, 'node-test', createRunner)];
