import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import ts from 'typescript';
import { PROJECT } from '../gates/list-files';

const PACKAGE = join(PROJECT, 'scripts/web-client/package');
const STATIC_RESOURCES = join(PROJECT, 'member-site/main/default/staticresources');
const read = (file: string): string => readFileSync(join(PACKAGE, file), 'utf8');
const NAME = 'enhanced-chat-customer-identity';

/** A project with the package installed, and the shape of the Vite template react-ts. */
const project = mkdtempSync(join(tmpdir(), 'vite-react-ts-'));
after(() => rmSync(project, { recursive: true, force: true }));
mkdirSync(join(project, 'node_modules'), { recursive: true });
mkdirSync(join(project, 'src'));
cpSync(PACKAGE, join(project, 'node_modules', NAME), { recursive: true });

/** The compiler options of tsconfig.app.json in the template. */
const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  jsx: ts.JsxEmit.ReactJSX,
  noEmit: true,
  types: [],
  strict: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  verbatimModuleSyntax: true,
  erasableSyntaxOnly: true,
  noFallthroughCasesInSwitch: true,
  noUncheckedSideEffectImports: true,
};

/** The part of the types of React and Vite that the code below needs. */
const STUBS = `declare module 'react' {
  export function useState<T>(first: T): [T, (next: T) => void];
  export function useState<T>(): [T | undefined, (next: T) => void];
  export function useEffect(effect: () => void, dependencies: readonly unknown[]): void;
}
declare module 'vite' { export function defineConfig(config: { plugins: readonly unknown[]; server: object }): object }
declare module '@vitejs/plugin-react' { export default function react(): unknown }
declare module 'react/jsx-runtime' {
  export namespace JSX { interface Element {} interface IntrinsicElements { [name: string]: object } }
  export const jsx: unknown; export const jsxs: unknown; export const Fragment: unknown;
}`;

/** The messages of the type checker for files of the project. */
function typeErrors(files: Readonly<Record<string, string>>): readonly string[] {
  const written = Object.entries({ 'stubs.d.ts': STUBS, ...files }).map(([file, text]) => {
    const path = join(project, 'src', file);
    writeFileSync(path, text);
    return path;
  });
  return ts
    .getPreEmitDiagnostics(ts.createProgram(written, OPTIONS))
    .map(
      ({ messageText, file }) =>
        `${basename(file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
}

const APP = `import { connectIdentity, type Reason } from '${NAME}';
import { useCustomerIdentity } from '${NAME}/react';

export const start = () => connectIdentity({ tokenUrl: '/token', onState: (state, reason) => console.info(state, reason) });

export default function App() {
  const { state, reason, login, logout } = useCustomerIdentity({ getToken: async (signal) => (await fetch('/token', { signal })).text() });
  const text: Reason | undefined = reason;
  return <p onClick={state === 'logged-out' ? login : () => void logout()}>{state} {text}</p>;
}
`;

/** The code blocks of the guide by file name, which is their first line. */
const GUIDE_FILES = Object.fromEntries(
  [
    ...readFileSync(join(PROJECT, 'scripts/guides/web-client.md'), 'utf8').matchAll(/^```(?:js|tsx?)\n(.*?)^```$/gms),
  ].map(([, code = '']) => [/^\/\/ (?:src\/)?(\S+)/.exec(code)?.[1] ?? assert.fail(`no file name: ${code}`), code]),
);

test('the package has types for a component of a Vite project, without allowJs', () => {
  assert.deepEqual(typeErrors({ 'App.tsx': APP }), []);
});

test('each code block of the guide compiles in a Vite project', () => {
  assert.equal(Object.keys(GUIDE_FILES).length, 8);
  assert.deepEqual(typeErrors(GUIDE_FILES), []);
});

test('the types reject a wrong option and a wrong state', () => {
  assert.match(typeErrors({ 'App.tsx': APP.replace("tokenUrl: '/token'", 'tokenURL: 1') }).join(), /tokenURL/);
  assert.match(typeErrors({ 'App.tsx': APP.replace("'logged-out'", "'logged-in'") }).join(), /no overlap/);
});

test('the code of the package is the ES module of the static resources', () => {
  assert.equal(read('index.js'), readFileSync(join(STATIC_RESOURCES, 'customerIdentityModule.js'), 'utf8'));
});

test('the types have the states and reasons of the code', () => {
  const literals = (text: string): readonly string[] => [...new Set(text.match(/'[a-z]+(?:-[a-z]+)*'/g))].sort();
  const source = readFileSync(join(PROJECT, 'scripts/web-client/types.js'), 'utf8');
  assert.deepEqual(literals(read('index.d.ts').replace(/^import.*$/gm, '')), literals(source));
});

test('integrity.json has the hash of each static resource, and the guide names the file', () => {
  const hashes = JSON.parse(read('integrity.json')) as Readonly<Record<string, string>>;
  assert.deepEqual(Object.keys(hashes), ['customerIdentity.js', 'customerIdentityModule.js']);
  for (const [file, hash] of Object.entries(hashes)) {
    const digest = createHash('sha384').update(readFileSync(join(STATIC_RESOURCES, file)));
    assert.equal(hash, `sha384-${digest.digest('base64')}`, 'run `npm run generate`');
  }
});

/** Runs a module in a process without a window, as a server does. */
const onServer = (script: string): string =>
  execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: project, encoding: 'utf8' }).trim();

test('a server can import the package and connect, and nothing happens', () => {
  const script = `import { connectIdentity } from '${NAME}';
    const identity = connectIdentity({ tokenUrl: '/token' });
    identity.login();
    await identity.logout();
    identity.stop();
    console.log(identity.state);`;
  assert.equal(onServer(script), 'waiting');
});

/** Hooks as React runs them: a state, and an effect after each rendering whose dependencies changed. */
const REACT = `const slots = []; let at = 0;
const slot = (create) => (slots[at] ??= create(), slots[at++]);
export const useState = (first) => { const s = slot(() => ({ value: first })); return [s.value, (next) => (s.value = next)]; };
export const useRef = (current) => slot(() => ({ current }));
export const useCallback = (callback) => slot(() => callback);
export const useEffect = (effect, deps) => {
  const s = slot(() => ({}));
  if (s.deps && s.deps.every((each, index) => each === deps[index])) return;
  s.cleanUp?.(); s.deps = deps; s.cleanUp = effect();
};
export const render = (component) => ((at = 0), component());
export const unmount = () => slots.forEach((s) => s.cleanUp?.());
export const jsx = (type, props) => ({ type, props });
export const jsxs = jsx;`;

/** Installs the stub of React. */
function installReact(): void {
  mkdirSync(join(project, 'node_modules/react'), { recursive: true });
  const exports = { '.': './index.js', './jsx-runtime': './index.js' };
  writeFileSync(join(project, 'node_modules/react/package.json'), JSON.stringify({ type: 'module', exports }));
  writeFileSync(join(project, 'node_modules/react/index.js'), REACT);
}

test('the React hook connects once, uses the latest function, reports the state, and stops', () => {
  installReact();
  const script = `import { render, unmount } from 'react';
    const token = 'a.' + Buffer.from(JSON.stringify({ exp: 9e9 })).toString('base64url') + '.c';
    const sent = [];
    globalThis.window = Object.assign(new EventTarget(), {
      BroadcastChannel,
      embeddedservice_bootstrap: { userVerificationAPI: { setIdentityToken: async ({ identityToken }) => void sent.push(identityToken), clearSession: async () => {} } },
    });
    const { useCustomerIdentity } = await import('${NAME}/react');
    const tokens = [];
    const component = (name) => () => useCustomerIdentity({ getToken: () => (tokens.push(name), token) });
    const first = render(component('first'));
    render(component('second'));
    window.dispatchEvent(new Event('onEmbeddedMessagingReady'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const { state, reason, logout } = render(component('third'));
    await logout();
    const last = render(component('fourth')).state;
    unmount();
    window.dispatchEvent(new Event('onEmbeddedMessagingReady'));
    console.log(JSON.stringify([first.state, state, reason ?? null, last, tokens, sent.length]));
    process.exit();`;
  assert.deepEqual(JSON.parse(onServer(script)), ['waiting', 'token-set', null, 'logged-out', ['second'], 1]);
});

/** Compiles files of the guide to modules that a server can import. */
function compileGuide(...files: readonly string[]): void {
  const compilerOptions = { ...OPTIONS, noEmit: false };
  for (const file of files) {
    const { outputText } = ts.transpileModule(GUIDE_FILES[file] ?? assert.fail(file), { compilerOptions });
    const output = join(project, 'src', file.replace(/tsx?$/, 'mjs'));
    writeFileSync(output, outputText.replace(/from '\.\/(\w+)'/g, "from './$1.mjs'"));
  }
}

test('the React component of the guide ends the chat at each logout, and loads the page again if the session has ended', () => {
  installReact();
  compileGuide('session.ts', 'ChatIdentity.tsx');
  const script = `import { render } from 'react';
    const identityToken = 'a.' + Buffer.from(JSON.stringify({ sub: 'ada', exp: 9e9 })).toString('base64url') + '.c';
    let cleared = 0, loaded = 0, endSession;
    globalThis.location = { href: 'http://localhost/', origin: 'http://localhost', reload: () => void loaded++ };
    globalThis.fetch = async (path) => path === '/token' ? Response.json({ identityToken }) : endSession();
    globalThis.window = Object.assign(new EventTarget(), {
      BroadcastChannel,
      embeddedservice_bootstrap: { userVerificationAPI: { setIdentityToken: () => true, clearSession: async () => void cleared++ } },
    });
    const { ChatIdentity } = await import('./src/ChatIdentity.mjs');
    const elements = () => render(ChatIdentity).props.children;
    elements();
    window.dispatchEvent(new Event('onEmbeddedMessagingReady'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const results = [];
    for (endSession of [
      () => Promise.reject(new TypeError('no network')),
      () => new Response(null, { status: 503 }),
      () => new Response(null, { status: 204 }),
    ]) {
      cleared = loaded = 0;
      await elements().find(({ props }) => props?.children === 'Log out').props.onClick();
      elements();
      results.push([cleared, loaded, elements().some((each) => each?.type === 'strong')]);
    }
    console.log(JSON.stringify(results));
    process.exit();`;
  assert.deepEqual(JSON.parse(onServer(script)), [
    [1, 0, true],
    [1, 0, true],
    [1, 1, false],
  ]);
});
