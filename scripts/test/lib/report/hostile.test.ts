import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatError, findingsText, impactText, matrixText, orgResultsText, runResultsText } from '../../../lib/report';
import { CHANGES, FINDINGS, MATRIX, ORG_RESULTS, RUN, RUN_RESULTS } from './samples';

const page = { columns: 80, color: false };

/** Characters that clear the screen, ring the bell, return to the start of the line, or start an escape sequence. */
const HOSTILE = '\u001B[2J\u0007\u0008\r\u009B31m\u007F\u0000x';

type JsonValue =
  string | number | boolean | null | undefined | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** The value with hostile characters after each text of one member. */
function withHostileMember<T>(value: T, member: string): T {
  const walk = (each: JsonValue, name: string): JsonValue => {
    if (typeof each === 'string') return name === member ? `${each}${HOSTILE}` : each;
    if (Array.isArray(each)) return (each as readonly JsonValue[]).map((item) => walk(item, name));
    if (each === null || typeof each !== 'object') return each;
    return Object.fromEntries(Object.entries(each).map(([key, item]) => [key, walk(item, key)]));
  };
  return walk(value as JsonValue, '') as T;
}

// eslint-disable-next-line no-control-regex -- it matches control characters
const CONTROL = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/;

function assertEscaped(what: string, members: readonly string[], textOf: (member: string) => string): void {
  for (const member of members) {
    test(`escapes control characters in ${member} of ${what}`, () => {
      assert.doesNotMatch(textOf(''), CONTROL);
      const text = textOf(member);
      assert.notEqual(text, textOf(''), 'the text is not printed');
      assert.doesNotMatch(text, CONTROL);
    });
  }
}

assertEscaped('a finding', ['component', 'path', 'file', 'message', 'fix'], (member) =>
  findingsText(page, withHostileMember(FINDINGS, member)),
);
assertEscaped('a change', ['component', 'path', 'from', 'to', 'effect'], (member) =>
  orgResultsText(page, [{ ...(ORG_RESULTS[1] ?? assert.fail()), changes: withHostileMember(CHANGES, member) }]),
);
const FAILED_CHECK = {
  ...(ORG_RESULTS[0] ?? assert.fail()),
  checks: [{ name: 'permissions', ok: false, detail: 'x' }],
};
assertEscaped('an org result', ['alias', 'orgId', 'name', 'detail', 'what', 'why', 'fix'], (member) =>
  orgResultsText(page, withHostileMember([...ORG_RESULTS, FAILED_CHECK], member)),
);
assertEscaped('a run result', ['alias', 'deployIds', 'what', 'why', 'runId'], (member) =>
  runResultsText(page, withHostileMember(RUN_RESULTS, member), withHostileMember(RUN, member)),
);
assertEscaped('the impact of a plan', ['path', 'effect'], (member) =>
  impactText(page, withHostileMember(ORG_RESULTS, member)),
);
assertEscaped('an error', ['what', 'why', 'fix'], (member) =>
  formatError(page, withHostileMember({ code: 'internal', what: 'a', why: 'b', fix: 'c' }, member)),
);
assertEscaped('a matrix', ['alias', 'component', 'setting', 'live', 'desired'], (member) =>
  matrixText(page, withHostileMember(MATRIX, member)),
);
