import { runInNewContext } from 'node:vm';

/** Contexts of an expression, and whether a previous step or job failed. */
export interface EvaluationContext {
  readonly contexts: Readonly<Record<string, unknown>>;
  readonly failed: boolean;
}

/**
 * Evaluates an expression as JavaScript. This is sufficient for the workflows of this project, which use comparison,
 * logic, contexts, and a few functions.
 */
export function evaluate(expression: string, { contexts, failed }: EvaluationContext): unknown {
  const script = expression
    .replace(/needs\.\*\.result/g, 'Object.values(needs).map((need) => need.result)')
    .replace(/\.(\w+(?:-\w+)+)/g, "['$1']");
  const functions = {
    always: () => true,
    cancelled: () => false,
    failure: () => failed,
    success: () => !failed,
    contains: (items: readonly unknown[], item: unknown) => items.includes(item),
    fromJSON: (text: string) => JSON.parse(text) as unknown,
  };
  return runInNewContext(script, { ...contexts, ...functions }) as unknown;
}

/** Converts a value to text as GitHub does. */
export const toText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

const EXPRESSION = /\$\{\{\s*([^]+?)\s*\}\}/g;

/** Replaces the expressions in a text. A text that is a single expression returns a value of its type. */
export function interpolate(text: string, context: EvaluationContext): unknown {
  const [whole, expression] = new RegExp(`^${EXPRESSION.source}$`).exec(text.trim()) ?? [];
  if (whole !== undefined && expression !== undefined && !expression.includes('}}'))
    return evaluate(expression, context);
  return text.replace(EXPRESSION, (_, inner: string) => toText(evaluate(inner, context)));
}

/** Whether a job or step runs. Without a status function in its condition, it runs only if nothing failed. */
export function shouldRun(condition: string | undefined, context: EvaluationContext): boolean {
  if (condition === undefined) return !context.failed;
  const expression = new RegExp(`^${EXPRESSION.source}$`).exec(condition.trim())?.[1] ?? condition;
  const asksStatus = /\b(always|cancelled|failure|success)\(\)/.test(expression);
  return (asksStatus || !context.failed) && Boolean(evaluate(expression, context));
}
