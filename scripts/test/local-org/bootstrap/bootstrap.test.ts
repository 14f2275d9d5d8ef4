import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessibilityViolations } from '../../browser/accessibility-violations';
import { CHAT_PATHS, type Chat } from '../chat-api/chat';
import { createSigner } from '../chat-api/signer';
import { openShop } from './shop';

const ADA = 'v2/iamessage/AUTH/Customer/uid:ada';
const HOUR = 61;

const unverified = async (chat: Chat) => {
  chat.org.edit(CHAT_PATHS.channel, (xml) => xml.replace('>Auth<', '>UnAuth<'));
  await chat.publish();
};

test('shows the chat button after a token is set, and chats as the subject of the token', async (t) => {
  const shop = await openShop(t);
  if (!shop) return;
  assert.equal(await shop.button().count(), 0);
  assert.equal(await shop.setToken(shop.token()), true);
  assert.equal(shop.exchanges(), 0);
  await shop.button().click();
  await shop.happened('MessagingConversationOpened');
  await shop.write('Hello <b>there</b>');
  await shop.answered('Hello <b>there</b>');
  await shop.happened('MessagingSessionStatusUpdate');
  assert.deepEqual(await shop.customers(), [ADA]);
  const { events, details } = await shop.seen();
  assert.deepEqual(events, [
    'MessagingReady',
    'MessagingButtonCreated',
    'MessagingButtonClicked',
    'MessagingWindowMaximized',
    'MessagingConversationStarted',
    'MessagingConversationOpened',
    'MessagingConversationRouted',
    'MessagingConversationParticipantChanged',
    'MessagingSessionStatusUpdate',
  ]);
  const { conversationId } = details['onEmbeddedMessagingConversationStarted'] as { conversationId: string };
  const { records } = await shop.chat.client.query('SELECT ConversationIdentifier FROM Conversation');
  assert.equal(records[0]?.['ConversationIdentifier'], conversationId);
  assert.deepEqual(await shop.messages(), [
    'You\nHello <b>there</b>',
    'Local Representative\nYou wrote: Hello <b>there</b>',
  ]);
  assert.deepEqual(await accessibilityViolations(shop.page), []);
});

test('continues the conversation in another tab with its own token', async (t) => {
  const shop = await openShop(t);
  if (!shop) return;
  await shop.setToken(shop.token());
  await shop.button().click();
  await shop.write('From the first tab');
  await shop.answered('From the first tab');
  const other = await shop.tab();
  assert.equal(await other.button().count(), 0);
  await other.setToken(other.token());
  await other.button().click();
  await other.answered('From the first tab');
  await other.write('From the second tab');
  await shop.answered('From the second tab');
  assert.equal((await other.seen()).events.includes('MessagingConversationStarted'), false);
  assert.deepEqual(await shop.customers(), [ADA]);
});

const NOT_READY = "Method can't be invoked before the onEmbeddedMessagingReady event is fired.";
const NO_OBJECT =
  'Invalid identity token parameter passed into the setIdentityToken method. Specify a valid object containing the token data.';
const NOT_JWT = 'Unsupported identity token. Only JWT-based identity tokens are supported.';
const BAD = 'Invalid identity token passed into the setIdentityToken method.';

test('rejects an invalid token with the messages of the chat client', async (t) => {
  const shop = await openShop(t);
  if (!shop) return;
  const set = 'userVerificationAPI.setIdentityToken';
  for (const [give, said] of [
    [() => shop.call(set), NO_OBJECT],
    [() => shop.call(set, null), NO_OBJECT],
    [() => shop.call(set, 'token'), NO_OBJECT],
    [() => shop.call(set, {}), NOT_JWT],
    [() => shop.setToken(shop.token(), 'OAuth'), NOT_JWT],
    [() => shop.setToken(shop.token(), 'jwt'), BAD],
    [() => shop.setToken(undefined), BAD],
    [() => shop.setToken('no token'), BAD],
    [() => shop.setToken(shop.chat.token({ exp: undefined })), BAD],
    [() => shop.setToken(shop.token(-1)), BAD],
  ] as const) {
    assert.equal(await give(), false);
    assert.equal(shop.errors.pop(), said);
  }
  assert.equal(await shop.button().count(), 0);
  assert.equal(await shop.call('utilAPI.showChatButton'), false);
  assert.match(
    shop.errors.pop() ?? '',
    /^Can't call showChatButton for a verified user before calling the setIdentity/,
  );
  assert.match(String(await shop.call('utilAPI.launchChat')), /^thrown: /);
});

test('rejects calls before the client is ready', async (t) => {
  const before = `window.early = [embeddedservice_bootstrap.userVerificationAPI.setIdentityToken({}),
    embeddedservice_bootstrap.utilAPI.showChatButton()];`;
  const shop = await openShop(t, { before });
  if (!shop) return;
  assert.deepEqual(await shop.page.evaluate('window.early'), [false, false]);
  assert.deepEqual(shop.errors, [NOT_READY, NOT_READY]);
});

test('shows the button immediately and rejects tokens on an unverified channel', async (t) => {
  const shop = await openShop(t, { change: unverified });
  if (!shop) return;
  await shop.button().click();
  await shop.write('Hello');
  await shop.answered('Hello');
  assert.match(String((await shop.customers())[0]), /^v2\/iamessage\/UNAUTH\/NA\/uid:/);
  assert.equal(await shop.setToken(shop.token()), false);
  assert.equal(shop.errors.pop(), "User Verification isn't enabled in Messaging Settings.");
  await shop.page.getByRole('button', { name: 'End chat' }).click();
  await shop.happened('MessagingConversationClosed');
});

test('hides and shows the button, and opens chat with launchChat', async (t) => {
  const shop = await openShop(t, { before: 'embeddedservice_bootstrap.settings.hideChatButtonOnLoad = true;' });
  if (!shop) return;
  await shop.setToken(shop.token());
  await shop.happened('MessagingButtonCreated');
  assert.equal(await shop.button().count(), 0);
  assert.equal(await shop.call('utilAPI.showChatButton'), true);
  assert.equal(await shop.button().count(), 1);
  assert.equal(await shop.call('utilAPI.hideChatButton'), true);
  assert.equal(await shop.button().count(), 0);
  assert.equal(await shop.call('utilAPI.launchChat'), undefined);
  assert.equal(await shop.call('utilAPI.hideChatButton'), false);
  await shop.page.keyboard.press('Escape');
  await shop.happened('MessagingWindowMinimized');
  assert.equal((await shop.seen()).events.includes('MessagingButtonClicked'), false);
});

test('renews an expired access token without an event while the identity token is valid', async (t) => {
  const shop = await openShop(t, { clock: true });
  if (!shop) return;
  await shop.setToken(shop.token(3 * HOUR));
  await shop.button().click();
  await shop.write('One');
  await shop.answered('One');
  assert.equal(shop.exchanges(), 1);
  await shop.page.clock.fastForward(HOUR * 60_000);
  await shop.write('Two');
  await shop.answered('Two');
  assert.equal(shop.exchanges(), 2);
  assert.equal((await shop.seen()).events.includes('MessagingIdentityTokenExpired'), false);
});

test('requests a token when both tokens have expired, and still delivers the message', async (t) => {
  const shop = await openShop(t, { clock: true });
  if (!shop) return;
  await shop.setToken(shop.token(10));
  await shop.button().click();
  await shop.write('One');
  await shop.answered('One');
  await shop.page.clock.fastForward(HOUR * 60_000);
  assert.equal((await shop.seen()).events.includes('MessagingIdentityTokenExpired'), false);
  await shop.write('Two');
  await shop.happened('MessagingIdentityTokenExpired');
  assert.equal(await shop.setToken(shop.token(10, 'ada', HOUR)), true);
  await shop.answered('Two');
  assert.deepEqual(await shop.customers(), [ADA]);
});

test('ends the session if the page provides no token within 30 seconds', async (t) => {
  const shop = await openShop(t, { clock: true });
  if (!shop) return;
  await shop.setToken(shop.token(10));
  await shop.button().click();
  await shop.happened('MessagingConversationOpened');
  await shop.page.clock.fastForward(HOUR * 60_000);
  await shop.write('Too late');
  await shop.happened('MessagingIdentityTokenExpired');
  await shop.page.clock.fastForward(29_000);
  assert.equal(await shop.page.getByRole('log').count(), 1);
  await shop.page.clock.fastForward(2_000);
  await shop.page.getByText('Something went wrong. Log in again to continue your messaging conversation.').waitFor();
  assert.equal(await shop.page.getByRole('log').count(), 0);
  await shop.happened('MessagingReady', 2);
});

test('requests another token immediately each time Salesforce rejects one', async (t) => {
  const shop = await openShop(t);
  if (!shop) return;
  const wrong = shop.chat.token({}, {}, (await createSigner()).privateKey);
  await shop.page.evaluate((identityToken) => {
    const page = globalThis as never as {
      addEventListener(name: string, listener: () => void): void;
      embeddedservice_bootstrap: { userVerificationAPI: { setIdentityToken(token: object): boolean } };
    };
    let left = 20;
    page.addEventListener('onEmbeddedMessagingIdentityTokenExpired', () => {
      if (left-- > 0)
        page.embeddedservice_bootstrap.userVerificationAPI.setIdentityToken({
          identityTokenType: 'JWT',
          identityToken,
        });
    });
  }, wrong);
  await shop.setToken(wrong);
  await shop.button().click();
  await shop.happened('MessagingIdentityTokenExpired', 21);
  assert.equal(shop.exchanges(), 21);
  assert.deepEqual(await shop.customers(), []);
  await shop.setToken(shop.token());
  await shop.happened('MessagingConversationOpened');
});

test('clearSession removes chat from all tabs, and ends the session only on request', async (t) => {
  const shop = await openShop(t);
  if (!shop) return;
  const status = async () =>
    (await shop.chat.client.query('SELECT Status FROM MessagingSession')).records.map((it) => it['Status']);
  for (const [value, ended] of [
    [[], 'Active'],
    [[true], 'Ended'],
  ] as const) {
    const other = await shop.tab();
    for (const tab of [shop, other]) {
      await tab.setToken(tab.token());
      await tab.button().click();
      await tab.happened('MessagingConversationOpened');
    }
    const ready = (await shop.seen()).events.filter((event) => event === 'MessagingReady').length;
    assert.equal(await shop.call('userVerificationAPI.clearSession', ...value), undefined);
    await shop.happened('MessagingReady', ready + 1);
    await other.happened('MessagingReady', 2);
    for (const tab of [shop, other]) {
      assert.equal(await tab.page.getByRole('log').count(), 0);
      assert.equal(await tab.button().count(), 0);
    }
    assert.equal((await status()).at(-1), ended);
    await other.page.close();
  }
});

test('starts another conversation for another user on the same page', async (t) => {
  const shop = await openShop(t);
  if (!shop) return;
  await shop.setToken(shop.token());
  await shop.button().click();
  await shop.write('I am Ada');
  await shop.answered('I am Ada');
  await shop.call('userVerificationAPI.clearSession');
  await shop.setToken(shop.token(10, 'eve'));
  await shop.button().click();
  await shop.happened('MessagingConversationOpened', 2);
  assert.deepEqual(await shop.messages(), []);
  assert.deepEqual(await shop.customers(), [ADA, ADA.replace('ada', 'eve')]);
});

test('shows no chat on an unknown origin or for an unpublished chat deployment', async (t) => {
  const shop = await openShop(t, { org: { chatApi: { loopbackOrigins: false } }, ready: false });
  if (!shop) return;
  await shop.happened('MessagingInitError');
  assert.equal((await shop.seen()).events.includes('MessagingReady'), false);
  const script = await fetch(`${shop.chat.org.url}/ESWNobody/assets/js/bootstrap.min.js`);
  assert.equal(script.status, 404);
  const page = await fetch(`${shop.chat.org.url}/ESWWeb/assets/js/..%2f..%2forgs.ts`);
  assert.notEqual(page.status, 200);
});
