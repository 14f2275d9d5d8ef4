/**
 * Strips the types of the files that a CLI worker consists of. Node.js does that itself, except for files under node_modules,
 * where they are when another project installs this one.
 */
const { readFileSync } = require('node:fs');
const { registerHooks, stripTypeScriptTypes } = require('node:module');
const { join } = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');

const SCRIPTS = pathToFileURL(join(__dirname, '../scripts/')).href;

registerHooks({
  load: (url, context, nextLoad) =>
    url.startsWith(SCRIPTS) && url.endsWith('.mts')
      ? { format: 'module', source: stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8')), shortCircuit: true }
      : nextLoad(url, context),
});
