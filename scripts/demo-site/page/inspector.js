/**
 * The panel beside the shop: what happens, step by step, and the desk where something can be made to go wrong.
 * @typedef {{ at: number, by: string, title: string, tone: string, facts: Record<string, string> }} Step
 */

const PAUSE = 700;

const HINTS = /** @type {Record<string, string>} */ ({
  expire: 'An hour has passed in the shop and in Salesforce: both tokens have ended. Write something in the chat.',
  broken: 'From now on the shop signs with a key that Salesforce does not know. Open the chat, or write something.',
  down: 'From now on the token service answers 503. Reload, log in, or let the token expire.',
  slow: 'From now on the token service takes 20 seconds. Reload, log in, or let the token expire.',
  none: 'All is well again.',
});

/** @param {string} id */
const at = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @type {Step[]} */
const steps = [];

/**
 * Shows a step of this page.
 * @param {string} title
 * @param {string} [tone]
 * @param {Record<string, string>} [facts]
 */
export function note(title, tone = 'plain', facts = {}) {
  show([{ at: Date.now(), by: 'page', title, tone, facts }]);
}

/** @param {Step[]} fresh */
function show(fresh) {
  if (fresh.length === 0) return;
  const log = at('log');
  const isAtEnd = log.scrollTop + log.clientHeight > log.scrollHeight - 40;
  steps.push(...fresh);
  steps.sort((one, other) => one.at - other.at);
  at('steps').replaceChildren(...steps.slice(-200).map(itemOf));
  if (isAtEnd) log.scrollTop = log.scrollHeight;
}

/** @param {Step} step */
function itemOf({ at: when, by, title, tone, facts }) {
  const facets = Object.entries(facts).flatMap(([name, value]) => [element('dt', name), element('dd', value)]);
  const list = element('dl');
  list.append(...facets);
  const item = element('li');
  item.dataset.tone = tone;
  const place = element('span', by);
  place.className = 'by';
  item.append(place, element('time', new Date(when).toLocaleTimeString()), element('strong', title));
  if (facets.length > 0) item.append(list);
  return item;
}

/**
 * @param {string} name
 * @param {string} [text]
 */
function element(name, text = '') {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

/** Asks the shop for what has happened there and in the org, again and again as long as somebody looks. */
async function follow() {
  for (let count = 0; ;) {
    try {
      const response = await fetch(`/steps/${count}`);
      const { steps: fresh, trouble } = await response.json();
      count += fresh.length;
      show(fresh);
      press(trouble);
    } catch {
      press('closed');
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

/** @param {string} trouble */
function press(trouble) {
  if (trouble === 'closed') at('hint').textContent = 'The shop has closed. Start it again: npm run demo-site.';
  for (const button of at('desk').querySelectorAll('[aria-pressed]')) {
    button.setAttribute('aria-pressed', String(/** @type {HTMLElement} */ (button).dataset.desk === trouble));
  }
}

/** @param {HTMLElement} button */
async function decide({ dataset, ariaPressed }) {
  const what = ariaPressed === 'true' ? 'none' : (dataset.desk ?? 'none');
  await fetch(`/desk/${what}`, { method: 'POST', headers: { 'X-Requested-With': 'desk' } });
  if (what !== 'expire') press(what);
  at('hint').textContent = HINTS[what] ?? '';
}

export function openCounter() {
  at('desk').addEventListener('click', (event) => {
    const button = /** @type {HTMLElement} */ (event.target).closest('button');
    if (button) void decide(button);
  });
  void follow();
}
