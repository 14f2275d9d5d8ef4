import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { redactSecrets, sanitize, sanitizeJson } from '../../../lib/cli/sanitize';
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
    test(`is removed from text: ${name}`, () =>
      assert.equal(sanitize(`before "${secret}" after`, false), 'before "[secret removed]" after'));

    test(`is removed from JSON, which stays valid: ${name}`, () =>
      assert.deepEqual(JSON.parse(sanitizeJson(JSON.stringify({ [secret]: [`x ${secret}`], other: 'y' }))), {
        '[secret removed]': ['x [secret removed]'],
        other: 'y',
      }));
  }

  test('is nothing that is public: a certificate, a public key, an org ID, a thumbprint, a version', () => {
    const text = [
      ...[pem.publicKey, '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'],
      ...['00D000000000001EAA', 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs', 'eyewear.example.com', '1.2.3'],
    ].join(' ');
    assert.equal(redactSecrets(text), text);
  });
});
