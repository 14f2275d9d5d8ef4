import { hasDuplicateMember, parseJsonObject, type JsonObject } from '../files';
import { tokenFingerprint } from './fingerprint';

/** A parsed JWT (RFC 7519). `signingInput` and `signature` must not be printed. */
export interface Token {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  readonly signingInput: string;
  readonly signature: Buffer;
  readonly fingerprint: string;
  /** The parts with a member that occurs twice. RFC 7519, section 4: a reader rejects them, or uses the last one. */
  readonly duplicates: readonly ('header' | 'claims')[];
}

/** A token, or the reason why a text isn't one. No message repeats any part of the text. */
export type TokenReading =
  | { readonly token: Token; readonly problem?: undefined; readonly fix?: undefined }
  | { readonly token?: undefined; readonly problem: string; readonly fix: string };

const BASE64URL_FIX = 'Encode each part as base64url without padding (RFC 7515, section 2), or use a JWT library.';

/** Parses a JWT in compact form. Never throws. */
export function readToken(text: string): TokenReading {
  const shape = shapeProblem(text);
  if (shape) return shape;
  const [header = '', claims = '', signature = ''] = text.split('.');
  const [headerText, claimsText] = [decodePart(header), decodePart(claims)];
  const [headerObject, claimsObject] = [parseJsonObject(headerText), parseJsonObject(claimsText)];
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
      duplicates: [
        ...(hasDuplicateMember(headerText) ? (['header'] as const) : []),
        ...(hasDuplicateMember(claimsText) ? (['claims'] as const) : []),
      ],
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
  if (parts !== 3) return partsProblem(text, parts);
  if (/[+/=]/.test(text))
    return { problem: 'A part is standard base64 (with +, / or =) instead of base64url.', fix: BASE64URL_FIX };
  return /[^\w.-]/.test(text)
    ? { problem: "The token contains characters that aren't base64url.", fix: BASE64URL_FIX }
    : undefined;
}

const SEND_ID_TOKEN =
  'If an identity provider issued it, send the ID token of the customer instead, or request an access token for an API of your own (an audience).';

/**
 * A JWE has five parts (RFC 7516, section 3.1). Providers such as Auth0 issue an encrypted or an opaque access token if no
 * audience was requested.
 */
function partsProblem(text: string, parts: number): TokenReading {
  if (parts === 5)
    return {
      problem: 'The token is encrypted (JWE, 5 parts), so only the service that it was issued for can read it.',
      fix: `${SEND_ID_TOKEN} If your own token service encrypts it, sign it only.`,
    };
  if (parts === 1 || OPAQUE_PREFIXES.test(text))
    return {
      problem:
        "The text isn't a JWT, which has 3 parts with dots. It looks like an opaque access token or a refresh token.",
      fix: `${SEND_ID_TOKEN} If it is a part of a JWT, send the complete token.`,
    };
  return { problem: `A signed JWT has 3 parts. This text has ${parts}.`, fix: 'Send the complete token.' };
}

/** Opaque tokens of Google (ya29., 1//) and Microsoft (0.A, 1.A, M.C). */
const OPAQUE_PREFIXES = /^(ya29\.|1\/\/|[01]\.A[\w-]{20}|M\.[CR]\d)/;

const SESSION_ID_PROBLEM: TokenReading = {
  problem: 'This is an access token of a Salesforce org (session ID), not an identity token.',
  fix: 'The access token was exposed here: end its session (Setup: Session Management). Then pass the JWT that your token service signs.',
};

/** The text of a part; empty if it isn't UTF-8. */
function decodePart(part: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url'));
  } catch {
    return '';
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
