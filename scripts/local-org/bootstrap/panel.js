const STYLE = `
  :host { all: initial; position: fixed; right: 20px; bottom: 30px; z-index: 2147483000; font: 16px/1.45 system-ui, sans-serif;
    --ink: #16202c; --paper: #ffffff; --soft: #eef2f7; --line: #7b8794; --accent: #0b5cab; --on-accent: #ffffff; }
  @media (prefers-color-scheme: dark) { :host { --ink: #edf1f6; --paper: #17202b; --soft: #263241; --line: #8a97a6; --accent: #7cb8f7; --on-accent: #0b1520; } }
  button, input { font: inherit; color: inherit; }
  button { cursor: pointer; border: 0; border-radius: 999px; padding: 0.6em 1.1em; background: var(--accent); color: var(--on-accent); font-weight: 600; }
  button:focus-visible, input:focus-visible, .log:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  [hidden] { display: none !important; }
  .launch { box-shadow: 0 4px 14px rgb(0 0 0 / 0.3); }
  section { display: flex; flex-direction: column; width: min(22rem, calc(100vw - 40px)); height: min(32rem, calc(100vh - 60px));
    background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; box-shadow: 0 10px 30px rgb(0 0 0 / 0.3); }
  header { display: flex; align-items: center; gap: 0.5rem; padding: 0.7rem 0.9rem; background: var(--soft); }
  h2 { flex: 1; margin: 0; font-size: 1rem; }
  header button { padding: 0.25em 0.8em; background: transparent; color: var(--ink); border: 1px solid var(--line); }
  .log { flex: 1; overflow-y: auto; }
  ol { margin: 0; padding: 0.9rem; list-style: none; display: flex; flex-direction: column; gap: 0.6rem; }
  li { max-width: 85%; padding: 0.5rem 0.8rem; border-radius: 12px; background: var(--soft); overflow-wrap: anywhere; white-space: pre-wrap; }
  li.own { align-self: flex-end; background: var(--accent); color: var(--on-accent); }
  li small { display: block; font-size: 0.8rem; }
  form { display: flex; gap: 0.5rem; padding: 0.7rem; border-top: 1px solid var(--line); }
  input { flex: 1; min-width: 0; padding: 0.5em 0.8em; border: 1px solid var(--line); border-radius: 10px; background: var(--paper); }
  .notice { margin: 0; padding: 0.6rem 0.9rem; max-width: 22rem; background: #8c1d18; color: #ffffff; border-radius: 10px; }
  section .notice { border-radius: 0; }
`;

const MARKUP = `
  <p class="notice outside" role="alert" hidden></p>
  <button class="launch" type="button" aria-haspopup="dialog" hidden>Chat with us</button>
  <section role="dialog" aria-labelledby="title" hidden>
    <header role="none"><h2 id="title"></h2><button class="end" type="button">End chat</button>
      <button class="minimize" type="button" aria-label="Minimize the chat window">–</button></header>
    <p class="notice inside" role="alert" hidden></p>
    <div class="log" role="log" aria-label="Messages" tabindex="0"><ol></ol></div>
    <form><input name="text" autocomplete="off" aria-label="Your message" placeholder="Your message" />
      <button type="submit">Send</button></form>
  </section>
`;

/** Salesforce's client replaces this element when its session is cleared. */
function createContainer(host) {
  const container = document.createElement('div');
  container.id = 'embedded-messaging';
  container.append(host);
  return container;
}

/** The chat button and the chat window, in a shadow tree. Texts of the conversation are never inserted as HTML. */
export function createPanel({ title, canEnd }) {
  const host = document.createElement('div');
  let container = createContainer(host);
  const root = host.attachShadow({ mode: 'open' });
  const style = new CSSStyleSheet();
  style.replaceSync(STYLE);
  root.adoptedStyleSheets = [style];
  root.innerHTML = MARKUP;
  const find = (selector) => root.querySelector(selector);
  const [launch, dialog, list, input] = ['.launch', 'section', 'ol', 'input'].map(find);
  const messageIds = new Set();
  let isDrawn = false;
  let isButtonVisible = true;
  find('h2').textContent = title;
  find('.end').hidden = !canEnd;

  const isOpen = () => !dialog.hidden;
  const updateButton = () => (launch.hidden = !isDrawn || !isButtonVisible || isOpen());

  return {
    on({ open, minimize, write, end }) {
      launch.addEventListener('click', open);
      find('.minimize').addEventListener('click', minimize);
      find('.end').addEventListener('click', end);
      dialog.addEventListener('keydown', ({ key }) => key === 'Escape' && minimize());
      find('form').addEventListener('submit', (event) => {
        event.preventDefault();
        const text = input.value.trim();
        if (text === '') return;
        input.value = '';
        write(text);
      });
    },
    hasButton: () => isDrawn,
    drawButton(isHidden) {
      isDrawn = true;
      isButtonVisible = !isHidden;
      this.showNotice('');
      updateButton();
      document.body.append(container);
    },
    /** Returns false if there is no button, or if the chat window is open and the button can't be hidden. */
    showButton(isShown) {
      if (!isDrawn || (!isShown && isOpen())) return false;
      isButtonVisible = isShown;
      updateButton();
      return true;
    },
    maximize() {
      dialog.hidden = false;
      updateButton();
      input.focus();
    },
    minimize() {
      dialog.hidden = true;
      updateButton();
      launch.focus();
    },
    setBusy: (isBusy) => dialog.setAttribute('aria-busy', String(isBusy)),
    addMessage({ identifier, text, own, name }) {
      if (messageIds.has(identifier)) return;
      messageIds.add(identifier);
      const item = document.createElement('li');
      item.className = own ? 'own' : '';
      const author = document.createElement('small');
      author.textContent = own ? 'You' : name;
      const content = document.createElement('span');
      content.textContent = text;
      item.append(author, content);
      list.append(item);
      find('.log').scrollTop = list.scrollHeight;
    },
    clearMessages() {
      messageIds.clear();
      list.replaceChildren();
    },
    /** Shows a notice, also when the chat window is closed. An empty text removes it. */
    showNotice(text) {
      for (const [selector, isHere] of [
        ['.inside', isOpen()],
        ['.outside', !isOpen()],
      ]) {
        find(selector).textContent = isHere ? text : '';
        find(selector).hidden = text === '' || !isHere;
      }
      if (text !== '') document.body.append(container);
    },
    remove() {
      isDrawn = false;
      dialog.hidden = true;
      updateButton();
      container.remove();
      container = createContainer(host);
    },
  };
}
