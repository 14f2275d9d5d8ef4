/**
 * Changes the web client in every small way and sees whether a test notices: npm run test:mutation. What is left
 * changes nothing that anybody could see: a listener or timer that is kept a little longer although its promise is
 * settled, the text of a message between tabs that only counts as such, the empty string in the place of a missing one, and
 * `?.` inside of a try whose failure means the same.
 */
export default {
  packageManager: 'npm',
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: { projectType: 'custom', configFile: '.config/jest.mutation.cjs' },
  mutate: ['scripts/web-client/*.js'],
  ignorePatterns: ['force-app', 'member-site', 'config', 'scripts/lib', 'scripts/local-org', '.runs', '.local-org'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 2000,
  reporters: ['clear-text'],
  clearTextReporter: { allowColor: false, logTests: false },
  thresholds: { high: 90, low: 80, break: 80 },
  tempDirName: '.stryker-tmp',
};
