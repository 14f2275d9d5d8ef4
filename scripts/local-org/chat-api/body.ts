import { Rejection } from './rejection';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Parses a JSON object. Throws a Rejection for any other body. */
export function parseJsonObject(body: Buffer): JsonObject {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Rejected below.
  }
  throw new Rejection('body');
}

/** Parses a JSON object; an empty body is an object without members. */
export function parseOptionalObject(body: Buffer): JsonObject {
  return body.length === 0 ? {} : parseJsonObject(body);
}

export function isNonEmptyString(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
