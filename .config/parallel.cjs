/**
 * Runs npm scripts, as many at a time as the machine has processors, in the given order. Prints the output of those that
 * fail, and of the others only the number of tests. Usage: node .config/parallel.cjs <script>...
 */
const { spawn } = require('node:child_process');
const { availableParallelism } = require('node:os');

const npm = process.env.npm_execpath;
if (!npm) {
  console.error('Error (invalid-start): parallel.cjs must be started by npm.\n  Fix: npm run test:quick');
  process.exit(3);
}

const waiting = process.argv.slice(2);

function runNext() {
  const script = waiting.shift();
  if (script === undefined) return;
  const start = Date.now();
  const child = spawn(process.execPath, [npm, 'run', '-s', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  child.on('close', (code) => {
    const text = Buffer.concat(output).toString();
    if (code !== 0) process.stdout.write(text);
    console.log(`${code === 0 ? 'passed' : 'failed'}: ${script} (${Math.round((Date.now() - start) / 1000)} s)`);
    if (code === 0) console.log(/^tests: .*$/m.exec(text)?.[0] ?? '');
    else process.exitCode = 1;
    runNext();
  });
}

for (let running = 0; running < Math.max(2, availableParallelism()); running++) runNext();
