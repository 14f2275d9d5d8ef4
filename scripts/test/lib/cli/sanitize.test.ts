import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { redactSecrets, sanitize, sanitizeJson } from '../../../lib/cli/sanitize';
import { styled } from '../../../lib/report';

const page = { columns: 80, color: true };

test('keeps styles of this project only with colors', () => {
  for (const style of ['bold', 'dim', 'inverse', 'red', 'green', 'yellow'] as const) {
    const text = `a ${styled(page, style, 'word')}`;
    assert.equal(sanitize(text, true), text);
    assert.equal(sanitize(text, false), 'a word');
  }
});

const HOSTILE = {
  'a cleared screen': '\u001B[2J',
  'hidden text': '\u001B[8m',
  'a window title': '\u001B]0;x\u0007',
  'a clipboard write': '\u001B]52;c;eA==\u001B\\',
  'a hyperlink': '\u001B]8;;https://evil.example\u001B\\',
  'an 8-bit escape sequence': '\u009B2J',
  'a carriage return': 'failed\rchanged',
  'a change of writing direction': '\u202Etxt',
  'invisible characters': '\u{E0041}\u3164\u2800',
};

for (const [claim, text] of Object.entries(HOSTILE)) {
  test(`escapes ${claim}`, () => {
    for (const color of [true, false]) {
      const shown = sanitize(`x${text}y`, color);
      // eslint-disable-next-line no-control-regex -- the output must not contain these characters
      assert.doesNotMatch(shown, /[\u001B\u0007\u009B\r\u202E\u3164\u2800]|\u{E0041}/u);
      assert.match(shown, /^x.*\u00B7.*y$/s);
    }
  });
}

test('keeps the values of any document', () => {
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

describe('a secret', () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const pem = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const secrets: Readonly<Record<string, string>> = {
    'a JWT': `${part({ alg: 'RS256' })}.${part({ sub: 'me' })}.${'s'.repeat(300)}`,
    'a JWT without a signature': `${part({ alg: 'none' })}.${part({ sub: 'me' })}.`,
    'a private key': pem.privateKey.trim(),
    'a private key without its end': pem.privateKey.slice(0, 600),
    'an access token of an org': `00D000000000001!AQ${'y'.repeat(60)}.z`,
    'an access token with an escaped exclamation mark': `00D000000000001AAA\\!AQ${'y'.repeat(60)}`,
    'an auth URL': 'force://PlatformCLI::5Aep861KIwKdekr90KlxVVUI47zdR6dX@acme.my.salesforce.com',
  };
  for (const [name, secret] of Object.entries(secrets)) {
    test(`is redacted in text: ${name}`, () =>
      assert.equal(sanitize(`before "${secret}" after`, false), 'before "[secret removed]" after'));

    test(`is redacted in JSON, which stays valid: ${name}`, () =>
      assert.deepEqual(JSON.parse(sanitizeJson(JSON.stringify({ [secret]: [`x ${secret}`], other: 'y' }))), {
        '[secret removed]': ['x [secret removed]'],
        other: 'y',
      }));
  }

  test('does not include public values: a certificate, a public key, an org ID, a thumbprint, a version', () => {
    const text = [
      ...[pem.publicKey, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'],
      ...['00D000000000001EAA', 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs', 'eyewear.example.com', '1.2.3'],
    ].join(' ');
    assert.equal(redactSecrets(text), text);
  });
});
