import type { ErrorDetails } from '../model';

/**
 * How a command ends. The table is shown by `--help` and in the README, and a pipeline branches on it.
 */
export const EXIT = {
  done: 0,
  failed: 1,
  changes: 2,
  invalid: 3,
  unreachable: 4,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Every code an error can carry. Scripts read the code, people read the text. */
export type ErrorCode =
  | 'invalid-flag'
  | 'no-project'
  | 'unreadable-file'
  | 'unknown-org'
  | 'cli-missing'
  | 'cli-crashed'
  | 'cli-bad-output'
  | 'bad-login'
  | 'login-missing'
  | 'login-refused'
  | 'org-unreachable'
  | 'org-busy'
  | 'org-mismatch'
  | 'missing-permission'
  | 'missing-in-org'
  | 'name-case'
  | 'not-accepted'
  | 'compromised-key'
  | 'plan-stale'
  | 'plan-invalid'
  | 'plan-expired'
  | 'unknown-run'
  | 'wave-skipped'
  | 'deploy-failed'
  | 'deploy-unknown'
  | 'concurrent-deploy'
  | 'retrieve-failed'
  | 'activate-failed'
  | 'publish-failed'
  | 'readback-mismatch'
  | 'port-taken'
  | 'alias-taken'
  | 'already-exists'
  | 'nothing-to-import'
  | 'unsafe-location'
  | 'command-failed'
  | 'unknown-component'
  | 'endpoint-unreachable'
  | 'chat-api-unknown'
  | 'chat-api-unreachable'
  | 'verify-failed'
  | 'invalid-rotation'
  | 'interrupted'
  | 'internal';

/** What happened, why, and how to fix it: three sentences, never one. */
export type ErrorText = Omit<ErrorDetails, 'code'>;

/**
 * The one error type of the project. `exit` is the exit code a command ends with when nothing else decides;
 * `cause` keeps the original.
 */
export class ToolError extends Error implements ErrorText {
  readonly code: ErrorCode;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  readonly exit: ExitCode;

  constructor(code: ErrorCode, explanation: ErrorText, options: { exit?: ExitCode; cause?: unknown } = {}) {
    super(`${explanation.what} ${explanation.why}`, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'ToolError';
    this.code = code;
    this.what = explanation.what;
    this.why = explanation.why;
    this.fix = explanation.fix;
    this.exit = options.exit ?? EXIT.failed;
  }
}

/** The error for a flag, or a combination of flags, that can't be used. No org was contacted. */
export const invalidFlagError = (what: string, why: string, fix: string): ToolError =>
  new ToolError('invalid-flag', { what, why, fix }, { exit: EXIT.invalid });

/** Anything that was thrown, as data for results and documents. */
export function toErrorDetails(thrown: unknown): ErrorDetails {
  const { code, what, why, fix } = asToolError(thrown);
  return { code, what, why, fix };
}

/** Anything that was thrown, as a ToolError. An unexpected error gets the code `internal`. */
export function asToolError(thrown: unknown): ToolError {
  if (thrown instanceof ToolError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new ToolError(
    'internal',
    {
      what: 'The command stopped at something it was not made for.',
      why: reason,
      fix: 'Run it again with --debug and report what it prints.',
    },
    { cause: thrown },
  );
}
