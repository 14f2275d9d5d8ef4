/**
 * Runs TypeScript through ts-node and caches the compiled files. A command loads more than a hundred small files, and compiling
 * them takes longer than all its other work before it contacts an org.
 *
 * The cache key consists of the file's path and text, the versions of both compilers, and their settings, so an entry can't be
 * stale.
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
/** The compiled text of each file, with its source map at the end. */
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

/** Writes to a temporary file and renames it, because commands run at the same time. A read-only cache only costs time. */
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
