import { packagePath } from '../metadata';
import { sfCommand, type Component, type ComponentKey, type ComponentMap, type Finding } from '../model';
import type { ApexTestResults, DeployReport } from '../sf';

/**
 * The failed Apex tests and the uncovered classes of a deploy job, each with its file and line in source. `components` are the
 * desired ones; a class that isn't among them has its path in the package. Salesforce names the line of a failure in its stack
 * trace, such as `Class.Base64UrlTest.encodes: line 20, column 1` (Metadata API guide, RunTestFailure).
 */
export function apexTestFindings(
  { details }: DeployReport,
  components: ComponentMap,
  alias: string,
): readonly Finding[] {
  const results = details.runTestResult;
  if (!results) return [];
  return [
    ...results.failures.map((failure) => failureFinding(failure, components, alias)),
    ...results.codeCoverageWarnings.map((warning) => coverageFinding(warning, results, components)),
  ];
}

/** The findings as the reason of an error. */
export const findingsReason = (findings: readonly Finding[]): string =>
  findings.map(({ file, line, message }) => `${file}${line > 0 ? `:${line}` : ''}: ${message}`).join(' | ');

function failureFinding(
  { name, methodName, message, stackTrace }: ApexTestResults['failures'][number],
  components: ComponentMap,
  alias: string,
): Finding {
  const location = stackLocation(name, stackTrace);
  return {
    rule: 'apex-test',
    severity: 'error',
    component: `ApexClass:${name}`,
    path: methodName,
    file: fileOf(location.name, components),
    line: location.line,
    message: `${name}.${methodName} failed: ${message}`,
    fix: `Correct the class or the test. To run the test in the org: ${sfCommand('apex', 'run', 'test', '--target-org', alias, '--class-names', name, '--wait', '10')}`,
  };
}

/** The first line of a stack trace is where the exception was thrown: in the test, or in the class that it calls. */
function stackLocation(testClass: string, stackTrace: string): { readonly name: string; readonly line: number } {
  const [, name = testClass, line = '0'] = /Class\.(?:\w+__)?(\w+)[\w.<>]*: line (\d+)/.exec(stackTrace) ?? [];
  return { name, line: Number(line) };
}

function coverageFinding(
  { name, message }: ApexTestResults['codeCoverageWarnings'][number],
  { codeCoverage }: ApexTestResults,
  components: ComponentMap,
): Finding {
  const lines = codeCoverage
    .filter((coverage) => coverage.name === name)
    .flatMap(({ locationsNotCovered }) => locationsNotCovered.map(({ line }) => line))
    .sort((one, other) => one - other);
  const uncovered = lines.length > 0 ? ` Lines that no test covers: ${formatLines(lines)}.` : '';
  const text = `${message.replace(/\.?$/, '.')}${uncovered}`;
  const common = { rule: 'apex-coverage', severity: 'error', path: '', line: lines[0] ?? 0, message: text } as const;
  const fix = 'Add tests that run these lines to the package directory of the class.';
  return name === undefined || name === ''
    ? { ...common, component: '', file: '', fix: 'Add tests to the classes of the org. Salesforce counts all of them.' }
    : { ...common, component: `ApexClass:${name}`, file: fileOf(name, components), fix };
}

/** Line numbers as ranges: `12, 14-18`. */
function formatLines(lines: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const line of new Set(lines)) {
    const last = ranges.at(-1);
    if (last?.[1] === line - 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(', ');
}

/** The file of a class in source, or else its path in a package. Salesforce ignores case in names. */
function fileOf(name: string, components: ComponentMap): string {
  const key: ComponentKey = `ApexClass:${name}`;
  const component = [...components].find(([other]) => other.toLowerCase() === key.toLowerCase())?.[1];
  return (component && contentFile(component)) ?? packagePath({ type: 'ApexClass', fullName: name });
}

const contentFile = ({ root }: Component): string | undefined =>
  root.children.find((child) => child.name === 'files')?.origin?.file;
