import type { StoppedRequest } from './protocol';

/** How to recognize one kind of failure, and how to retry it. */
export interface RetryPolicy {
  readonly name: string;
  /** Matches `name: message causes` of the CLI's error. */
  readonly pattern: RegExp;
  /** Whether the org can have processed the request: certainly not, or maybe. */
  readonly done: 'nothing' | 'maybe';
  /** The maximum number of retries; 0 for none. */
  readonly maxRetries: number;
  /** No retry starts later than this after the first attempt, in milliseconds. */
  readonly budgetMs: number;
  /** The pause before the first retry, in milliseconds. Pauses double. */
  readonly pauseMs: number;
  readonly why: string;
}

const SECOND_MS = 1_000;

/** Error names of a missing response and of a worker that exited: these errors come from the workers, not from the CLI. */
export const NO_RESPONSE = 'NoResponse';
export const WORKER_EXITED = 'WorkerExited';

const WRONG_ORG = 'WrongOrg' satisfies StoppedRequest;
const WRONG_ORG_AFTER_WRITE = 'WrongOrgAfterWrite' satisfies StoppedRequest;

/** A request that a worker stopped because it would have left the org of its command. */
export const WRONG_ORG_PATTERN = new RegExp(`^(${WRONG_ORG}|${WRONG_ORG_AFTER_WRITE}):`);

/**
 * The failures that can be retried, and four that must not be; the first match counts. A read or an idempotent request is retried
 * after each of them; a submission only if the org certainly did nothing. Other failures aren't retried: the result would be the
 * same.
 */
export const RETRY_POLICIES: readonly RetryPolicy[] = [
  {
    name: 'wrong org',
    pattern: new RegExp(`^${WRONG_ORG}:`),
    done: 'nothing',
    maxRetries: 0,
    budgetMs: 0,
    pauseMs: 0,
    why: 'The worker stopped the request. The login stays wrong until the user corrects it.',
  },
  {
    name: 'wrong org after a write',
    pattern: new RegExp(`^${WRONG_ORG_AFTER_WRITE}:`),
    done: 'maybe',
    maxRetries: 0,
    budgetMs: 0,
    pauseMs: 0,
    why: 'The right org can have received an earlier request of the same command.',
  },
  {
    name: 'login rejected',
    pattern:
      /invalid assertion|invalid_client|n't approved|admin approved|audience is invalid|assertion is expired|invalid_grant|INVALID_LOGIN|AuthDecrypt|not installed in this org|ip restricted|client identifier invalid|asymmetric key|minimum key size|user is (inactive|locked|frozen)/i,
    done: 'nothing',
    maxRetries: 0,
    budgetMs: 0,
    pauseMs: 0,
    why: 'The org rejects the login. Too many attempts lock the user out.',
  },
  {
    name: 'request limit',
    pattern: /REQUEST_LIMIT_EXCEEDED/,
    done: 'nothing',
    maxRetries: 0,
    budgetMs: 0,
    pauseMs: 0,
    why: "The org's API requests for 24 hours are used up. Retries would use the requests of other clients.",
  },
  {
    name: 'session expired',
    pattern: /INVALID_SESSION_ID|Unable to refresh session|expired access/i,
    done: 'nothing',
    maxRetries: 1,
    budgetMs: 60 * SECOND_MS,
    pauseMs: 0,
    why: 'The CLI renews a session itself. One retry covers a session that expired during the renewal.',
  },
  {
    name: 'row lock',
    pattern: /UNABLE_TO_LOCK_ROW/,
    done: 'nothing',
    maxRetries: 6,
    budgetMs: 90 * SECOND_MS,
    pauseMs: 2 * SECOND_MS,
    why: 'Another transaction had locked the record, and Salesforce rolled this one back.',
  },
  {
    name: 'deploy job running',
    pattern: /ALREADY_IN_PROCESS/,
    done: 'nothing',
    maxRetries: 20,
    budgetMs: 10 * 60 * SECOND_MS,
    pauseMs: 5 * SECOND_MS,
    why: 'The org runs one deploy job at a time, which takes minutes.',
  },
  {
    name: 'connection refused',
    pattern: /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN/,
    done: 'nothing',
    maxRetries: 5,
    budgetMs: 15 * SECOND_MS,
    pauseMs: 0.5 * SECOND_MS,
    why: 'Nothing was sent. The CLI itself retries reads for 16 seconds, so in practice only other requests are retried here.',
  },
  {
    name: 'unavailable',
    pattern: /(ERROR_HTTP_|HTTP )(502|503|504|420)/,
    done: 'maybe',
    maxRetries: 5,
    budgetMs: 15 * SECOND_MS,
    pauseMs: 1 * SECOND_MS,
    why: 'The front end lost the org, which can have received the request. The CLI itself retries reads for 16 seconds.',
  },
  {
    name: 'connection lost',
    pattern: /fetch failed|terminated|other side closed|ECONNRESET|ETIMEDOUT|EPIPE|socket hang up|UND_ERR/,
    done: 'maybe',
    maxRetries: 5,
    budgetMs: 15 * SECOND_MS,
    pauseMs: 0.5 * SECOND_MS,
    why: 'The request can have arrived, and its response can have been lost.',
  },
  {
    name: 'no response',
    pattern: new RegExp(`^${NO_RESPONSE}:`),
    done: 'maybe',
    maxRetries: 1,
    budgetMs: 90 * SECOND_MS,
    pauseMs: 0,
    why: 'A second timeout means that the org is not responding. More retries would only delay the report.',
  },
  {
    name: 'CLI exited',
    pattern: new RegExp(`^${WORKER_EXITED}:`),
    done: 'maybe',
    maxRetries: 1,
    budgetMs: 90 * SECOND_MS,
    pauseMs: 0,
    why: 'The process is replaced. A command that ends the process twice is itself the cause.',
  },
];

/** An error of the CLI. */
export interface CliError {
  readonly name: string;
  readonly message: string;
  readonly cause: string;
}

/** The text that patterns match. */
export const errorText = ({ name, message, cause }: CliError): string => `${name}: ${message} ${cause}`;

/** The retry policy of an error; undefined if there is none. */
export const retryPolicyFor = (error: CliError): RetryPolicy | undefined =>
  RETRY_POLICIES.find(({ pattern }) => pattern.test(errorText(error)));
