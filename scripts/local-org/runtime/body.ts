import { Refusal } from './refusal';

export type Members = Readonly<Record<string, unknown>>;

/** The members of a JSON body; refuses any other body. */
export function membersOf(body: Buffer): Members {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  } catch {
    // told below
  }
  throw new Refusal('body');
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
