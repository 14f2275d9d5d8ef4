import { runInNewContext } from 'node:vm';

/** What expressions of a workflow can see, and how the job stands. */
export interface EvaluationContext {
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly failed: boolean;
}

/**
 * The value of one expression, as far as the workflows of this project use the language: comparison, logic, contexts and a
 * few functions. It is close enough to JavaScript to be read as that.
 */
export function evaluate(expression: string, { contexts, failed }: EvaluationContext): unknown {
  const script = expression.replace(/\.(\w+(?:-\w+)+)/g, "['$1']");
  const functions = {
    always: () => true,
    cancelled: () => false,
    failure: () => failed,
    success: () => !failed,
    fromJSON: (text: string) => JSON.parse(text) as unknown,
  };
  return runInNewContext(script, { ...contexts, ...functions }) as unknown;
}

/** As GitHub writes a value into a text. */
export const toText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

const EXPRESSION = /\$\{\{\s*([^]+?)\s*\}\}/g;

/** A text with its expressions replaced; one that is nothing but an expression keeps the type of its value. */
export function interpolate(text: string, sight: EvaluationContext): unknown {
  const [whole, expression] = new RegExp(`^${EXPRESSION.source}$`).exec(text.trim()) ?? [];
  if (whole !== undefined && expression !== undefined && !expression.includes('}}')) return evaluate(expression, sight);
  return text.replace(EXPRESSION, (_, inner: string) => toText(evaluate(inner, sight)));
}

/** Whether a job or step runs; without a status function it does so only while nothing failed. */
export function shouldRun(condition: string | undefined, sight: EvaluationContext): boolean {
  if (condition === undefined) return !sight.failed;
  const expression = new RegExp(`^${EXPRESSION.source}$`).exec(condition.trim())?.[1] ?? condition;
  const asksStatus = /\b(always|cancelled|failure|success)\(\)/.test(expression);
  return (asksStatus || !sight.failed) && Boolean(evaluate(expression, sight));
}
