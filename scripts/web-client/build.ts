import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The two forms of the web client, as files of the static resources. */
export const BUILDS = {
  'customerIdentity.js': { entry: 'classic.js', exported: undefined },
  'customerIdentityModule.js': { entry: 'identity.js', exported: 'connectIdentity' },
} as const;

export type Build = (typeof BUILDS)[keyof typeof BUILDS];

const NOTE = '/* Generated from scripts/web-client by npm run generate. How to use it: scripts/guides/client.md. */\n';

const IMPORT = /^import .* from '\.\/(.+)';\n/gm;

/** One file of all that an entry imports: without imports, and with no comments but those of what pages call. */
export function built({ entry, exported }: Build): string {
  const text = modulesOf(entry, new Set())
    .map((source) => source.replace(IMPORT, '').replace(/^export /gm, ''))
    .join('\n');
  const code = withoutComments(text);
  if (exported === undefined) return `${NOTE}(() => {\n'use strict';\n${code}})();\n`;
  const types = textOf('types.js').replace('export {};\n', '');
  return `${NOTE}// @ts-nocheck\n${types}${withDocs(code, text)}export { ${exported} };\n`;
}

/** The sources of an entry, each behind those that it needs. */
function modulesOf(file: string, seen: Set<string>): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = textOf(file);
  return [...[...text.matchAll(IMPORT)].flatMap(([, path = '']) => modulesOf(path, seen)), text];
}

const textOf = (file: string): string => readFileSync(join(__dirname, file), 'utf8');

/** The doc comments of what pages call, each with the first line of its function. */
const DOCUMENTED = /^(\/\*\*\n(?: \*.*\n)+)(function connect.*)$/gm;

/** Puts the doc comments of the source back in front of their functions. */
const withDocs = (code: string, text: string): string =>
  [...text.matchAll(DOCUMENTED)].reduce((all, [, doc = '', line = '']) => all.replace(line, () => doc + line), code);

function withoutComments(text: string): string {
  const compilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    removeComments: true,
    alwaysStrict: false,
  };
  return ts.transpileModule(text, { compilerOptions }).outputText;
}
