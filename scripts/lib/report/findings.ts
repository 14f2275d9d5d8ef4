import type { Finding, Severity } from '../model';
import { count, safe, styled, wrap, type Page, type Style } from './page';

const STYLES: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', info: 'cyan' };

/** Findings file by file, each with its line, what is wrong and the fix; empty without findings. */
export function findingsText(page: Page, findings: readonly Finding[]): string {
  const files = [...new Set(findings.map(({ file }) => file))];
  return files
    .map((file) =>
      [
        styled(page, 'bold', safe(file) || 'org'),
        ...findings.filter((each) => each.file === file).map((each) => findingText(page, each)),
      ].join('\n'),
    )
    .join('\n\n');
}

function findingText(page: Page, { severity, rule, line, component, path, message, fix }: Finding): string {
  const place = line > 0 ? `line ${line}  ` : '';
  const subject = [component, path].filter((part) => part !== '').join(' ');
  return [
    `  ${place}${styled(page, STYLES[severity], severity)}  ${rule}`,
    ...(subject === '' ? [] : [styled(page, 'dim', wrap(page, '    ', safe(subject)))]),
    wrap(page, '    ', safe(message)),
    wrap(page, '    ', `Fix: ${safe(fix)}`),
  ].join('\n');
}

/** `No findings.` or `2 errors, 1 warning.` */
export function findingsSummary(findings: readonly Finding[]): string {
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const number = findings.filter((each) => each.severity === severity).length;
    return number > 0 ? [count(number, severity === 'info' ? 'note' : severity)] : [];
  });
  return counts.length === 0 ? 'No findings.' : `${counts.join(', ')}.`;
}
