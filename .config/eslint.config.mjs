import { createRequire } from 'node:module';
import lwc from '@salesforce/eslint-config-lwc';

/** Globals of browsers and of Jest, of the very version that eslint's configuration for Lightning brings. */
const globals = createRequire(import.meta.resolve('@salesforce/eslint-config-lwc'))('globals');

/** ESLint's own recommended rules, of the very version that eslint itself brings. */
const recommended = createRequire(import.meta.resolve('eslint'))('@eslint/js').configs.recommended;

const bundles = ['member-site/**/lwc/**/*.js'];
const pages = ['scripts/web-client/**/*.js', 'scripts/demo-site/**/*.js'];
const bootstrap = ['scripts/local-org/bootstrap/*.js'];
const pageTests = ['scripts/test/web-client/**/*.js'];

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
