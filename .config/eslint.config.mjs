import { createRequire } from 'node:module';
import { join } from 'node:path';
import lwc from '@salesforce/eslint-config-lwc';
import tseslint from 'typescript-eslint';

/** Globals of browsers and of Jest, of the very version that eslint's configuration for Lightning brings. */
const globals = createRequire(import.meta.resolve('@salesforce/eslint-config-lwc'))('globals');

/** ESLint's own recommended rules, of the very version that eslint itself brings. */
const recommended = createRequire(import.meta.resolve('eslint'))('@eslint/js').configs.recommended;

const scripts = ['scripts/**/*.ts', 'scripts/**/*.mts'];
const bundles = ['member-site/**/lwc/**/*.js'];
const pages = ['scripts/web-client/**/*.js', 'scripts/demo-site/**/*.js'];
const bootstrap = ['scripts/local-org/bootstrap/*.js'];
const pageTests = ['scripts/test/web-client/**/*.js'];

/** Only the command line's edge talks to the terminal and ends the process; everything else returns values. */
const endings = ['exit', 'exitCode', 'abort'].map((property) => ({
  object: 'process',
  property,
  message: 'Only scripts/lib/cli ends the process: return a value or throw a ToolError.',
}));

/** Patterns in tests whose check may never happen. */
const assertionsThatMayNotRun = [
  {
    selector: "AssignmentExpression[operator='+='] > AwaitExpression",
    message: 'The left side is read before the await, so texts collected in parallel are lost. Await first, then add.',
  },
  {
    selector: "CatchClause CallExpression[callee.object.name='assert']",
    message: 'Nothing is checked if nothing is thrown. Use assert.throws or assert.rejects.',
  },
  {
    selector: "CallExpression[callee.property.name='catch'] CallExpression[callee.object.name='assert']",
    message: 'Nothing is checked if the promise resolves. Use assert.rejects.',
  },
];

/** `node:test` collects what its functions return; awaiting them is not the test's business. */
const runner = { from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' };

export default [
  {
    ignores: [
      'node_modules/',
      'coverage/',
      '**/.local-org/',
      '**/.runs/',
      '**/.sf/',
      '**/.sfdx/',
      '.stryker-tmp/',
      'scripts/web-client/package/index.js',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { ...recommended, files: scripts },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: scripts })),
  {
    files: scripts,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: join(import.meta.dirname, '..') } },
    rules: {
      'no-console': 'error',
      'no-restricted-properties': ['error', ...endings],
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [runner] }],
      // `const { x5c, ...rest } = jwk` is how a member is left out.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      // A function may have to return a promise because its interface says so.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['scripts/test/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...assertionsThatMayNotRun] },
  },
  {
    // worker.mts is a process of its own, started by lib/sf: it ends itself when its parent is gone.
    files: ['scripts/lib/cli/**', 'scripts/lib/sf/worker.mts'],
    rules: { 'no-console': 'off', 'no-restricted-properties': 'off' },
  },
  {
    ...recommended,
    files: [...pages, ...pageTests],
    languageOptions: { globals: globals.browser },
    // A token in console.log would be in a log.
    rules: { ...recommended.rules, 'no-console': 'error' },
  },
  { files: pageTests, languageOptions: { globals: { ...globals.node, ...globals.jest } } },
  // The stand-in of the web client writes to the console what the web client writes.
  { ...recommended, files: bootstrap, languageOptions: { globals: globals.browser } },
  ...lwc.configs.recommended.map((config) => ({ ...config, files: bundles })),
  {
    files: bundles,
    // Neither is in the recommended set: a token in console.log would otherwise pass, and so would a misspelt global.
    rules: { 'no-console': 'error', 'no-undef': 'error' },
  },
];
