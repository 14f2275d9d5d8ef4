/** A fault with a name: how it is told from others, and what is done about it. */
export interface RetryPolicy {
  readonly name: string;
  /** Matches the CLI's error: `name: message causes`. */
  readonly pattern: RegExp;
  /** What the org did with the request: nothing for sure, or perhaps all of it. */
  readonly done: 'nothing' | 'maybe';
  /** How often a request is repeated at most; 0 never. */
  readonly maxRetries: number;
  /** No request is repeated later than this after the first one, in milliseconds. */
  readonly budgetMs: number;
  /** The first pause before a request is repeated, in milliseconds; pauses double. */
  readonly pauseMs: number;
  readonly why: string;
}

const SECOND_MS = 1_000;

/** An answer that did not come in time, and a CLI that ended: errors of the hosts, not of the CLI. */
export const NO_RESPONSE = 'NoAnswer';
export const WORKER_EXITED = 'HostEnded';

/**
 * Every fault that is told from others; the first match counts. What only looks, or may be done twice without harm, is
 * repeated after each of them; a submission only where the org did nothing for sure. Whatever is not here is not repeated:
 * Salesforce would say the same again.
 */
export const RETRY_POLICIES: readonly RetryPolicy[] = [
  {
    name: 'login refused',
    pattern:
      /invalid assertion|invalid_client|hasn't approved|audience is invalid|assertion is expired|invalid_grant|INVALID_LOGIN|AuthDecrypt/i,
    ...{ done: 'nothing', maxRetries: 0, budgetMs: 0, pauseMs: 0 },
    why: 'The org knows the login and does not want it; too many attempts lock the user out.',
  },
  {
    name: 'request limit',
    pattern: /REQUEST_LIMIT_EXCEEDED/,
    ...{ done: 'nothing', maxRetries: 0, budgetMs: 0, pauseMs: 0 },
    why: "The org's requests of 24 hours are used up; repeating takes them from everybody else.",
  },
  {
    name: 'session expired',
    pattern: /INVALID_SESSION_ID|Unable to refresh session|expired access/i,
    ...{ done: 'nothing', maxRetries: 1, budgetMs: 60 * SECOND_MS, pauseMs: 0 },
    why: 'The CLI renews a session by itself; once more is for a session that ended while it did.',
  },
  {
    name: 'row lock',
    pattern: /UNABLE_TO_LOCK_ROW/,
    ...{ done: 'nothing', maxRetries: 6, budgetMs: 90 * SECOND_MS, pauseMs: 2 * SECOND_MS },
    why: 'Someone else held the record for a moment, and Salesforce took everything back.',
  },
  {
    name: 'deployment in process',
    pattern: /ALREADY_IN_PROCESS/,
    ...{ done: 'nothing', maxRetries: 20, budgetMs: 10 * 60 * SECOND_MS, pauseMs: 5 * SECOND_MS },
    why: 'The org does one thing at a time, and that takes minutes.',
  },
  {
    name: 'connection refused',
    pattern: /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN/,
    ...{ done: 'nothing', maxRetries: 5, budgetMs: 15 * SECOND_MS, pauseMs: 0.5 * SECOND_MS },
    why: 'Nothing was sent. The CLI itself repeats reads for 16 s, which is the whole budget; only the rest is repeated here.',
  },
  {
    name: 'unavailable',
    pattern: /(ERROR_HTTP_|HTTP )(502|503|504|420)/,
    ...{ done: 'maybe', maxRetries: 5, budgetMs: 15 * SECOND_MS, pauseMs: 1 * SECOND_MS },
    why: 'The front end could not reach the org, which may have had the request. The CLI itself repeats reads for 16 s.',
  },
  {
    name: 'connection lost',
    pattern: /fetch failed|terminated|other side closed|ECONNRESET|ETIMEDOUT|EPIPE|socket hang up|UND_ERR/,
    ...{ done: 'maybe', maxRetries: 5, budgetMs: 15 * SECOND_MS, pauseMs: 0.5 * SECOND_MS },
    why: 'The request may have arrived, and its answer been lost.',
  },
  {
    name: 'no answer',
    pattern: new RegExp(`^${NO_RESPONSE}:`),
    ...{ done: 'maybe', maxRetries: 1, budgetMs: 90 * SECOND_MS, pauseMs: 0 },
    why: 'Whoever waits a minute in vain may wait another one, but not a quarter of an hour.',
  },
  {
    name: 'CLI ended',
    pattern: new RegExp(`^${WORKER_EXITED}:`),
    ...{ done: 'maybe', maxRetries: 1, budgetMs: 90 * SECOND_MS, pauseMs: 0 },
    why: 'The process is replaced; a command that ends it twice is the reason itself.',
  },
];

/** What an error of the CLI consists of. */
export interface CliError {
  readonly name: string;
  readonly message: string;
  readonly cause: string;
}

/** The text that faults are told by. */
export const errorText = ({ name, message, cause }: CliError): string => `${name}: ${message} ${cause}`;

/** The name and the handling of an error; undefined when it is none of the table. */
export const retryPolicyFor = (error: CliError): RetryPolicy | undefined =>
  RETRY_POLICIES.find(({ pattern }) => pattern.test(errorText(error)));
