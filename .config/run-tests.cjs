/**
 * Runs the tests under scripts/test. Usage: node -r ./.config/ts-node.cjs .config/run-tests.cjs [unit]
 *
 * `unit` runs only the tests that start no process, in a few processes, each with a part of the files. Without it, the tests that
 * start processes follow, several files at a time: they mostly wait. Files that share a workspace run in a few processes, all
 * others in a process of their own. The slowest files start first, so that none of them runs alone at the end. Nothing waits for
 * the last unit test, because a processor would be idle until then.
 */
const { globSync, mkdtempSync, readFileSync, rmSync, statfsSync } = require('node:fs');
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
  'scripts/test/lib/key-files/*.test.ts',
  'scripts/test/lib/monitor/month.test.ts',
  'scripts/test/lib/sf/worker-pool.test.ts',
  'scripts/test/lib/token/command-source.test.ts',
  'scripts/test/lib/token-server/settings.test.ts',
  'scripts/test/local-org/{real-sf,sf-commands}.test.ts',
  'scripts/test/local-org/chat-api/token-services.test.ts',
];

/** The slowest files, slowest first. */
const SLOWEST = [
  'commands/examples',
  'fault-matrix-keys',
  'fault-matrix',
  'pipeline/pipeline',
  'commands/processes',
  'seeded-errors',
  'token-leak',
  'real-sf',
  'forgotten-runs',
  'broken-chains',
  'browser/report',
  'shop/demo',
  'shop/client',
  'key-leak',
  'monitor/month',
  'commands/unmanaged',
  'gates/coverage',
  'cli/main',
  'commands/package',
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

const counts = { passed: 0, failed: 0, skipped: 0 };

/** Runs files and prints what fails. Resolves when all of them are done. */
const runFiles = (files, options) =>
  new Promise((resolve) => {
    const stream = run({ files, isolation: 'process', timeout: TIMEOUT_MS, ...options });
    const isTest = ({ details }) => details?.type !== 'suite';
    stream.on('test:pass', (event) => {
      if (isTest(event)) counts[event.skip === undefined ? 'passed' : 'skipped']++;
    });
    stream.on('test:fail', (event) => {
      const { error } = event.details;
      // A suite fails with its tests, or because the file can't be loaded or a hook fails.
      if (!isTest(event) && error?.failureType === 'subtestsFailed') return;
      counts.failed++;
      console.log(`failed: ${event.name}\n  ${event.file}:${event.line}\n${inspect(error?.cause ?? error)}\n`);
    });
    stream.on('test:stdout', ({ message }) => process.stdout.write(message));
    stream.on('test:stderr', ({ message }) => process.stdout.write(message));
    stream.on('end', resolve);
    // Without a reader the stream never ends.
    stream.resume();
  });

/** Runs several files in one process. */
const runGroup = (files) => () => runFiles([join(__dirname, 'test-group.cjs')], { argv: files });

const runAlone = (file) => () => runFiles([file], {});

/** Divides files into groups of about the same size. */
const divide = (files, count) =>
  Array.from({ length: count }, (_, index) => files.filter((_, position) => position % count === index));

async function runJobs(jobs, concurrency) {
  const waiting = [...jobs];
  const runNext = async () => {
    for (let job = waiting.shift(); job; job = waiting.shift()) await job();
  };
  await Promise.all(Array.from({ length: concurrency }, runNext));
}

/** The unit tests that take half of the processor time of all. */
const SLOW_UNIT_TESTS =
  /(large-inputs|permissive|verify-org|rollout\/trust|rotation\/sequence|bootstrap|local-org\/rules|chat-api\/rejections)\.test\.ts$/;

/** Unit tests don't wait, so as many processes run as there are processors. */
const UNIT_PROCESSES = Math.min(4, availableParallelism());

/** One process for the slow tests, and some for all others. */
function unitJobs() {
  const files = select('unit');
  const groups = [
    files.filter((file) => SLOW_UNIT_TESTS.test(file)),
    ...divide(
      files.filter((file) => !SLOW_UNIT_TESTS.test(file)),
      UNIT_PROCESSES,
    ),
  ];
  return groups.map(runGroup);
}

/** Whether the workspace of a file is shared with other files in its process. */
const sharesWorkspace = (file) => readFileSync(file, 'utf8').includes('shareWorkspace()');

/** Few groups save the most processor time, but a group must not run alone at the end. */
const GROUPS = 6;

function processJobs() {
  const files = select('processes');
  const alone = files.filter((file) => !sharesWorkspace(file));
  return [
    ...alone.filter((file) => rank(file) < SLOWEST.length).map(runAlone),
    ...divide(files.filter(sharesWorkspace), GROUPS).map(runGroup),
    ...alone.filter((file) => rank(file) === SLOWEST.length).map(runAlone),
  ];
}

/** A folder that Linux keeps in memory. */
const MEMORY = '/dev/shm';
/** The tests use a tenth of this at the same time. */
const MEMORY_BYTES = 2 ** 30;

/** Whether temporary files can be kept in memory. Tests also start programs from there, which containers often forbid. */
function hasMemory() {
  try {
    const mount = /^\S+ \/dev\/shm \S+ (\S+)/m.exec(readFileSync('/proc/mounts', 'utf8'));
    const { bavail, bsize } = statfsSync(MEMORY);
    return mount !== null && !mount[1].split(',').includes('noexec') && bavail * bsize > MEMORY_BYTES;
  } catch {
    return false;
  }
}

/** Keeps temporary files in memory, if possible: the tests write, sync, and delete thousands of small files. */
function useMemory() {
  if (!hasMemory()) return;
  const folder = mkdtempSync(`${MEMORY}/tests-`);
  process.env.TMPDIR = folder;
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
}

async function main(kind) {
  if (kind !== undefined && kind !== 'unit') throw new Error('Usage: run-tests.cjs [unit]');
  useMemory();
  if (kind === 'unit') await runJobs(unitJobs(), UNIT_PROCESSES);
  else await runJobs([...unitJobs(), ...processJobs()], Math.max(4, availableParallelism()));
  console.log(`tests: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;
}

void main(process.argv[2]);
