import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import {
  explanationText,
  faultText,
  findingsText,
  impactText,
  matrixText,
  outcomesText,
  resultsText,
  verifyText,
  type Page,
} from '../../../lib/report';
import { EXPLAINED, PROOFS } from './proof-samples';
import { FINDINGS, MATRIX, OUTCOMES } from './samples';

/** Every text that a command shows on a page. */
const TEXTS: Readonly<Record<string, (page: Page) => string>> = {
  findings: (page) => findingsText(page, FINDINGS),
  outcomes: (page) => outcomesText(page, OUTCOMES),
  impact: (page) => impactText(page, OUTCOMES.slice(1, 3)),
  results: (page) => resultsText(page, OUTCOMES),
  matrix: (page) => matrixText(page, MATRIX),
  proof: (page) => verifyText(page, PROOFS),
  explanation: (page) => explanationText(page, EXPLAINED),
  fault: (page) => faultText(page, OUTCOMES[3]?.error ?? assert.fail()),
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
