import { json, type Response } from '../http/message';
import { ApiError, Disconnect, UNSUPPORTED_HEADER, UnsupportedError } from '../api-error';

/** An error in the format of the REST API. */
export function restError(code: string, message: string, status: number): Response {
  return json([{ message, errorCode: code }], status);
}

/** Formats any error for the REST API. Rethrows a Disconnect. */
export function toRestError(error: unknown): Response {
  if (error instanceof Disconnect) throw error;
  if (error instanceof UnsupportedError)
    return { ...restError(error.code, error.message, error.status), headers: UNSUPPORTED_HEADER };
  if (error instanceof ApiError) return restError(error.code, error.message, error.status);
  const reason = error instanceof Error ? error.message : String(error);
  return restError('UNKNOWN_EXCEPTION', `An unexpected error occurred: ${reason}`, 500);
}

export const NOT_FOUND = restError('NOT_FOUND', 'The requested resource does not exist', 404);

export const INVALID_SESSION = restError('INVALID_SESSION_ID', 'Session expired or invalid', 401);
