import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { CliWorkerPool } from '../../../lib/sf';
import type { PoolOptions } from '../../../lib/sf/worker-pool';
import { onVirtualTime } from '../virtual-time';

/** A worker without a process. Its commands end when the test says so. */
class FakeWorker {
  load = 0;
  memory = 200;
  ended = false;
  stopped = false;
  readonly commands: string[] = [];
  private readonly ends: (() => void)[] = [];

  run(command: string): Promise<{ id: number }> {
    this.load++;
    this.commands.push(command);
    return new Promise((resolve) =>
      this.ends.push(() => {
        this.load--;
        resolve({ id: 1 });
      }),
    );
  }

  endNext(): void {
    this.ends.shift()?.();
  }

  stop(): Promise<void> {
    this.stopped = this.ended = true;
    while (this.load > 0) this.endNext();
    return Promise.resolve();
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function withPool(options: PoolOptions, use: (pool: CliWorkerPool, workers: FakeWorker[]) => Promise<void>) {
  const workers: FakeWorker[] = [];
  const startWorker = (): FakeWorker => {
    workers.push(new FakeWorker());
    return workers.at(-1) ?? assert.fail();
  };
  const pool = new CliWorkerPool({ ...options, startWorker });
  try {
    await use(pool, workers);
  } finally {
    await pool.stop();
  }
}

const run = (pool: CliWorkerPool, lane: 'limited' | 'unbounded' | 'exclusive', count = 1, command = 'x'): void =>
  Array.from({ length: count }).forEach(() => void pool.run(lane, command, [], 60_000).catch(() => undefined));

test('starts two workers by default, before the first command', () =>
  withPool({}, (_pool, workers) => Promise.resolve(assert.equal(workers.length, 2))));

test('gives a command to the worker with the fewest running commands', () =>
  withPool({ size: 2 }, async (pool, workers) => {
    run(pool, 'unbounded', 3);
    await settle();
    assert.deepEqual(
      workers.map(({ load }) => load),
      [2, 1],
    );
    workers[0]?.endNext();
    workers[0]?.endNext();
    await settle();
    run(pool, 'unbounded');
    assert.deepEqual(
      workers.map(({ load }) => load),
      [1, 1],
    );
  }));

test('runs 6 limited commands per worker, one exclusive command and all unbounded commands at the same time', () =>
  withPool({ size: 2 }, async (pool, workers) => {
    const load = (): number => workers.reduce((sum, worker) => sum + worker.load, 0);
    run(pool, 'limited', 20);
    await settle();
    assert.equal(load(), 12);
    run(pool, 'exclusive', 3);
    await settle();
    assert.equal(load(), 13);
    run(pool, 'unbounded', 30);
    await settle();
    assert.equal(load(), 43);
    workers[0]?.endNext();
    await settle();
    assert.equal(load(), 43);
  }));

test('replaces a worker that ended', () =>
  withPool({ size: 1 }, async (pool, workers) => {
    (workers[0] ?? assert.fail()).ended = true;
    run(pool, 'unbounded');
    await settle();
    assert.deepEqual([workers.length, workers[1]?.load], [2, 1]);
  }));

test('replaces a worker above its memory limit, and stops it only when it is idle', () =>
  withPool({ size: 1, maxMemory: 300 }, async (pool, workers) => {
    run(pool, 'unbounded');
    await settle();
    const [first = assert.fail()] = workers;
    first.memory = 301;
    run(pool, 'unbounded');
    await settle();
    assert.deepEqual([first.load, first.stopped, workers[1]?.load], [1, false, 1]);
    first.endNext();
    await settle();
    run(pool, 'unbounded');
    assert.deepEqual([first.stopped, workers.length, workers[1]?.load], [true, 2, 2]);
  }));

test('keeps a worker at 80% of its memory limit', () =>
  withPool({ size: 1, maxMemory: 300 }, async (pool, workers) => {
    (workers[0] ?? assert.fail()).memory = 240;
    run(pool, 'unbounded');
    await settle();
    assert.equal(workers.length, 1);
  }));

test('loads the successor of a grown worker first, and retires the grown one then', () =>
  withPool({ size: 1, maxMemory: 300 }, async (pool, workers) => {
    run(pool, 'unbounded', 1, 'data:query');
    const [grown = assert.fail()] = workers;
    grown.memory = 241;
    run(pool, 'unbounded', 2);
    const [, successor = assert.fail()] = workers;
    assert.deepEqual([grown.load, successor.commands], [3, ['worker:load']]);
    successor.endNext();
    await settle();
    run(pool, 'unbounded', 2, 'next');
    assert.deepEqual([grown.load, grown.stopped, successor.load, workers.length], [3, false, 2, 2]);
    while (grown.load > 0) grown.endNext();
    run(pool, 'unbounded');
    assert.deepEqual([grown.stopped, successor.load, workers.length], [true, 3, 2]);
  }));

test('uses the successor at once when the worker is above its limit before the successor has loaded', () =>
  withPool({ size: 1, maxMemory: 300 }, async (pool, workers) => {
    const [grown = assert.fail()] = workers;
    grown.memory = 241;
    run(pool, 'unbounded');
    grown.memory = 301;
    run(pool, 'unbounded');
    const [, successor = assert.fail()] = workers;
    assert.deepEqual([grown.load, successor.load, workers.length], [1, 2, 2]);
    successor.endNext();
    await settle();
    run(pool, 'unbounded');
    assert.deepEqual([successor.load, workers.length], [2, 2]);
  }));

test('gives the commands of an org to the same worker, until that one is replaced', () =>
  withPool({ size: 2 }, async (pool, workers) => {
    const query = (username: string): void =>
      void pool.run('unbounded', 'data:query', [], 60_000, { username, instanceUrl: 'https://a.b' });
    for (const username of ['a', 'b', 'a', 'a']) query(username);
    assert.deepEqual(
      workers.map(({ load }) => load),
      [3, 1],
    );
    (workers[0] ?? assert.fail()).memory = 501;
    query('a');
    query('b');
    await settle();
    assert.equal(
      workers.reduce((sum, { load }) => sum + load, 0),
      6,
    );
    assert.equal(workers[0]?.load, 3);
  }));

test('divides orgs equally among the workers, although their first commands end at once', () =>
  withPool({ size: 2 }, async (pool, workers) => {
    for (let org = 0; org < 6; org++) {
      void pool.run('unbounded', 'data:query', [], 60_000, { username: String(org), instanceUrl: 'https://a.b' });
      for (const worker of workers) worker.endNext();
      await settle();
    }
    assert.deepEqual(
      workers.map(({ commands }) => commands.length),
      [3, 3],
    );
  }));

test('replaces a worker above 500 MB by default', () =>
  withPool({ size: 1 }, async (pool, workers) => {
    (workers[0] ?? assert.fail()).memory = 400;
    run(pool, 'unbounded');
    assert.equal(workers.length, 1);
    (workers[0] ?? assert.fail()).memory = 501;
    run(pool, 'unbounded');
    await settle();
    assert.equal(workers.length, 2);
  }));

test('rejects a command with org-unreachable after its timeout, or after the shorter timeout of the pool', async () => {
  for (const [options, expected] of [
    [{}, 60_000],
    [{ timeout: 5_000 }, 5_000],
    [{ timeout: 90_000 }, 60_000],
  ] as const)
    await withPool({ size: 1, ...options }, async (pool) => {
      const { elapsed } = await onVirtualTime(() =>
        assert.rejects(pool.run('limited', 'data:query', [], 60_000), {
          code: 'org-unreachable',
          exit: 4,
          what: `The org didn't respond to "sf data query" within ${expected / 1_000} seconds.`,
        }),
      );
      assert.equal(elapsed, expected);
    });
});

test('frees the place of a limited command after its timeout', () =>
  withPool({ size: 1 }, async (pool, workers) => {
    const late = Array.from({ length: 6 }, () => pool.run('limited', 'late', [], 5).catch(() => undefined));
    run(pool, 'limited', 1, 'next');
    await Promise.all(late);
    await settle();
    assert.equal(workers[0]?.commands.at(-1), 'next');
  }));

test('rejects a command after it stopped, and deletes its folders', async () => {
  let folder = '';
  let stoppedPool: CliWorkerPool | undefined;
  await withPool({ size: 1 }, (pool) => {
    [folder, stoppedPool] = [pool.createFolder(), pool];
    assert.notEqual(pool.createFolder(), folder);
    return Promise.resolve();
  });
  assert.equal(existsSync(dirname(folder)), false);
  await assert.rejects(stoppedPool?.run('limited', 'data:query', [], 1) ?? assert.fail(), { code: 'interrupted' });
});
