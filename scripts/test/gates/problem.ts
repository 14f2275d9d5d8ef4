/** One thing a gate found, where an editor can jump to it. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** As `file:line: message`, one to a line; empty when there is nothing to say. */
export const formatProblems = (problems: readonly Problem[]): string =>
  problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n');
