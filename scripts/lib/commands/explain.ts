import type { Context } from '../cli';
import { EXPLANATIONS, explanationsOf, similarCode, type CodeExplanation } from '../explain/codes';
import { EXIT, invalidFlagError, type ExitCode, type ToolError } from '../errors';
import { npmRun } from '../model';
import { styled, wrap, type TextLayout } from '../report';
import { serializeDocument } from '../report/result-document';

export interface ExplainFlags {
  /** Without it, all codes are listed. */
  readonly code?: string;
}

/** Explains a code, or lists all codes. Throws `invalid-flag` for an unknown code. */
export function runExplainCode(context: Context<ExplainFlags>): ExitCode {
  const { flags, print, printJson, layout } = context;
  const { code } = flags;
  const explanations = code === undefined ? EXPLANATIONS : explanationsOf(code);
  if (code !== undefined && explanations.length === 0) throw unknownCodeError(code);
  print(
    code === undefined ? codesText(layout) : explanations.map((each) => explanationText(layout, each)).join('\n\n'),
  );
  printJson(serializeDocument({ command: 'explain', exitCode: EXIT.done, findings: [], codes: explanations }));
  return EXIT.done;
}

function explanationText(layout: TextLayout, { code, kind, severity, ...texts }: CodeExplanation): string {
  const title = `${kind === 'error' ? 'Error' : 'Finding'} (${code})${severity === undefined ? '' : `, ${severity}`}`;
  const parts = [
    ['Cause', texts.cause],
    ['Example', texts.example],
    ['Fix', texts.fix],
    ['Source', texts.source],
  ] as const;
  const lines = parts.flatMap(([label, text]) =>
    text === undefined ? [] : [wrap(layout, '    ', `${label}: ${text}`, '  ')],
  );
  return [styled(layout, 'bold', title), ...lines].join('\n');
}

function codesText(layout: TextLayout): string {
  const codesOf = (kind: CodeExplanation['kind']): string =>
    EXPLANATIONS.filter((each) => each.kind === kind)
      .map(({ code }) => code)
      .join(', ');
  return [
    wrap(layout, '  ', codesOf('error'), 'Errors\n  '),
    wrap(layout, '  ', codesOf('finding'), 'Findings\n  '),
    `To explain one: ${npmRun('explain', 'CODE')}`,
  ].join('\n\n');
}

function unknownCodeError(code: string): ToolError {
  const similar = similarCode(code);
  return invalidFlagError(
    `There is no code "${code}".`,
    similar === undefined ? 'No code has a similar name.' : `Did you mean ${similar}?`,
    `To list the codes: ${npmRun('explain')}`,
  );
}
