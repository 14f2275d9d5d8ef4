import { connectIdentity } from './customerIdentityModule.js';
import { addEvent, startInspector } from './inspector.js';

/**
 * The page of the shop. Your own page needs only `connectIdentity`, `login`, and `logout`.
 * @typedef {{ id: string, name: string, order: string, status: string }} Customer
 */

/** @param {string} id */
const elementById = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Starts or ends the session of the shop. Returns whether the request succeeded within 5 seconds.
 * @param {string} method
 * @param {string} [id]
 */
const changeSession = (method, id = '') =>
  fetch(`/session/${id}`, { method, headers: { 'X-Requested-With': 'shop' }, signal: AbortSignal.timeout(5000) }).then(
    (response) => response.ok,
    () => false,
  );

const STATUS = /** @type {Record<string, string>} */ ({
  waiting: 'Loading chat…',
  loading: 'Sending your identity to chat…',
  'token-set': 'Your identity was sent to chat',
  unverified: 'Log in to chat with us',
  failed: "We couldn't send your identity to chat",
  'logged-out': 'The chat has ended',
});

/** Example messages for customers by reason. */
const MESSAGES = /** @type {Record<string, string>} */ ({
  unreachable: "Our login service isn't available. Try again in a few minutes.",
  timeout: 'Our login service takes too long to respond. Try again in a few minutes.',
  'invalid-response': "We couldn't confirm your login because of an error on our side. Log in again.",
  expired: 'Your login confirmation has expired. Log in again.',
  'clock-skew': 'The clock of this device is wrong. Correct the time, then try again.',
  'not-set': "Chat isn't available.",
  'rejected-by-salesforce': "Chat couldn't verify your identity. Log in again.",
  'chat-not-loaded': "Chat couldn't be loaded. Check whether a browser extension blocks it.",
});

const { chat, customers } = /** @type {{ chat: Record<string, string>, customers: Customer[] }} */ (
  await (await fetch('/setup')).json()
);

startInspector();

/** The events of the chat client. */
const EVENTS = /** @type {Record<string, string>} */ ({
  onEmbeddedMessagingReady: 'Chat is ready',
  onEmbeddedMessagingButtonCreated: 'The chat button is visible',
  onEmbeddedMessagingConversationStarted: 'A conversation started',
  onEmbeddedMessagingConversationOpened: 'The conversation is open',
  onEmbeddedMessagingIdentityTokenExpired: 'Chat requests a new token and waits 30 seconds',
});
for (const [type, title] of Object.entries(EVENTS))
  window.addEventListener(type, () => addEvent(title, 'plain', { event: type }));

const identity = connectIdentity({
  tokenUrl: '/token',
  onState(state, reason) {
    addEvent(STATUS[state] ?? state, state === 'failed' ? 'bad' : state === 'token-set' ? 'good' : 'plain', {
      state,
      ...(reason && { reason }),
    });
    elementById('status').textContent = STATUS[state] ?? state;
    elementById('status').dataset.state = state;
    hideNotice('chat');
    if (state === 'failed' && reason) showNotice('chat', MESSAGES[reason] ?? reason, () => identity.login());
    if (state === 'logged-out' || state === 'unverified') render(undefined);
  },
});

/**
 * Shows what failed: the login to the shop, or the chat.
 * @param {'login' | 'chat'} topic
 * @param {string} text
 * @param {() => void} tryAgain
 */
function showNotice(topic, text, tryAgain) {
  const notice = elementById('notice');
  notice.hidden = false;
  notice.dataset.topic = topic;
  notice.replaceChildren(text, createButton('Try again', tryAgain));
}

/** Chat can become ready while a login has failed, so each topic hides only its own notice. @param {'login' | 'chat'} topic */
function hideNotice(topic) {
  const notice = elementById('notice');
  if (notice.dataset.topic === topic) notice.hidden = true;
}

/**
 * @param {string} text
 * @param {() => void} onClick
 */
function createButton(text, onClick) {
  const element = document.createElement('button');
  element.type = 'button';
  element.textContent = text;
  element.addEventListener('click', onClick);
  return element;
}

/** @param {string} text */
function createText(text) {
  const element = document.createElement('span');
  element.textContent = text;
  return element;
}

/** Renders the page for a customer, or for a logged-out user. @param {Customer | undefined} customer */
function render(customer) {
  elementById('greeting').textContent = customer
    ? `Welcome back, ${customer.name.split(' ')[0]}`
    : 'Stoneware for slow mornings';
  elementById('lead').textContent = customer
    ? "Questions about your order? Chat with us. You don't need to identify yourself."
    : 'Thrown, glazed, and fired in a small studio. Log in to see your order and to chat with us about it.';
  elementById('order').hidden = !customer;
  elementById('item').textContent = customer?.order ?? '';
  elementById('where').textContent = customer?.status ?? '';
  elementById('account').replaceChildren(...(customer ? loggedInControls(customer) : loginControls()));
}

const loginControls = () => [
  createText('Log in as'),
  ...customers.map((each) => createButton(each.name, () => void logIn(each))),
];

/** @param {Customer} customer */
function loggedInControls(customer) {
  const label = createText(customer.name);
  label.className = 'who';
  label.dataset.initials = customer.name.replace(/[^A-Z]/g, '');
  return [label, createButton('Log out', () => void logOut(customer))];
}

/** @param {Customer} customer */
async function logIn(customer) {
  if (!(await changeSession('POST', customer.id)))
    return showNotice('login', 'The login failed. Try again.', () => void logIn(customer));
  hideNotice('login');
  addEvent(`${customer.name} logged in to the shop`);
  currentId = customer.id;
  render(customer);
  identity.login();
}

/**
 * Ends the session of the shop first: while it lasts, another tab could get a token. Ends the chat in each case, so that nobody else
 * can continue it.
 * @param {Customer} customer
 */
async function logOut(customer) {
  elementById('account').replaceChildren(createText('Logging out…'));
  const hasEnded = await changeSession('DELETE');
  await identity.logout();
  if (hasEnded) {
    currentId = '';
    hideNotice('login');
  } else showNotice('login', 'The logout failed. Try again.', () => void logOut(customer));
  render(hasEnded ? undefined : customer);
}

/** The customer whose session this page knows. A failed logout keeps it, so that the page passes no token again. */
let currentId = '';

/** Renders the logged-in customer, who can change in another tab. Returns whether another customer is logged in. */
async function refresh() {
  const { id } = await (await fetch('/me')).json();
  const customer = customers.find((each) => each.id === id);
  render(customer);
  const changed = currentId !== (id ?? '');
  currentId = id ?? '';
  return changed && customer !== undefined;
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void refresh().then((loggedIn) => loggedIn && identity.login());
});

/** Loads chat like the code snippet of the chat deployment. */
function loadChat() {
  const script = document.createElement('script');
  script.src = `${chat.site}/assets/js/bootstrap.min.js`;
  script.onload = () => {
    const { embeddedservice_bootstrap: bootstrap } = /** @type {any} */ (window);
    bootstrap.settings.language = 'en_US';
    bootstrap.init(chat.orgId, chat.name, chat.site, { scrt2URL: chat.scrt2URL });
  };
  document.body.append(script);
}

elementById('status').textContent = STATUS.waiting ?? '';
await refresh();
loadChat();
