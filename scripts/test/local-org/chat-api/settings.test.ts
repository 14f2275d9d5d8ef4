import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TOKEN_DEFECTS, parseChatApiSettings } from '../../../local-org/chat-api-settings';

test('settings are read with their units', () => {
  assert.deepEqual(parseChatApiSettings('jwksCache=10m, jwksRefetch=off,jwksTimeout=500ms'), {
    jwksCache: 600_000,
    jwksRefetch: 'off',
    jwksTimeout: 500,
  });
  assert.deepEqual(parseChatApiSettings('badToken=unverified,accept=issuer+expiry,loopbackOrigins=off'), {
    badToken: 'unverified',
    accept: ['issuer', 'expiry'],
    loopbackOrigins: false,
  });
  assert.deepEqual(parseChatApiSettings('accept=anything'), { accept: TOKEN_DEFECTS });
});

for (const [spec, said] of [
  ['cache=10m', /no setting "cache", only jwksCache, /],
  ['jwksCache=10', /"jwksCache=10" is no value of jwksCache/],
  ['jwksCache', /"jwksCache" is no value/],
  ['accept=issuer+nothing', /is no value of accept/],
  ['badToken=maybe', /is no value of badToken/],
  ['toString=1', /no setting "toString"/],
  ['loopbackOrigins=toString', /is no value of loopbackOrigins/],
  ['', /no setting ""/],
] as const) {
  test(`"${spec}" is refused`, () => assert.throws(() => parseChatApiSettings(spec), said));
}
