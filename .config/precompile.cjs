/**
 * Compiles every command after an install, so that the first run of a command doesn't load the compiler. npm runs this file as
 * the script `prepare`. It never fails: without it, for example with --ignore-scripts, the first run of a command compiles what it
 * loads. Old versions of Node.js must be able to parse this file.
 */
const fs = require('fs');
const path = require('path');
const nodeVersionError = require('./node-version.cjs').nodeVersionError;

const SCRIPTS = path.join(__dirname, '../scripts');

/** The TypeScript files below a folder. Node.js itself compiles .mts files. */
function listFiles(folder) {
  const entries = fs.readdirSync(folder, { withFileTypes: true });
  return [].concat(
    ...entries.map((entry) => {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) return file === path.join(SCRIPTS, 'test') ? [] : listFiles(file);
      return entry.name.endsWith('.ts') ? [file] : [];
    }),
  );
}

function precompile() {
  const compiledText = require('./ts-node.cjs').compiledText;
  for (const file of listFiles(SCRIPTS)) {
    try {
      compiledText(file);
    } catch {
      // The command that loads the file reports the error.
    }
  }
}

if (nodeVersionError(process.versions.node, 'complete', true) === undefined) precompile();
