import { CLIENT_ERRORS } from './client-errors';
import type { ParsedInput } from './parse-input';
import { CHAT_API_ERRORS } from './chat-api-errors';
import { SETUP_ERRORS } from './setup-errors';
import type { KnownError } from './known-error';

/** Everything that is recognised from outside. */
export const KNOWN_ERRORS: readonly KnownError[] = [...CHAT_API_ERRORS, ...CLIENT_ERRORS, ...SETUP_ERRORS];

/** What a pasted text shows. */
export const findKnownErrors = (input: ParsedInput): readonly KnownError[] =>
  KNOWN_ERRORS.filter(({ matches }) => matches(input));
