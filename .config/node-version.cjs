/**
 * Stops a command that runs on an unsupported Node.js version, with an error that says how to fix it.
 *
 * Old versions must be able to parse this file and ts-node.cjs, so both use only the syntax of Node.js 12 (ES2019).
 */
const fs = require('fs');
const path = require('path');

/** Since these versions Node.js runs TypeScript without a flag, which scripts/lib/sf/host.mts needs. */
const isSupported = (version) => {
  const parts = version.split('.').map(Number);
  const major = parts[0];
  const minor = parts[1];
  if (major === 22) return minor >= 18;
  if (major === 23) return minor >= 6;
  return major >= 24;
};

/**
 * The error for an unsupported version, or undefined. `install` says what node_modules contains of the package `node`:
 * 'none', 'package' (its install script didn't run), or 'complete'.
 */
function nodeVersionError(version, install, startedByNpm) {
  if (isSupported(version)) return undefined;
  const cause = causeOf(install, startedByNpm);
  return [
    `Error (unsupported-node): Node.js ${version} can't run this command.`,
    `  Why: It needs Node.js 22.18, 23.6, or newer. ${cause.why}`,
    `  Fix: ${cause.fix}`,
    '',
  ].join('\n');
}

function causeOf(install, startedByNpm) {
  if (install === 'none') return { why: "The project's own Node.js isn't installed.", fix: 'npm ci' };
  if (install === 'package') {
    return {
      why: "The project's own Node.js isn't installed because install scripts are disabled.",
      fix: 'npm rebuild node --ignore-scripts=false',
    };
  }
  if (startedByNpm) return { why: "The project's own Node.js is outdated or isn't first on the PATH.", fix: 'npm ci' };
  return {
    why: "The project's own Node.js is used only for commands that npm starts.",
    fix: 'Start the command with npm, for example: npm run check',
  };
}

function readInstall() {
  const folder = path.join(__dirname, '../node_modules/node');
  const exists = (name) => fs.existsSync(path.join(folder, name));
  if (!exists('package.json')) return 'none';
  return exists('bin/node') || exists('bin/node.exe') ? 'complete' : 'package';
}

/** Ends the process with exit code 3 on an unsupported version. */
function assertNodeVersion() {
  const error = nodeVersionError(process.versions.node, readInstall(), process.env.npm_lifecycle_event !== undefined);
  if (error === undefined) return;
  fs.writeSync(2, error);
  process.exit(3);
}

module.exports = { assertNodeVersion, nodeVersionError };
