import { posix } from 'node:path';
import type { Finding, Severity } from '../model';
import { escapeInvisible } from './escape';

const ANNOTATION_COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

/**
 * GitHub shows so many of each kind for one step, and drops the rest without a word.
 * https://docs.github.com/en/rest/checks/runs and https://github.com/orgs/community/discussions/26680
 */
const MAX_ANNOTATIONS = 10;

/**
 * Findings as GitHub's workflow commands, so that they stand beside the line in a pull request; `root` is the project's
 * folder in the repository. Empty without findings.
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

/** The escapes of the toolkit: actions/toolkit, packages/core/src/command.ts. */
const escapeData = (text: string): string =>
  escapeInvisible(text).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const escapeProperty = (text: string): string => escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');

/**
 * Text in which GitHub sees no workflow command: a name from an org must not be able to give one. A command is a line that
 * begins with `::`, blanks aside, or has `##[` anywhere (actions/runner, src/Runner.Common/ActionCommand.cs).
 */
export const escapeWorkflowCommands = (text: string): string =>
  text.replace(/^(\s*:):/gm, '$1\u200B:').replaceAll('##[', '#\u200B#[');

/** JSON that says the same, in which GitHub sees no workflow command: its lines begin with no `::`, and its texts are escaped. */
export const escapeWorkflowCommandsInJson = (json: string): string => json.replaceAll('##[', '#\\u0023[');
