import { connectIdentity } from './customerIdentityModule.js';
import { note, openCounter } from './inspector.js';

/**
 * The page of the shop. What a page of your own needs of it is `connectIdentity`, `login` and `logout`; the rest is a shop.
 * @typedef {{ id: string, name: string, order: string, status: string }} Customer
 */

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

const HEADERS = { 'X-Requested-With': 'shop' };

const WORDS = /** @type {Record<string, string>} */ ({
  waiting: 'Chat is on its way …',
  loading: 'Telling chat who you are …',
  verified: 'Chat knows who you are',
  guest: 'Chat opens when you are logged in',
  failed: 'Chat does not know who you are',
  ended: 'You are logged out',
});

/** What a page might tell its customers, by the reason that the web client gives. */
const REASONS = /** @type {Record<string, string>} */ ({
  unreachable: 'Our login service does not answer right now. Please try again in a moment.',
  slow: 'Our login service takes too long right now. Please try again in a moment.',
  unusable: 'Something is wrong on our side. Please log in again.',
  expired: 'Your login could not be confirmed in time. Please log in again.',
  clock: 'The clock of this device is wrong. Please set it right, then try again.',
  refused: 'Chat is not available right now.',
  rejected: 'Chat could not confirm who you are. Please log in again.',
  'no-chat': 'Chat could not be loaded. Does something in this browser block it?',
});

const { chat, customers } = /** @type {{ chat: Record<string, string>, customers: Customer[] }} */ (
  await (await fetch('/setup')).json()
);

openCounter();

/** Chat's own events, as its reference names them. */
const EVENTS = /** @type {Record<string, string>} */ ({
  onEmbeddedMessagingReady: 'Chat is ready',
  onEmbeddedMessagingButtonCreated: 'Chat shows its button',
  onEmbeddedMessagingConversationStarted: 'A conversation has started',
  onEmbeddedMessagingConversationOpened: 'The conversation is open',
  onEmbeddedMessagingIdentityTokenExpired: 'Chat asks for a new token, and waits 30 seconds',
});
for (const [type, title] of Object.entries(EVENTS))
  window.addEventListener(type, () => note(title, 'plain', { event: type }));

const identity = connectIdentity({
  tokenUrl: '/token',
  onState(state, reason) {
    note(WORDS[state] ?? state, state === 'failed' ? 'bad' : state === 'verified' ? 'good' : 'plain', {
      state,
      ...(reason && { reason }),
    });
    at('status').textContent = WORDS[state] ?? state;
    at('status').dataset.state = state;
    explain(state === 'failed' ? reason : undefined);
    if (state === 'ended') render(undefined);
  },
});

/** @param {string | undefined} reason */
function explain(reason) {
  const notice = at('notice');
  notice.hidden = reason === undefined;
  notice.textContent = reason === undefined ? '' : (REASONS[reason] ?? reason);
  if (reason !== undefined) notice.append(button('Try again', () => identity.login()));
}

/**
 * @param {string} text
 * @param {() => void} act
 */
function button(text, act) {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = text;
  made.addEventListener('click', act);
  return made;
}

/** @param {string} text */
function words(text) {
  const made = document.createElement('span');
  made.textContent = text;
  return made;
}

/** Shows the page to whoever is logged in. @param {Customer | undefined} customer */
function render(customer) {
  at('greeting').textContent = customer
    ? `Good to see you, ${customer.name.split(' ')[0]}`
    : 'Stoneware for slow mornings';
  at('lead').textContent = customer
    ? 'Questions about your order? Chat with us: we know who you are, and you need not say it again.'
    : 'Thrown, glazed and fired in a small studio. Log in to see your order, and to chat with us about it.';
  at('order').hidden = !customer;
  at('item').textContent = customer?.order ?? '';
  at('where').textContent = customer?.status ?? '';
  at('account').replaceChildren(...(customer ? leaving(customer) : entering()));
}

const entering = () => [words('Log in as'), ...customers.map((each) => button(each.name, () => void enter(each)))];

/** @param {Customer} customer */
function leaving({ name }) {
  const who = words(name);
  who.className = 'who';
  who.dataset.initials = name.replace(/[^A-Z]/g, '');
  return [who, button('Log out', () => void leave())];
}

/** @param {Customer} customer */
async function enter(customer) {
  await fetch(`/session/${customer.id}`, { method: 'POST', headers: HEADERS });
  note(`${customer.name} has logged in to the shop`);
  render(customer);
  identity.login();
}

/** Chat first, as long as the page is still there: then the session of the shop. */
async function leave() {
  at('account').replaceChildren(words('Logging out …'));
  await identity.logout();
  await fetch('/session/', { method: 'DELETE', headers: HEADERS });
  render(undefined);
}

let shown = '';

/** Who is logged in may have changed in another tab. */
async function refresh() {
  const { id } = await (await fetch('/me')).json();
  const customer = customers.find((each) => each.id === id);
  render(customer);
  const changed = shown !== (id ?? '');
  shown = id ?? '';
  return changed && customer !== undefined;
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void refresh().then((entered) => entered && identity.login());
});

/** The code snippet of a deployment, as Setup shows it. */
function loadChat() {
  const script = document.createElement('script');
  script.src = `${chat.siteUrl}/assets/js/bootstrap.min.js`;
  script.onload = () => {
    const { embeddedservice_bootstrap: bootstrap } = /** @type {any} */ (window);
    bootstrap.settings.language = 'en_US';
    bootstrap.init(chat.orgId, chat.deployment, chat.siteUrl, { scrt2URL: chat.scrt2URL });
  };
  document.body.append(script);
}

at('status').textContent = WORDS.waiting ?? '';
await refresh();
loadChat();
