/**
 * Runs the tests under scripts/test. Usage: node -r ./.config/ts-node.cjs .config/run-tests.cjs unit|processes
 *
 * `unit` runs the tests that start no process, in this process. Files with hooks at the top level get a process each, because
 * the hooks of one file would run for the tests of all others. `processes` runs the tests that start processes, several files
 * at a time: they mostly wait. The slowest files start first, so that none of them runs alone at the end.
 */
const { globSync, readFileSync } = require('node:fs');
const { availableParallelism } = require('node:os');
const { join } = require('node:path');
const { run } = require('node:test');
const { inspect } = require('node:util');

const ROOT = join(__dirname, '..');

/** Files that start processes, servers with clocks, or Java. Every other file is a unit test. */
const PROCESS_TESTS = [
  'scripts/test/{bench,browser,commands,commands-keys,commands-verify,pipeline,web-client}/**',
  'scripts/test/gates/{apex,coverage,cross-check,node-version,seeded-errors}.test.ts',
  'scripts/test/lib/cli/{check,live-progress,main,reports}.test.ts',
  'scripts/test/lib/sf/worker-pool.test.ts',
  'scripts/test/lib/token/command-source.test.ts',
  'scripts/test/lib/token-server/settings.test.ts',
  'scripts/test/local-org/real-sf.test.ts',
  'scripts/test/local-org/chat-api/token-services.test.ts',
];

/** The slowest files, slowest first. */
const SLOWEST = [
  'fault-matrix',
  'fault-matrix-keys',
  'pipeline/pipeline',
  'broken-chains',
  'shop/client',
  'key-leak',
  'processes',
  'real-sf',
  'token-leak',
];

/** A test that waits longer than this hangs, in milliseconds. */
const TIMEOUT_MS = 300_000;

const rank = (file) => {
  const index = SLOWEST.findIndex((name) => file.endsWith(`${name}.test.ts`));
  return index < 0 ? SLOWEST.length : index;
};

function select(kind) {
  const all = globSync('scripts/test/**/*.test.ts', { cwd: ROOT }).sort();
  const processes = new Set(PROCESS_TESTS.flatMap((pattern) => globSync(pattern, { cwd: ROOT })));
  const files = all.filter((file) => processes.has(file) === (kind === 'processes'));
  return files.sort((one, other) => rank(one) - rank(other)).map((file) => join(ROOT, file));
}

/** Whether a file has hooks outside of a describe block. */
const hasRootHooks = (file) => /^(before|after)(Each)?\(/m.test(readFileSync(file, 'utf8'));

const counts = { passed: 0, failed: 0, skipped: 0 };

/** Runs files and prints what fails. Resolves when all of them are done. */
const runFiles = (files, options) =>
  new Promise((resolve) => {
    if (files.length === 0) return resolve();
    const stream = run({ files, timeout: TIMEOUT_MS, ...options });
    const isTest = ({ details }) => details?.type !== 'suite';
    stream.on('test:pass', (event) => {
      if (isTest(event)) counts[event.skip === undefined ? 'passed' : 'skipped']++;
    });
    stream.on('test:fail', (event) => {
      if (!isTest(event)) return;
      counts.failed++;
      const { error } = event.details;
      console.log(`failed: ${event.name}\n  ${event.file}:${event.line}\n${inspect(error?.cause ?? error)}\n`);
    });
    stream.on('test:stdout', ({ message }) => process.stdout.write(message));
    stream.on('test:stderr', ({ message }) => process.stdout.write(message));
    stream.on('end', resolve);
    // Without a reader the stream never ends.
    stream.resume();
  });

async function main(kind) {
  if (kind !== 'unit' && kind !== 'processes') throw new Error('Usage: run-tests.cjs unit|processes');
  const files = select(kind);
  const isIsolated = (file) => kind === 'processes' || hasRootHooks(file);
  const concurrency = kind === 'processes' ? Math.max(4, availableParallelism()) : availableParallelism();
  await runFiles(files.filter(isIsolated), { isolation: 'process', concurrency });
  await runFiles(
    files.filter((file) => !isIsolated(file)),
    { isolation: 'none' },
  );
  console.log(`tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;
}

void main(process.argv[2]);
