/** Runs npm scripts at the same time and prints the output of those that fail. Usage: node .config/parallel.cjs <script>... */
const { spawn } = require('node:child_process');

const npm = process.env.npm_execpath;
if (!npm) {
  console.error('Error (invalid-start): parallel.cjs must be started by npm.\n  Fix: npm run test:quick');
  process.exit(3);
}

function run(script) {
  const start = Date.now();
  const child = spawn(process.execPath, [npm, 'run', '-s', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  child.on('close', (code) => {
    const seconds = Math.round((Date.now() - start) / 1000);
    if (code !== 0) process.stdout.write(Buffer.concat(output));
    console.log(`${code === 0 ? 'passed' : 'failed'}: ${script} (${seconds} s)`);
    if (code !== 0) process.exitCode = 1;
  });
}

process.argv.slice(2).forEach(run);
