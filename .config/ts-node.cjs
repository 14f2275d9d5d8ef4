/**
 * Runs TypeScript through ts-node and caches the compiled files. A command loads more than a hundred small files, and compiling
 * them takes longer than all its other work before it contacts an org. Loading ts-node and the compiler takes as long again, so a
 * process loads them only when a file isn't in the cache.
 *
 * The cache has one entry for each path, so that it doesn't grow with each change of a file. An entry begins with a key of the
 * file's text, the versions of both compilers, and their settings, so it can't be stale.
 */
require('./node-version.cjs').assertNodeVersion();

// ts-node would load compiled code from the shared temporary folder without checking who wrote it: any local user could run
// code in every command.
process.env.DISABLE_V8_COMPILE_CACHE = '1';

const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require('node:fs');
const { createRequire, enableCompileCache } = require('node:module');
const { join } = require('node:path');

const ROOT = join(__dirname, '..');
const CACHE = join(ROOT, 'node_modules/.cache');
const FOLDER = join(CACHE, 'ts-node');

/** Node.js keeps what V8 compiled. Without a writable folder, it compiles again. */
enableCompileCache(join(CACHE, 'v8'));

const settings = JSON.stringify([
  require('ts-node/package.json').version,
  require('typescript/package.json').version,
  readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'),
]);
/** The compiled text of each file, with its source map at the end. */
const outputs = new Map();
let service;

/** ts-node is created but not registered, because the hook below loads the files. */
function compile(code, fileName) {
  if (service === undefined) service = require('ts-node').create({ projectSearchDir: ROOT });
  return service.compile(code, fileName);
}

/** The JavaScript of a file, from the cache if it was compiled before. */
function compiledText(fileName) {
  const code = readFileSync(fileName, 'utf8');
  const key = `// ${digest(settings + code)}\n`;
  const file = join(FOLDER, `${digest(fileName)}.js`);
  return read(file, key) || remember(file, key, compile(code, fileName));
}

require.extensions['.ts'] = (module, fileName) => {
  const output = compiledText(fileName);
  outputs.set(fileName, output);
  module._compile(output, fileName);
};

// ts-node maps the lines of a stack trace only for what it compiled in this process.
createRequire(require.resolve('ts-node'))('@cspotcode/source-map-support').install({
  environment: 'node',
  retrieveFile: (path) => outputs.get(path) || '',
});

const digest = (text) => createHash('sha256').update(text).digest('hex');

/** The compiled text of an entry with this key; otherwise undefined. */
function read(file, key) {
  try {
    const entry = readFileSync(file, 'utf8');
    return entry.startsWith(key) ? entry.slice(key.length) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes to a temporary file and renames it, because commands run at the same time. A read-only cache only costs time. */
function remember(file, key, output) {
  try {
    mkdirSync(FOLDER, { recursive: true });
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, key + output);
    renameSync(draft, file);
  } catch {
    // A read-only installation works as before.
  }
  return output;
}

module.exports = { compiledText };
