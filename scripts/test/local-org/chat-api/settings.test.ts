import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TOKEN_DEFECTS, parseChatApiSettings } from '../../../local-org/chat-api-settings';

test('parses each setting with its unit', () => {
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
  assert.deepEqual(parseChatApiSettings('tokenLimit=200/1m'), { tokenLimit: { requests: 200, milliseconds: 60_000 } });
  assert.deepEqual(parseChatApiSettings('tokenLimit=off'), { tokenLimit: 'off' });
  assert.deepEqual(parseChatApiSettings('conversationLimit=3/30s,messageLimit=22/1m,lastEventId=required'), {
    conversationLimit: { requests: 3, milliseconds: 30_000 },
    messageLimit: { requests: 22, milliseconds: 60_000 },
    lastEventId: 'required',
  });
});

for (const [spec, message] of [
  ['cache=10m', /Unknown Chat API setting "cache"\. Valid settings: jwksCache, /],
  ['jwksCache=10', /Invalid value in "jwksCache=10"/],
  ['jwksCache', /Invalid value in "jwksCache"/],
  ['accept=issuer+nothing', /Invalid value in "accept=/],
  ['tokenLimit=200', /Invalid value in "tokenLimit=/],
  ['tokenLimit=0/1m', /Invalid value in "tokenLimit=/],
  ['badToken=maybe', /Invalid value in "badToken=/],
  ['toString=1', /Unknown Chat API setting "toString"/],
  ['loopbackOrigins=toString', /Invalid value in "loopbackOrigins=/],
  ['', /Unknown Chat API setting ""/],
] as const) {
  test(`rejects "${spec}" with a reason`, () => assert.throws(() => parseChatApiSettings(spec), message));
}
