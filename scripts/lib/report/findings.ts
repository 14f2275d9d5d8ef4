import type { Finding, Severity } from '../model';
import { pluralize, escapeControls, styled, wrap, type TextLayout, type Style } from './text-layout';

const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', note: 'cyan' };

/** Findings file by file, each with its line, what is wrong and the fix; empty without findings. */
export function findingsText(layout: TextLayout, findings: readonly Finding[]): string {
  const files = [...new Set(findings.map(({ file }) => file))];
  return files
    .map((file) =>
      [
        styled(layout, 'bold', escapeControls(file) || 'org'),
        ...findings.filter((each) => each.file === file).map((each) => findingText(layout, each)),
      ].join('\n'),
    )
    .join('\n\n');
}

function findingText(layout: TextLayout, { severity, rule, line, component, path, message, fix }: Finding): string {
  const location = line > 0 ? `line ${line}  ` : '';
  const subject = [component, path].filter((part) => part !== '').join(' ');
  return [
    `  ${location}${styled(layout, SEVERITY_STYLES[severity], severity)}  ${rule}`,
    ...(subject === '' ? [] : [styled(layout, 'dim', wrap(layout, '    ', escapeControls(subject)))]),
    wrap(layout, '    ', escapeControls(message)),
    wrap(layout, '    ', `Fix: ${escapeControls(fix)}`),
  ].join('\n');
}

/** `No findings.` or `2 errors, 1 warning.` */
export function findingsSummary(findings: readonly Finding[]): string {
  const counts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const number = findings.filter((each) => each.severity === severity).length;
    return number > 0 ? [pluralize(number, severity)] : [];
  });
  return counts.length === 0 ? 'No findings.' : `${counts.join(', ')}.`;
}
