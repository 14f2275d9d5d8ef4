import assert from 'node:assert/strict';
import fs from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { importModule } from './import-module';

type SpeedUp = typeof import('../../../lib/sf/speed-up-cli.mts');

/** What the CLI did, in order. */
const calls: string[] = [];

/** Stand for the parts of the CLI that are changed. */
class EnvVars {
  readonly known = { 'SF_org-api-version': '67.0' } as Readonly<Record<string, string>>;
  getPropertyFromEnv(property: string, prefix = 'SF_'): unknown {
    calls.push(`${prefix}${property}`);
    return this.known[`${prefix}${property}`];
  }
}
class ConfigAggregator {
  static readonly properties = ['org-api-version'];
  getAllowedProperties = (): readonly string[] => ConfigAggregator.properties;
  get config(): object {
    calls.push('settings');
    return Object.fromEntries(ConfigAggregator.properties.map((name) => [name, `value of ${name}`]));
  }
}
const requestText = (request: unknown): string => `request ${JSON.stringify(request)}`;
class Connection {
  request(request: unknown): Promise<unknown> {
    calls.push(requestText(request));
    return Promise.resolve({ records: [] });
  }
}
class Lifecycle {
  on(event: string): void {
    calls.push(`on ${event}`);
  }
}
class Logger {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  child(name: string): Logger {
    return new Logger(`${this.name}:${name}`);
  }
}
class TTLConfig {
  static async create(): Promise<TTLConfig> {
    const cache = new this();
    calls.push('read jobs');
    return Promise.resolve(cache);
  }
  get(): unknown {
    return undefined;
  }
  set(): void {
    calls.push('set job');
  }
  write(): Promise<void> {
    return Promise.resolve(void calls.push('write jobs'));
  }
}
class DeployCache extends TTLConfig {}
class MetadataApiDeploy {
  private reads = 0;
  checkStatus(): Promise<{ done: boolean; reads: number }> {
    calls.push('status');
    return Promise.resolve({ done: ++this.reads > 1, reads: this.reads });
  }
}
const variants = { getEffectiveRegistry: () => calls.push('registry') };
const keychains = { retrieveKeychain: (platform: string) => Promise.resolve(calls.push(`keychain ${platform}`)) };

class Crypto {
  static create(options?: object): Promise<unknown> {
    calls.push(`key ${JSON.stringify(options)}`);
    return calls.length === 1 ? Promise.reject(new Error('locked')) : Promise.resolve(options);
  }
}

const MODULES: Readonly<Record<string, unknown>> = {
  '@salesforce/core': { Connection, TTLConfig },
  '@salesforce/core/logger': { Logger },
  '@salesforce/source-deploy-retrieve': { MetadataApiDeploy },
  '@salesforce/core/envVars': { EnvVars },
  '@salesforce/core/configAggregator': { ConfigAggregator },
  '@salesforce/core/lifecycle': { Lifecycle },
  '@salesforce/source-deploy-retrieve/lib/src/registry/variants': variants,
  '/core/lib/crypto/keyChain.js': keychains,
  '/core/lib/crypto/crypto.js': { Crypto },
};
const cliRequire = Object.assign((name: string) => MODULES[name], { resolve: () => '/core/lib/index.js' });

const { realpath } = fs;
const on = process.on.bind(process);
let speedUp: SpeedUp;
before(async () => {
  speedUp = await importModule<SpeedUp>(join(__dirname, '../../../lib/sf/speed-up-cli.mts'));
  speedUp.speedUpCli(cliRequire as unknown as NodeJS.Require);
  speedUp.readJobsOnce(cliRequire as unknown as NodeJS.Require);
});
after(() => {
  fs.realpath = realpath;
  process.on = on;
});

/** What the CLI does while `run` runs. */
async function callsOf(run: () => unknown): Promise<readonly string[]> {
  calls.length = 0;
  await run();
  return [...calls];
}

test('the CLI reads a variable, resolves its settings, builds its registry, and finds its keychain once', async () => {
  const read = async (): Promise<readonly unknown[]> => [
    new EnvVars().getPropertyFromEnv('org-api-version'),
    new EnvVars().getPropertyFromEnv('org-api-version', 'SFDX_'),
    new ConfigAggregator().config,
    variants.getEffectiveRegistry(),
    await keychains.retrieveKeychain('linux'),
  ];
  const results: (readonly unknown[])[] = [];
  const done = await callsOf(async () => results.push(await read(), await read()));
  const settings = { 'org-api-version': 'value of org-api-version' };
  assert.deepEqual(results, Array(2).fill(['67.0', undefined, settings, 4, 5]));
  assert.deepEqual(done, ['SF_org-api-version', 'SFDX_org-api-version', 'settings', 'registry', 'keychain linux']);
});

test('the CLI resolves its settings again after a plugin has defined one', async () => {
  ConfigAggregator.properties.push('org-new');
  const done = await callsOf(() => assert.ok('org-new' in new ConfigAggregator().config));
  assert.deepEqual(done, ['settings']);
});

test('the CLI reads the key of the login store until it has read it, and once', async () => {
  const options = { noResetOnClose: true };
  const done = await callsOf(async () => {
    await assert.rejects(Crypto.create(), /locked/);
    assert.deepEqual([await Crypto.create(), await Crypto.create()], [options, options]);
    assert.deepEqual(await Crypto.create({ platform: 'linux' }), { platform: 'linux' });
  });
  assert.deepEqual(
    done,
    [options, options, { platform: 'linux' }].map((each) => `key ${JSON.stringify(each)}`),
  );
});

test('a query is sent once, and no other request is omitted', async () => {
  const query = 'http://127.0.0.1/services/data/v67.0/query?q=SELECT%20Id%20FROM%20A';
  const others = [query, `${query}%26columns%3Dtrue`, { method: 'GET', url: `${query}&columns=true` }];
  const connection = new Connection();
  const done = await callsOf(async () => {
    for (const url of [query, query.replace('/query', '/tooling/query')])
      assert.deepEqual(await connection.request(`${url}&columns=true`), { columnMetadata: [] });
    for (const each of others) await connection.request(each);
  });
  assert.deepEqual(
    done,
    others.map((each) => requestText(each)),
  );
});

test('a command adds no listener for warnings, hooks, and signals, but for all other events', async () => {
  const count = process.listenerCount('SIGTERM');
  const unused = ['warning', 'sf-doctor-@salesforce/plugin-auth', 'plugins:preinstall:verify:signature', 'init'];
  const done = await callsOf(() => {
    for (const event of [...unused, 'deployZipData', 'scopedPostDeploy']) new Lifecycle().on(event);
    assert.equal(
      process.on('SIGTERM', () => undefined),
      process,
    );
  });
  assert.deepEqual(done, ['on scopedPostDeploy']);
  assert.equal(process.listenerCount('SIGTERM'), count);
  const listener = (): void => undefined;
  process.on('exit', listener);
  assert.ok(process.listeners('exit').includes(listener));
  process.off('exit', listener);
});

test('a command reads and writes no file of deploy jobs, and takes each job as one of a package', async () => {
  const done = await callsOf(async () => {
    const cache = await DeployCache.create();
    assert.ok(cache instanceof DeployCache);
    cache.set();
    await cache.write();
    assert.deepEqual(cache.get(), { isMdapi: true });
  });
  assert.deepEqual(done, []);
});

test('a command reads the status of a job until it is done, and once after that', async () => {
  const [deploy, other] = [new MetadataApiDeploy(), new MetadataApiDeploy()];
  const results: unknown[] = [];
  const done = await callsOf(async () => {
    for (const each of [deploy, deploy, deploy, other]) results.push(await each.checkStatus());
  });
  const [first, second] = [
    { done: false, reads: 1 },
    { done: true, reads: 2 },
  ];
  assert.deepEqual(results, [first, second, second, first]);
  assert.equal(done.length, 3);
});

test('all parts of a command share one logger', () => {
  const logger = new Logger('root');
  assert.equal(logger.child('part'), logger);
});

test('no command prints its result', () => {
  class Base {
    logJson(): void {
      assert.fail('a command printed');
    }
  }
  class Query extends Base {}
  class Retrieve extends Base {}
  speedUp.omitOutput(Query);
  new Retrieve().logJson();
  assert.ok(!Object.hasOwn(Query.prototype, 'logJson'));
});

test('a path is resolved with the same result', async () => {
  assert.equal(await promisify(fs.realpath)(`${__dirname}/../sf`), await promisify(realpath)(__dirname));
  await assert.rejects(promisify(fs.realpath)(join(__dirname, 'missing')), { code: 'ENOENT' });
  assert.notEqual(fs.realpath, realpath);
});
