import { posix } from 'node:path';
import type { Finding, Severity } from '../model';
import { escapeInvisible } from './escape';

const ANNOTATION_COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/**
 * GitHub shows at most 10 annotations of each kind per step and drops the rest silently.
 * https://docs.github.com/en/rest/checks/runs and https://github.com/orgs/community/discussions/26680
 */
const MAX_ANNOTATIONS = 10;

/**
 * Findings as GitHub workflow commands: a pull request shows each next to its line. `root` is the project's folder in the
 * repository. Errors come first. Empty without findings.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function annotationsText(findings: readonly Finding[], root: string): string {
  return (['error', 'warning', 'note'] as const)
    .flatMap((severity) => findings.filter((each) => each.severity === severity).slice(0, MAX_ANNOTATIONS))
    .map((finding) => annotation(finding, root))
    .join('\n');
}

function annotation({ severity, rule, component, file, line, message, fix }: Finding, root: string): string {
  const location = file === '' ? [] : [`file=${escapeProperty(posix.join(root, file))}`, `line=${Math.max(1, line)}`];
  const title = `title=${escapeProperty([rule, component].filter((part) => part !== '').join(': '))}`;
  return `::${ANNOTATION_COMMANDS[severity]} ${[...location, title].join(',')}::${escapeData(`${message}\nFix: ${fix}`)}`;
}

/** Escapes as in actions/toolkit, packages/core/src/command.ts. */
const escapeData = (text: string): string =>
  escapeInvisible(text).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const escapeProperty = (text: string): string => escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');

/**
 * Text without workflow commands, because a name from an org must not become one. A command is a line that starts with
 * spaces and `::`, or that contains `##[` (actions/runner, src/Runner.Common/ActionCommand.cs).
 */
export const escapeWorkflowCommands = (text: string): string =>
  text.replace(/^([^\S\r\n\u2028\u2029]*:):/gm, '$1\u200B:').replaceAll('##[', '#\u200B#[');

/** Equivalent JSON without workflow commands. Its lines don't start with `::`, so only `##[` is escaped. */
export const escapeWorkflowCommandsInJson = (json: string): string => json.replaceAll('##[', '#\\u0023[');
