import { closestMatch } from '../../metadata/closest-match';
import { isAcceptable, RULES, type Rule } from '../../rules';
import type { CodeExplanation, CodeText } from './code-text';
import { ERROR_TEXTS } from './error-texts';
import { FINDING_TEXTS } from './finding-texts';
import { KEY_TEXTS } from './key-texts';
import { RULE_TEXTS } from './rule-texts';

export type { CodeExplanation } from './code-text';
export { codesPage } from './codes-page';

const fromTexts = (
  kind: CodeExplanation['kind'],
  texts: Readonly<Record<string, CodeText>>,
): readonly CodeExplanation[] =>
  Object.entries(texts).map(([code, [cause, example, fix]]) => ({ code, kind, cause, example, fix }));

/** The explanation of a rule; none for a rule without a text, which a test reports. */
function ruleExplanation(rule: Rule): readonly CodeExplanation[] {
  const [example, fix] = RULE_TEXTS[rule.id] ?? [];
  if (example === undefined || fix === undefined) return [];
  const { id: code, severity, summary, source } = rule;
  const acceptable = isAcceptable(rule) ? ' An org file can accept this finding with a reason ("accept").' : '';
  return [
    {
      code,
      kind: 'finding',
      severity,
      source,
      example,
      fix,
      cause: `The requirement isn't met: ${summary}${acceptable}`,
    },
  ];
}

/** Every code of an error or a finding, in alphabetical order. */
export const EXPLANATIONS: readonly CodeExplanation[] = [
  ...fromTexts('error', ERROR_TEXTS),
  ...RULES.flatMap(ruleExplanation),
  ...fromTexts('finding', { ...FINDING_TEXTS, ...KEY_TEXTS }),
].sort((one, other) => (one.code < other.code ? -1 : one.code > other.code ? 1 : 0));

/** The explanations of a code; empty for an unknown code. */
export const explanationsOf = (code: string): readonly CodeExplanation[] =>
  EXPLANATIONS.filter((each) => each.code === code.toLowerCase());

/** The code with the most similar name. Undefined if none is similar. */
export const similarCode = (code: string): string | undefined =>
  closestMatch(
    code,
    EXPLANATIONS.map((each) => each.code),
  );
