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
  runResultsText,
  verificationTextWithErrors,
  type TextLayout,
} from '../../../lib/report';
import { EXPLANATION, VERIFICATIONS } from './verification-samples';
import { FINDINGS, MATRIX, ORG_RESULTS, RUN, RUN_RESULTS } from './samples';

/** The texts that commands print. */
const TEXTS: Readonly<Record<string, (page: TextLayout) => string>> = {
  findings: (page) => findingsText(page, FINDINGS),
  'org-results': (page) => orgResultsText(page, ORG_RESULTS),
  impact: (page) => impactText(page, ORG_RESULTS.slice(1, 3)),
  'run-results': (page) => runResultsText(page, RUN_RESULTS, RUN),
  matrix: (page) => matrixText(page, MATRIX),
  verification: (page) => verificationTextWithErrors(page, VERIFICATIONS),
  explanation: (page) => explanationText(page, EXPLANATION),
  error: (page) => formatError(page, ORG_RESULTS[3]?.error ?? assert.fail()),
};

/** Commands stay on one line, so that they can be copied. */
const isCommand = (line: string): boolean => /^To [a-z ]+: +npm run /.test(line);

for (const [name, textOn] of Object.entries(TEXTS)) {
  for (const columns of [80, 120]) {
    test(`${name} matches its golden file at ${columns} columns (UPDATE_GOLDEN=1 rewrites it)`, () => {
      const file = join(__dirname, 'golden', `${name}-${columns}.txt`);
      const text = `${textOn({ columns, color: false })}\n`;
      if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
      assert.equal(text, readFileSync(file, 'utf8'));
    });
  }

  test(`${name} has no line that is wider than the layout, except for a word or a command`, () => {
    for (const columns of [80, 100, 120, 200]) {
      for (const line of textOn({ columns, color: false }).split('\n')) {
        const isWord = !/\S\s+\S/.test(line.replace(/^\s*([-+~!]\s+)?/, ''));
        assert.ok(line.length <= columns || isWord || isCommand(line), `${line.length} > ${columns}: ${line}`);
        assert.equal(line, line.trimEnd(), 'trailing spaces');
      }
    }
  });

  test(`${name} has colors only in a layout with colors, and the same words in both`, () => {
    const [plain, colored] = [false, true].map((color) => textOn({ columns: 100, color }));
    assert.equal(plain, stripVTControlCharacters(plain ?? ''));
    assert.ok(colored?.includes('\u001B['));
    const words = (text = ''): string =>
      stripVTControlCharacters(text)
        .replace(/[ \n]+/g, ' ')
        .trim();
    assert.equal(words(colored), words(plain));
  });
}
