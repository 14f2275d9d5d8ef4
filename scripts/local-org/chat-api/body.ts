import { Rejection } from './rejection';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The members of a JSON body; refuses any other body. */
export function parseJsonObject(body: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // told below
  }
  throw new Rejection('body');
}

export function isNonEmptyString(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
