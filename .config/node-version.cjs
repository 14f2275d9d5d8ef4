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
 * 'none', 'package' (its install script didn't run), or 'complete'. `isDependency` is true in another project.
 */
function nodeVersionError(version, install, startedByNpm, isDependency) {
  if (isSupported(version)) return undefined;
  const cause = causeOf(install, startedByNpm, isDependency);
  return [
    `Error (unsupported-node): Node.js ${version} can't run this command.`,
    `  Why: It needs Node.js 22.18, 23.6, or newer. ${cause.why}`,
    `  Fix: ${cause.fix}`,
    '',
  ].join('\n');
}

function causeOf(install, startedByNpm, isDependency) {
  if (install === 'none') return { why: "The project's own Node.js isn't installed.", fix: 'npm ci' };
  if (install === 'package') {
    return {
      why: "The project's own Node.js isn't installed because install scripts are disabled.",
      // npm 12 runs only the install scripts that the project in the current folder allows.
      fix: isDependency
        ? 'Use a newer Node.js, or run "npm install-scripts approve node" (npm 12) and "npm rebuild node --ignore-scripts=false".'
        : 'npm rebuild node --ignore-scripts=false',
    };
  }
  if (startedByNpm) return { why: "The project's own Node.js is outdated or isn't first on the PATH.", fix: 'npm ci' };
  return {
    why: "The project's own Node.js is used only for commands that npm starts.",
    fix: `Start the command with npm, for example: ${isDependency ? 'npx chat-verification' : 'npm run'} check`,
  };
}

/** npm installs the package `node` of a dependency next to it, or below it. */
function readInstall() {
  try {
    const folder = path.dirname(require.resolve('node/package.json'));
    const exists = (name) => fs.existsSync(path.join(folder, name));
    return exists('bin/node') || exists('bin/node.exe') ? 'complete' : 'package';
  } catch (error) {
    return 'none';
  }
}

/** Ends the process with exit code 3 on an unsupported version. */
function assertNodeVersion() {
  const startedByNpm = process.env.npm_lifecycle_event !== undefined;
  const isDependency = __dirname.split(path.sep).includes('node_modules');
  const error = nodeVersionError(process.versions.node, readInstall(), startedByNpm, isDependency);
  if (error === undefined) return;
  fs.writeSync(2, error);
  process.exit(3);
}

module.exports = { assertNodeVersion, nodeVersionError };
