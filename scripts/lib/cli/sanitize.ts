import { escapeWorkflowCommandsInJson, escapeWorkflowCommands } from '../report/annotations';
import { escapeControls } from '../report/text-layout';
import { escapeInvisibleJson } from '../report/escape';

/** The styles that pages are drawn with: bold, dim, inverse, the plain colours, and their ends. */
// eslint-disable-next-line no-control-regex -- styles begin with one
const STYLE = /(\u001B\[(?:1|2|7|22|27|3[1-69]|9[0-7])m)/;

/**
 * Text as it may reach a terminal or a log, whoever wrote what is in it: our styles where there are colours, and nothing
 * else that would steer a terminal or that the runner of a pipeline would take for a command.
 */
export function sanitize(text: string, color: boolean): string {
  const plain = text
    .split(STYLE)
    .map((part, index) => (index % 2 === 0 ? escapeControls(part) : color ? part : ''))
    .join('');
  return isGitHubActions() ? escapeWorkflowCommands(plain) : plain;
}

/** A JSON document as it may reach a terminal or a log; it says the same. */
export const sanitizeJson = (json: string): string =>
  isGitHubActions() ? escapeWorkflowCommandsInJson(escapeInvisibleJson(json)) : escapeInvisibleJson(json);

export const isGitHubActions = (): boolean => process.env['GITHUB_ACTIONS'] === 'true';
