/**
 * Runs test files in one process, each as a suite: its hooks at the top level run only for its own tests. run-tests.cjs starts
 * it. Usage: node -r ./.config/ts-node.cjs .config/test-group.cjs <file>...
 */
const { relative } = require('node:path');
const { describe } = require('node:test');

for (const file of process.argv.slice(2)) describe(relative(process.cwd(), file), () => void require(file));
