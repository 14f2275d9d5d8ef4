import type { CommonFlags, Context } from '../../lib/cli';

export type CapturedOutput = Readonly<Record<'shown' | 'documents' | 'progress' | 'questions', string[]>>;

export interface CaptureOptions {
  /** Answer to each confirmation. Without it there is no terminal. */
  readonly answer?: boolean;
  /** Receives each progress line. */
  readonly onProgress?: (line: string) => void;
}

/** The context of a command that runs in this process. Its output is added to `output`. */
export const capturedContext = <Flags extends CommonFlags>(
  flags: Flags,
  output: CapturedOutput,
  { answer, onProgress }: CaptureOptions = {},
): Context<Flags> => ({
  flags,
  layout: { columns: 120, color: false },
  now: new Date(),
  interactive: answer !== undefined,
  print: (text) => void output.shown.push(text),
  log: (line) => {
    output.progress.push(line);
    onProgress?.(line);
  },
  printJson: (text) => void output.documents.push(text),
  printSecret: () => undefined,
  untilStopped: () => new Promise<void>(() => undefined),
  confirm: (question) => {
    output.questions.push(question);
    return Promise.resolve(answer ?? false);
  },
});
