/**
 * Runs TypeScript through ts-node and remembers what it made of each file. A command of this project is a hundred small
 * files, and transpiling them anew takes longer than everything else it does before it talks to an org.
 *
 * The key is the text of the file, the versions of both compilers and their settings, so nothing in it can be stale.
 */
require('./node-version.cjs').assertNodeVersion();

// ts-node would load compiled code from the shared temporary folder without checking who wrote it: any local user could run
// code in every command.
process.env.DISABLE_V8_COMPILE_CACHE = '1';

const { createHash } = require('node:crypto');
const { createRequire } = require('node:module');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { register, VERSION } = require('ts-node');

const FOLDER = join(__dirname, '../node_modules/.cache/ts-node');

const service = register({ projectSearchDir: join(__dirname, '..') });
const settings = JSON.stringify([VERSION, service.ts.version, service.config.options]);
/** What runs in place of each file, with its source map at the end. */
const outputs = new Map();
const compile = service.compile.bind(service);

service.compile = (code, fileName, lineOffset) => {
  const key = createHash('sha256').update(settings).update(fileName).update('\0').update(code).digest('hex');
  const file = join(FOLDER, `${key}.js`);
  const output = read(file) || remember(file, compile(code, fileName, lineOffset));
  outputs.set(fileName, output);
  return output;
};

// ts-node maps the lines of a stack trace only for what it compiled in this process.
createRequire(require.resolve('ts-node'))('@cspotcode/source-map-support').install({
  environment: 'node',
  retrieveFile: (path) => outputs.get(path) || '',
});

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Written beside and renamed, for tests and commands run at the same time; where nothing can be written, it just costs time. */
function remember(file, output) {
  try {
    mkdirSync(FOLDER, { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, output);
    renameSync(draft, file);
  } catch {
    // A read-only installation works as before.
  }
  return output;
}
