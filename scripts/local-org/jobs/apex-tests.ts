import type { ApexTestResults } from '../options';
import type { DeployOptions } from '../org/deploy-jobs';
import type { Org } from '../org/org';
import type { DeployPackage } from './package';

/** The Apex tests of a deploy job: the results that the org is configured with, because no Apex runs in this org. */
export interface ApexTestRun extends ApexTestResults {
  readonly warnings: readonly CoverageWarning[];
  readonly failed: boolean;
}

interface CoverageWarning {
  readonly name: string;
  readonly message: string;
}

/**
 * With RunSpecifiedTests, each class of the package must be covered to this percentage. (Metadata API guide, "Running Tests in a
 * Deployment")
 */
const MIN_COVERAGE = 75;

/**
 * Returns the configured results of the tests that a deploy job requests. A deploy of Apex to production without a test level
 * runs the local tests. Undefined: the job runs no test.
 */
export function runApexTests(org: Org, pack: DeployPackage, options: DeployOptions): ApexTestRun | undefined {
  const classes = pack.components.filter(({ type }) => type.name === 'ApexClass').map(({ name }) => name);
  const level = options.testLevel ?? (org.kind === 'production' && classes.length > 0 ? 'RunLocalTests' : 'NoTestRun');
  if (level === 'NoTestRun') return undefined;
  const isRun = ({ name }: { readonly name: string }): boolean =>
    level !== 'RunSpecifiedTests' || (options.runTests ?? []).includes(name);
  const failures = org.apexTests.failures.filter(isRun);
  const unknown = (options.runTests ?? []).filter(
    (name) => !classes.includes(name) && !org.metadata.find('ApexClass', name),
  );
  const coverage = org.apexTests.coverage.filter(({ name }) => classes.includes(name));
  const warnings = [...unknown.map(unknownTest), ...coverage.flatMap(coverageWarnings)];
  return {
    failures,
    coverage,
    warnings,
    passed: org.apexTests.passed,
    failed: failures.length + warnings.length > 0,
  };
}

// Salesforce's message isn't known; a deploy with an unknown test class fails.
const unknownTest = (name: string): CoverageWarning => ({ name, message: `The test class ${name} does not exist` });

// Salesforce's message, from public deploy results.
function coverageWarnings({ name, lines, uncovered }: ApexTestResults['coverage'][number]): readonly CoverageWarning[] {
  const percentage = Math.round(((lines - uncovered.length) / lines) * 100_000) / 1000;
  if (percentage >= MIN_COVERAGE) return [];
  const message = `Test coverage of selected Apex Class is ${percentage}%, at least ${MIN_COVERAGE}% test coverage is required`;
  return [{ name, message }];
}

/** The runTestResult of a deploy result. (Metadata API guide, "RunTestsResult") */
export function runTestResult(run: ApexTestRun | undefined) {
  const { failures = [], coverage = [], warnings = [], passed = 0 } = run ?? {};
  return {
    codeCoverage: coverage.map(({ name, lines, uncovered }) => ({
      id: '',
      locationsNotCovered: uncovered.map((line) => ({ column: 0, line, numExecutions: 0, time: -1 })),
      name,
      namespace: '',
      numLocations: lines,
      numLocationsNotCovered: uncovered.length,
      type: 'Class',
    })),
    codeCoverageWarnings: warnings.map(({ name, message }) => ({ id: '', message, name, namespace: '' })),
    failures: failures.map((failure) => ({
      id: '',
      ...failure,
      namespace: '',
      packageName: failure.name,
      time: 0,
      type: 'Class',
    })),
    numFailures: failures.length,
    numTestsRun: passed + failures.length,
    totalTime: 0,
  };
}
