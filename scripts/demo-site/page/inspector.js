/**
 * The inspector next to the shop. Shows each event, and simulates failures.
 * @typedef {{ at: number, by: string, title: string, tone: string, facts: Record<string, string> }} DemoEvent
 */

const POLL_INTERVAL_MS = 700;

const HINTS = /** @type {Record<string, string>} */ ({
  expire: 'The clocks of the shop and of Salesforce are 1 hour ahead. Both tokens have expired. Send a chat message.',
  broken: "The shop now signs with a key that Salesforce doesn't know. Open the chat, or send a message.",
  down: 'The token service now returns status 503. Reload the page, log in, or let the token expire.',
  slow: 'The token service now takes 20 seconds. Reload the page, log in, or let the token expire.',
  none: 'Back to normal.',
});

/** @param {string} id */
const elementById = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {DemoEvent[]} */
const events = [];

/**
 * Adds an event of this page.
 * @param {string} title
 * @param {string} [tone]
 * @param {Record<string, string>} [facts]
 */
export function addEvent(title, tone = 'plain', facts = {}) {
  showEvents([{ at: Date.now(), by: 'page', title, tone, facts }]);
}

/** @param {DemoEvent[]} added */
function showEvents(added) {
  if (added.length === 0) return;
  const log = elementById('log');
  const isAtEnd = log.scrollTop + log.clientHeight > log.scrollHeight - 40;
  events.push(...added);
  events.sort((one, other) => one.at - other.at);
  elementById('steps').replaceChildren(...events.slice(-200).map(listItem));
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

/** @param {DemoEvent} event */
function listItem({ at, by, title, tone, facts }) {
  const details = Object.entries(facts).flatMap(([name, value]) => [
    createElement('dt', name),
    createElement('dd', value),
  ]);
  const list = createElement('dl');
  list.append(...details);
  const item = createElement('li');
  item.dataset.tone = tone;
  const source = createElement('span', by);
  source.className = 'by';
  const time = createElement('time', new Date(at).toLocaleTimeString());
  item.append(source, time, createElement('strong', title));
  if (details.length > 0) item.append(list);
  return item;
}

/**
 * @param {string} name
 * @param {string} [text]
 */
function createElement(name, text = '') {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

/** Polls the shop for new events until the shop stops. */
async function pollEvents() {
  for (let count = 0; ;) {
    try {
      const response = await fetch(`/events/${count}`);
      const { events: added, failure: mode } = await response.json();
      count += added.length;
      showEvents(added);
      showMode(mode);
    } catch {
      showMode('stopped');
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
}

/** @param {string} mode */
function showMode(mode) {
  if (mode === 'stopped') {
    elementById('hint').textContent = 'The shop has stopped. To start it again, run npm run demo-site.';
  }
  for (const button of elementById('failures').querySelectorAll('[aria-pressed]')) {
    const isActive = /** @type {HTMLElement} */ (button).dataset.failure === mode;
    button.setAttribute('aria-pressed', String(isActive));
  }
}

/** @param {HTMLElement} button */
async function setFailure({ dataset, ariaPressed }) {
  const mode = ariaPressed === 'true' ? 'none' : (dataset.failure ?? 'none');
  await fetch(`/failure/${mode}`, { method: 'POST', headers: { 'X-Requested-With': 'inspector' } });
  if (mode !== 'expire') showMode(mode);
  elementById('hint').textContent = HINTS[mode] ?? '';
}

export function startInspector() {
  elementById('failures').addEventListener('click', (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest('button');
    if (button) void setFailure(button);
  });
  void pollEvents();
}
