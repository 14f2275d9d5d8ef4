import type { ErrorDetails, Finding, OrgResult } from '../model';

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
  | 'file-system'
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
  | 'conflicting-setting'
  | 'certificate-mismatch'
  | 'name-case'
  | 'not-accepted'
  | 'compromised-key'
  | 'expiring-key'
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
  | 'routing-failed'
  | 'publish-failed'
  | 'readback-mismatch'
  | 'kept-list-items'
  | 'port-taken'
  | 'alias-taken'
  | 'already-exists'
  | 'replaced-text'
  | 'nothing-to-import'
  | 'invalid-project'
  | 'unsafe-location'
  | 'command-failed'
  | 'unknown-component'
  | 'unknown-input'
  | 'endpoint-unreachable'
  | 'chat-api-unknown'
  | 'chat-api-unreachable'
  | 'verify-failed'
  | 'monitor-failed'
  | 'canary-failed'
  | 'canary-inconclusive'
  | 'invalid-rotation'
  | 'interrupted'
  | 'internal';

/** An error in three sentences: what happened, why, and how to fix it. */
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
  /** Findings in source that are the reason, such as failed tests. */
  readonly findings: readonly Finding[];
  /** The run that was stopped with this error. */
  readonly stopped: StoppedRun | undefined;

  constructor(
    code: ErrorCode,
    explanation: ErrorText,
    options: { exit?: ExitCode; cause?: unknown; findings?: readonly Finding[]; stopped?: StoppedRun } = {},
  ) {
    super(`${explanation.what} ${explanation.why}`, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'ToolError';
    this.code = code;
    this.what = explanation.what;
    this.why = explanation.why;
    this.fix = explanation.fix;
    this.exit = options.exit ?? EXIT.failed;
    this.findings = options.findings ?? [];
    this.stopped = options.stopped;
  }
}

/** What a run did before it was stopped. */
export interface StoppedRun {
  /** The run ID. */
  readonly run: string;
  readonly orgs: readonly OrgResult[];
}

/** The error for a flag, or a combination of flags, that can't be used. No org was contacted. */
export const invalidFlagError = (what: string, why: string, fix: string): ToolError =>
  new ToolError('invalid-flag', { what, why, fix }, { exit: EXIT.invalid });

/** Anything that was thrown, as data for results and documents. */
export function toErrorDetails(thrown: unknown): ErrorDetails {
  const { code, what, why, fix } = asToolError(thrown);
  return { code, what, why, fix };
}

/** The reason and the fix of each error of the file system. The codes are those of errno(3). */
const FILE_SYSTEM_REASONS: Readonly<Record<string, readonly [why: string, fix: string]>> = {
  ENOSPC: ['The disk is full.', 'Free space on the disk'],
  EDQUOT: ['The disk quota is used up.', 'Free space, or ask for a larger quota'],
  EFBIG: ['The file would be larger than the system allows.', 'Raise the limit of file sizes'],
  EROFS: ['The disk is read-only.', 'Use a folder that you can write to'],
  EACCES: ['You have no permission.', 'Give your user access to the file and its folder'],
  EPERM: ['The operation is not permitted.', 'Give your user access to the file and its folder'],
  EISDIR: ['It is a folder, but the command needs a file.', 'Move or delete the folder'],
  EFTYPE: ['It is a folder, a pipe, or a device, but the command needs a file.', 'Use a file'],
  ENOTDIR: ['A part of its path is a file, but the command needs a folder.', 'Move or delete the file'],
  EEXIST: ['Something with this name exists, and it has another type.', 'Move or delete it'],
  ENOENT: ["It doesn't exist.", 'Create it, or correct the path'],
  ELOOP: ['Its path contains a loop of symbolic links.', 'Correct the links'],
  ENAMETOOLONG: ['Its name is too long.', 'Use a shorter path'],
  EMFILE: ['Too many files are open.', 'Raise the limit of open files (ulimit -n)'],
  ENFILE: ['Too many files are open on this machine.', 'End other programs'],
  EBUSY: ['Another program uses it.', 'End the other program'],
  EIO: ['The disk reports an error.', 'Check the disk'],
};

/** System calls on files. Sockets and processes report the same codes. */
const FILE_CALLS =
  /^(access|chmod|close|copyfile|f?stat|fchmod|fdatasync|fsync|ftruncate|link|lstat|mkd|mkdir|mkdtemp|open|opendir|read|readlink|realpath|rename|rm|rmdir|scandir|symlink|truncate|unlink|write)/;

type FileSystemFailure = Pick<NodeJS.ErrnoException, 'code' | 'syscall' | 'path'>;

/** An error of the file system as a ToolError; undefined for any other error. */
function fileSystemError(thrown: NodeJS.ErrnoException | FileSystemFailure): ToolError | undefined {
  const { code = '', syscall = '', path } = thrown;
  const reason = FILE_SYSTEM_REASONS[code];
  if (!reason || !FILE_CALLS.test(syscall)) return undefined;
  const [why, fix] = reason;
  return new ToolError(
    'file-system',
    {
      what: `${path ?? 'A file'} can't be used.`,
      why,
      fix: `${fix}, then run the command again.`,
    },
    { cause: thrown },
  );
}

/** The error of the file system that another process reports as text, such as `EACCES: permission denied, open '/file'`. */
export function fileSystemErrorIn(text: string): ToolError | undefined {
  const [, code, syscall, path] = /\b(E[A-Z]+): [^,\n]+, (\w+)(?: '([^'\n]*)')?/.exec(text) ?? [];
  return fileSystemError({ code, syscall, path });
}

/** Anything that was thrown, as a ToolError. An unexpected error gets the code `internal`. */
export function asToolError(thrown: unknown): ToolError {
  if (thrown instanceof ToolError) return thrown;
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const fileError = thrown instanceof Error ? fileSystemError(thrown) : undefined;
  if (fileError) return fileError;
  return new ToolError(
    'internal',
    {
      what: 'Unexpected error.',
      why: reason,
      fix: 'Run it again with --debug and report what it prints.',
    },
    { cause: thrown },
  );
}
