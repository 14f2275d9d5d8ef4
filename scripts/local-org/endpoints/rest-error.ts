import { json, type Response } from '../http/message';
import { Disconnect, ApiError } from '../api-error';

/** An error the way the REST API writes it. */
export function restError(code: string, message: string, status: number): Response {
  return json([{ message, errorCode: code }], status);
}

/** Whatever was thrown, as the REST API writes it; what is no answer at all goes on to the connection. */
export function toRestError(error: unknown): Response {
  if (error instanceof Disconnect) throw error;
  if (error instanceof ApiError) return restError(error.code, error.message, error.status);
  const reason = error instanceof Error ? error.message : String(error);
  return restError('UNKNOWN_EXCEPTION', `An unexpected error occurred: ${reason}`, 500);
}

export const NOT_FOUND = restError('NOT_FOUND', 'The requested resource does not exist', 404);

export const INVALID_SESSION = restError('INVALID_SESSION_ID', 'Session expired or invalid', 401);
