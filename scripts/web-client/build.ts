import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The two forms of the web client, by the file name of the static resource. */
export const BUILDS = {
  'customerIdentity.js': { entry: 'classic.js', exported: undefined },
  'customerIdentityModule.js': { entry: 'identity.js', exported: 'connectIdentity' },
} as const;

export type Build = (typeof BUILDS)[keyof typeof BUILDS];

const BANNER = '/* Generated from scripts/web-client. See scripts/guides/client.md. */\n';

const IMPORT = /^import .* from '\.\/(.+)';\n/gm;

/**
 * Bundles an entry and everything it imports into one file. The result has no imports, and only the doc comments of the
 * functions that pages call.
 */
export function buildClient({ entry, exported }: Build): string {
  const text = moduleSources(entry, new Set())
    .map((source) => source.replace(IMPORT, '').replace(/^export /gm, ''))
    .join('\n');
  const code = removeComments(text);
  if (exported === undefined) return `${BANNER}(() => {\n'use strict';\n${code}})();\n`;
  const types = readSource('types.js').replace('export {};\n', '');
  return `${BANNER}// @ts-nocheck\n${types}${restoreDocs(code, text)}export { ${exported} };\n`;
}

/**
 * The Subresource Integrity hash of each static resource in a folder, by file name: a browser that gets it in the attribute `integrity`
 * runs no other content (https://www.w3.org/TR/sri-2/).
 */
export const integrityOf = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.keys(BUILDS).map((file) => [
      file,
      `sha384-${createHash('sha384')
        .update(readFileSync(join(folder, file)))
        .digest('base64')}`,
    ]),
  );

/** Returns the sources of an entry in dependency order. */
function moduleSources(file: string, visited: Set<string>): string[] {
  if (visited.has(file)) return [];
  visited.add(file);
  const text = readSource(file);
  return [...[...text.matchAll(IMPORT)].flatMap(([, path = '']) => moduleSources(path, visited)), text];
}

const readSource = (file: string): string => readFileSync(join(__dirname, file), 'utf8');

/** Matches the doc comment of a function that pages call, and the first line of the function. */
const DOCUMENTED = /^(\/\*\*\n(?: \*.*\n)+)(function connect.*)$/gm;

/** Restores the doc comments of the source in front of their functions. */
const restoreDocs = (code: string, text: string): string =>
  [...text.matchAll(DOCUMENTED)].reduce((all, [, doc = '', line = '']) => all.replace(line, () => doc + line), code);

function removeComments(text: string): string {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    removeComments: true,
    alwaysStrict: false,
  };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}
