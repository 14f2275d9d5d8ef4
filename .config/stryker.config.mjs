/**
 * Changes the web client in every small way and checks that a test notices: npm run test:mutation. The changes that no test notices
 * have no visible effect: a listener or timer is removed later, or the content of a message between tabs differs.
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
