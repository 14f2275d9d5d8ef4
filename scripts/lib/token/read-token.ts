import { isJsonObject, type JsonObject } from '../json';
import { tokenFingerprint } from './fingerprint';

/** A parsed JWT (RFC 7519). `signingInput` and `signature` must not be printed. */
export interface Token {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signingInput: string;
  readonly signature: Buffer;
  readonly fingerprint: string;
}

/** A token, or the reason why a text isn't one. No message repeats any part of the text. */
export type TokenReading =
  | { readonly token: Token; readonly problem?: undefined }
  | { readonly token?: undefined; readonly problem: string; readonly fix: string };

const BASE64URL_FIX = 'Encode each part as base64url without padding (RFC 7515, section 2), or use a JWT library.';

/** Parses a JWT in compact form. Never throws. */
export function readToken(text: string): TokenReading {
  const shape = shapeProblem(text);
  if (shape) return shape;
  const [header = '', claims = '', signature = ''] = text.split('.');
  const [headerObject, claimsObject] = [decodePart(header), decodePart(claims)];
  if (!headerObject) return { problem: "The header isn't a JSON object in base64url.", fix: BASE64URL_FIX };
  if (!claimsObject) return { problem: "The claims aren't a JSON object in base64url.", fix: BASE64URL_FIX };
  const signingInput = `${header}.${claims}`;
  const bytes = Buffer.from(signature, 'base64url');
  return {
    token: {
      header: headerObject,
      claims: claimsObject,
      signingInput,
      signature: bytes,
      fingerprint: tokenFingerprint(text),
    },
  };
}

function shapeProblem(text: string): TokenReading | undefined {
  if (text === '') return { problem: 'The input contains no token.', fix: 'Pass the token on standard input.' };
  if (/^00D\w{12,15}!/.test(text)) return SESSION_ID_PROBLEM;
  if (/\s/.test(text))
    return {
      problem: 'The token contains spaces or line breaks.',
      fix: 'Send the token as one line, without quotes.',
    };
  const parts = text.split('.').length;
  if (parts === 5)
    return { problem: 'The token is encrypted (JWE, 5 parts).', fix: 'Sign the token without encrypting it.' };
  if (parts !== 3)
    return { problem: `A signed JWT has 3 parts. This text has ${parts}.`, fix: 'Send the complete token.' };
  if (/[+/=]/.test(text))
    return { problem: 'A part is standard base64 (with +, / or =) instead of base64url.', fix: BASE64URL_FIX };
  return /[^\w.-]/.test(text)
    ? { problem: "The token contains characters that aren't base64url.", fix: BASE64URL_FIX }
    : undefined;
}

const SESSION_ID_PROBLEM: TokenReading = {
  problem: 'This is an access token of a Salesforce org (session ID), not an identity token.',
  fix: 'The access token was exposed here: end its session (Setup: Session Management). Then pass the JWT that your token service signs.',
};

function decodePart(part: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url')));
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The value of a member that is a string, or undefined. */
export function textClaim(object: JsonObject, name: string): string | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** The value of a member that is a finite number, or undefined. */
export function numberClaim(object: JsonObject, name: string): number | undefined {
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
