import { isJsonObject, type JsonObject } from '../json';
import { tokenFingerprint } from './fingerprint';

/** A JWT in its parts (RFC 7519). `signed` and `signature` serve to verify it and are never shown. */
export interface Token {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signingInput: string;
  readonly signature: Buffer;
  readonly fingerprint: string;
}

/** A token, or what keeps a text from being one. No message repeats anything of the text. */
export type TokenReading =
  | { readonly token: Token; readonly problem?: undefined }
  | { readonly token?: undefined; readonly problem: string; readonly fix: string };

const BASE64URL_FIX =
  'Encode each part as base64url without padding (RFC 7515, section 2), or leave it to a JWT library.';

/** Reads a JWT in compact form. Any text is answered, none throws. */
export function readToken(text: string): TokenReading {
  const shape = shapeProblem(text);
  if (shape) return shape;
  const [header = '', claims = '', signature = ''] = text.split('.');
  const [head, body] = [decodePart(header), decodePart(claims)];
  if (!head) return { problem: 'The header is not a JSON object in base64url.', fix: BASE64URL_FIX };
  if (!body) return { problem: 'The claims are not a JSON object in base64url.', fix: BASE64URL_FIX };
  const signingInput = `${header}.${claims}`;
  const bytes = Buffer.from(signature, 'base64url');
  return {
    token: {
      header: head,
      claims: body,
      signingInput: signingInput,
      signature: bytes,
      fingerprint: tokenFingerprint(text),
    },
  };
}

function shapeProblem(text: string): TokenReading | undefined {
  if (text === '') return { problem: 'There is no token.', fix: 'Hand the token over on standard input.' };
  if (/^00D\w{12,15}!/.test(text)) return SESSION_ID_PROBLEM;
  if (/\s/.test(text))
    return {
      problem: 'Blanks or line breaks are inside the token.',
      fix: 'Send the token as one line, without quotes.',
    };
  const parts = text.split('.').length;
  if (parts === 5) return { problem: 'The token is encrypted (JWE, five parts).', fix: 'Sign it only: three parts.' };
  if (parts !== 3)
    return { problem: `A signed JWT has three parts; this text has ${parts}.`, fix: 'Send the whole token, uncut.' };
  if (/[+/=]/.test(text))
    return { problem: 'A part is standard base64, with +, / or = in it, instead of base64url.', fix: BASE64URL_FIX };
  return /[^\w.-]/.test(text)
    ? { problem: 'There are characters in the token that base64url does not have.', fix: BASE64URL_FIX }
    : undefined;
}

const SESSION_ID_PROBLEM: TokenReading = {
  problem: 'This is a session id of a Salesforce org, not a token of your issuer.',
  fix: 'End that session (Setup: Session Management), for it was shown here. Then hand over the JWT that your issuer signs.',
};

function decodePart(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url')));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A member that is a text, or undefined. */
export function textClaim(object: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** A member that is a finite number, or undefined. */
export function numberClaim(object: JsonObject, name: string): number | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
