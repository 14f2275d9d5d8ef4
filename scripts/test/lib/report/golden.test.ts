import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import {
  explanationText,
  formatError,
  findingsText,
  impactText,
  matrixText,
  orgResultsText,
  resultLines,
  verificationTextWithErrors,
  type TextLayout,
} from '../../../lib/report';
import { EXPLANATION, VERIFICATIONS } from './verification-samples';
import { FINDINGS, MATRIX, ORG_RESULTS } from './samples';

/** Every text that a command shows on a page. */
const TEXTS: Readonly<Record<string, (page: TextLayout) => string>> = {
  findings: (page) => findingsText(page, FINDINGS),
  outcomes: (page) => orgResultsText(page, ORG_RESULTS),
  impact: (page) => impactText(page, ORG_RESULTS.slice(1, 3)),
  results: (page) => resultLines(page, ORG_RESULTS),
  matrix: (page) => matrixText(page, MATRIX),
  proof: (page) => verificationTextWithErrors(page, VERIFICATIONS),
  explanation: (page) => explanationText(page, EXPLANATION),
  fault: (page) => formatError(page, ORG_RESULTS[3]?.error ?? assert.fail()),
};

for (const [name, textOn] of Object.entries(TEXTS)) {
  for (const columns of [80, 120]) {
    test(`${name} look on ${columns} columns as they always did (UPDATE_GOLDEN=1 writes anew)`, () => {
      const file = join(__dirname, 'golden', `${name}-${columns}.txt`);
      const text = `${textOn({ columns, color: false })}\n`;
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
      assert.equal(text, readFileSync(file, 'utf8'));
    });
  }

  test(`no line of ${name} is longer than the page, unless it is one word`, () => {
    for (const columns of [80, 100, 120, 200]) {
      for (const line of textOn({ columns, color: false }).split('\n')) {
        const isWord = !/\S\s+\S/.test(line.replace(/^\s*([+~!]\s+)?/, ''));
        assert.ok(line.length <= columns || isWord, `${line.length} > ${columns}: ${line}`);
        assert.equal(line, line.trimEnd(), 'blanks at the end of a line');
      }
    }
  });

  test(`${name} have colours only where the page shows them, and the same words in both`, () => {
    const [plain, colored] = [false, true].map((color) => textOn({ columns: 100, color }));
    assert.equal(plain, stripVTControlCharacters(plain ?? ''));
    if (name !== 'fault') assert.ok(colored?.includes('\u001B['));
    const words = (text = ''): string =>
      stripVTControlCharacters(text)
        .replace(/[ \n]+/g, ' ')
        .trim();
    assert.equal(words(colored), words(plain));
  });
}
