import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultText, findingsText, impactText, matrixText, outcomesText, resultsText } from '../../../lib/report';
import { CHANGES, FINDINGS, MATRIX, OUTCOMES } from './samples';

const page = { columns: 80, color: false };

/** What would clear a screen, ring, go back in the line, or start a sequence in one character. */
const HOSTILE = '\u001B[2J\u0007\u0008\r\u009B31m\u007F\u0000x';

type Plain = string | number | boolean | null | undefined | readonly Plain[] | { readonly [name: string]: Plain };

/** The value with hostile characters in the text at one path; lists count as one, for all their items. */
function spoiled<T>(value: T, member: string): T {
  const walk = (each: Plain, name: string): Plain => {
    if (typeof each === 'string') return name === member ? `${each}${HOSTILE}` : each;
    if (Array.isArray(each)) return (each as readonly Plain[]).map((item) => walk(item, name));
    if (each === null || typeof each !== 'object') return each;
    return Object.fromEntries(Object.entries(each).map(([key, item]) => [key, walk(item, key)]));
  };
  return walk(value as Plain, '') as T;
}

// eslint-disable-next-line no-control-regex -- these are what must not come through
const CONTROL = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/;

function refused(what: string, members: readonly string[], textOf: (member: string) => string): void {
  for (const member of members) {
    test(`control characters in ${member} of ${what} do not reach the terminal`, () => {
      assert.doesNotMatch(textOf(''), CONTROL);
      const text = textOf(member);
      assert.notEqual(text, textOf(''), 'the text is not shown at all');
      assert.doesNotMatch(text, CONTROL);
    });
  }
}

refused('a finding', ['component', 'path', 'file', 'message', 'fix'], (member) =>
  findingsText(page, spoiled(FINDINGS, member)),
);
refused('a change', ['component', 'path', 'from', 'to', 'effect'], (member) =>
  outcomesText(page, [{ ...(OUTCOMES[1] ?? assert.fail()), changes: spoiled(CHANGES, member) }]),
);
refused('an outcome', ['alias', 'orgId', 'name', 'detail', 'what', 'why', 'fix'], (member) =>
  outcomesText(page, spoiled(OUTCOMES, member)),
);
refused('a result', ['alias', 'deployIds', 'what'], (member) => resultsText(page, spoiled(OUTCOMES, member)));
refused('what customers notice', ['path', 'effect'], (member) => impactText(page, spoiled(OUTCOMES, member)));
refused('an error', ['what', 'why', 'fix'], (member) =>
  faultText(page, spoiled({ code: 'internal', what: 'a', why: 'b', fix: 'c' }, member)),
);
refused('a matrix', ['alias', 'component', 'setting', 'live', 'desired'], (member) =>
  matrixText(page, spoiled(MATRIX, member)),
);
