import { jsonWithoutCommands, withoutCommands } from '../report/annotations';
import { safe } from '../report/page';
import { visibleJson } from '../report/visible';

/** The styles that pages are drawn with: bold, dim, inverse, the plain colours, and their ends. */
// eslint-disable-next-line no-control-regex -- styles begin with one
const STYLE = /(\u001B\[(?:1|2|7|22|27|3[1-69]|9[0-7])m)/;

/**
 * Text as it may reach a terminal or a log, whoever wrote what is in it: our styles where there are colours, and nothing
 * else that would steer a terminal or that the runner of a pipeline would take for a command.
 */
export function harmless(text: string, color: boolean): string {
  const plain = text
    .split(STYLE)
    .map((part, index) => (index % 2 === 0 ? safe(part) : color ? part : ''))
    .join('');
  return isGitHub() ? withoutCommands(plain) : plain;
}

/** A JSON document as it may reach a terminal or a log; it says the same. */
export const harmlessJson = (json: string): string =>
  isGitHub() ? jsonWithoutCommands(visibleJson(json)) : visibleJson(json);

export const isGitHub = (): boolean => process.env['GITHUB_ACTIONS'] === 'true';
