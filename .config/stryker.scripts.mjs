/**
 * Changes the pure modules of scripts/lib in every small way and checks that a unit test of the same modules notices:
 * npm run test:mutation:scripts. Set MODULES to some of them, such as MODULES=plan,model.
 */
const ALL = 'model,errors,jwk,metadata,project,rules,plan,rotation,report,verification,explain';
const MODULES = `@(${(process.env.MODULES ?? ALL).replaceAll(',', '|')})`;

export default {
  packageManager: 'npm',
  testRunner: 'node-test',
  plugins: ['./.config/stryker-node-test.mjs'],
  nodeTest: { files: [`scripts/test/lib/${MODULES}/**/*.test.ts`] },
  mutate: [`scripts/lib/${MODULES}/**/*.ts`, '!scripts/lib/**/index.ts', '!scripts/lib/metadata/generate-tables.ts'],
  ignorePatterns: ['.runs', '.local-org', 'coverage'],
  ignoreStatic: false,
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 10_000,
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: '.stryker-tmp/scripts.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  thresholds: { high: 90, low: 80, break: null },
  tempDirName: '.stryker-tmp',
  warnings: { unknownOptions: false },
};
