/** A finding of a gate with its file and line, in a format that editors link. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Formats problems as `file:line: message`, one per line. Returns an empty text if there are none. */
export const formatProblems = (problems: readonly Problem[]): string =>
  problems.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n');
