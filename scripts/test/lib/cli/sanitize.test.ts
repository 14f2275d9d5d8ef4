import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sanitize, sanitizeJson } from '../../../lib/cli/sanitize';
import { styled } from '../../../lib/report';

const page = { columns: 80, color: true };

test('our styles come through where there are colours, and nowhere else', () => {
  for (const style of ['bold', 'dim', 'inverse', 'red', 'green', 'yellow'] as const) {
    const text = `a ${styled(page, style, 'word')}`;
    assert.equal(sanitize(text, true), text);
    assert.equal(sanitize(text, false), 'a word');
  }
});

const HOSTILE = {
  'a cleared screen': '\u001B[2J',
  'a hidden text': '\u001B[8m',
  'a title of the window': '\u001B]0;x\u0007',
  'the clipboard': '\u001B]52;c;eA==\u001B\\',
  'a link that leads elsewhere': '\u001B]8;;https://evil.example\u001B\\',
  'a sequence in one character': '\u009B2J',
  'a way back in the line': 'failed\rchanged',
  'a turned direction': '\u202Etxt',
  'letters that nobody sees': '\u{E0041}\u3164\u2800',
};

for (const [claim, text] of Object.entries(HOSTILE)) {
  test(`${claim} does not come through`, () => {
    for (const color of [true, false]) {
      const shown = sanitize(`x${text}y`, color);
      // eslint-disable-next-line no-control-regex -- these are what must not come through
      assert.doesNotMatch(shown, /[\u001B\u0007\u009B\r\u202E\u3164\u2800]|\u{E0041}/u);
      assert.match(shown, /^x.*\u00B7.*y$/s);
    }
  });
}

test('a document says the same, whatever it holds', () => {
  const anyText = fc.array(
    fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...Object.values(HOSTILE), '\\', '##[')),
  );
  const earlier = process.env['GITHUB_ACTIONS'];
  process.env['GITHUB_ACTIONS'] = 'true';
  try {
    fc.assert(
      fc.property(anyText, (texts) => {
        const json = sanitizeJson(JSON.stringify({ [texts.join('')]: texts }, null, 2));
        assert.deepEqual(JSON.parse(json), { [texts.join('')]: texts });
        assert.ok(!json.includes('##['));
      }),
    );
  } finally {
    if (earlier === undefined) delete process.env['GITHUB_ACTIONS'];
    else process.env['GITHUB_ACTIONS'] = earlier;
  }
});
