import type { z } from 'zod';

/** How JSON names the types of a schema. */
const TYPES: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'an object',
  record: 'an object',
  string: 'a text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

/**
 * Why a value of a JSON file is invalid, as a phrase after "it", with the allowed values: `must be one of: production, sandbox`. A
 * message of the schema is used where it has one, instead of the texts of zod.
 */
export function issueText(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined && issue.message.endsWith('received undefined')
        ? 'is missing'
        : `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${JSON.stringify(issue.values[0])}`
        : `must be one of: ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'array' ? 'must not be empty' : ownText(issue, `must be at least ${issue.minimum}`);
    case 'too_big':
      return ownText(issue, `must be at most ${issue.maximum}`);
    case 'unrecognized_keys':
      return `has the unknown ${issue.keys.length === 1 ? 'field' : 'fields'} ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`;
    default:
      return /^(Invalid|Unrecognized) /.test(issue.message) ? 'has an invalid form' : issue.message;
  }
}

/**
 * Which value of a JSON file is invalid, and why, as a sentence.
 * @example issueSentence(issue) // keys.0.kid is invalid: it is missing.
 */
export const issueSentence = (issue: z.core.$ZodIssue): string =>
  `${issue.path.join('.') || 'The file'} is invalid: it ${issueText(issue)}.`;

/** Messages of zod start with "Too small" or "Too big"; those of a schema don't. */
const ownText = ({ message }: z.core.$ZodIssue, text: string): string =>
  /^Too (small|big)/.test(message) ? text : message;
