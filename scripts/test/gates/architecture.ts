import ts from 'typescript';
import type { Problem } from './problem';
import { lineOf, nodesIn, type Source } from './sources';

/** For each module of lib, the modules that it may import. A module that isn't in the table is an error. */
export type Rules = Readonly<Record<string, readonly string[]>>;

/** Exceptions and their reasons. The key is a file, or a file and a name, such as `a.ts node:fs`. */
export type Exemptions = Readonly<Record<string, string>>;

const moduleOf = (path: string): string | undefined => /^lib\/([^/]+)/.exec(path)?.[1];

const areaOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : 'commands');

/** Checks the imports between modules of lib, and between lib, local-org, the commands, and the tests. */
export function importProblems(sources: readonly Source[], rules: Rules): Problem[] {
  return sources.flatMap((source) => [
    ...unlistedModuleProblems(source, rules),
    ...source.imports.flatMap((entry) => {
      const message = entry.to === undefined ? undefined : importProblem(source.path, entry.to, rules);
      return message ? [{ file: source.path, line: entry.line, message }] : [];
    }),
  ]);
}

function unlistedModuleProblems({ path }: Source, rules: Rules): Problem[] {
  const known = areaOf(path) !== 'lib' || Object.hasOwn(rules, moduleOf(path) ?? '');
  return known ? [] : [{ file: path, line: 1, message: 'belongs to no module of the table' }];
}

/** For each part of scripts, the parts that it may import. Nothing may import tests. */
const AREAS: Readonly<Record<string, readonly string[]>> = {
  commands: ['lib', 'local-org', 'bench', 'demo-site', 'start', 'web-client'],
  start: ['lib', 'local-org', 'demo-site'],
  'demo-site': ['lib', 'local-org'],
  'web-client': [],
  bench: ['lib', 'local-org'],
  lib: [],
  'local-org': [],
};

function importProblem(path: string, to: string, rules: Rules): string | undefined {
  const [here, target] = [areaOf(path), areaOf(to)];
  if (here !== target) return AREAS[here]?.includes(target) ? undefined : `${here} may not import ${to}`;
  const [from, into] = [moduleOf(path), moduleOf(to)];
  if (from === into || !from) return undefined;
  return into && rules[from]?.includes(into) ? undefined : `${from} may not import ${into ?? to}`;
}

/** APIs that have effects outside the process. */
const SIDE_EFFECT_APIS = new Set(
  [
    'fs',
    'fs/promises',
    'child_process',
    'cluster',
    'dgram',
    'dns',
    'dns/promises',
    'http',
    'http2',
    'https',
    'inspector',
  ]
    .concat(['net', 'os', 'readline', 'readline/promises', 'repl', 'tls', 'worker_threads'])
    .flatMap((name) => [name, `node:${name}`]),
);

/** Only the given modules may access files, processes, and the network. */
export function sideEffectProblems(
  sources: readonly Source[],
  allowed: readonly string[],
  exempt: Exemptions,
): Problem[] {
  return restrictedSources(sources, allowed)
    .filter(({ path }) => areaOf(path) === 'lib')
    .flatMap(({ path, tree, imports }) => [
      ...imports
        .filter(({ from }) => SIDE_EFFECT_APIS.has(from))
        .map(({ line, from }) => ({ file: path, line, api: from })),
      ...findUses(path, tree, (name) => name === 'fetch'),
    ])
    .flatMap((use) => problemOf(use, exempt));
}

const EXIT_APIS = new Set(['process.exit', 'process.exitCode', 'process.abort']);

/** Only the command-line modules may print and end the process. Other modules return values. */
export function terminalProblems(
  sources: readonly Source[],
  allowed: readonly string[],
  exempt: Exemptions,
): Problem[] {
  return restrictedSources(sources, allowed)
    .flatMap(({ path, tree }) => findUses(path, tree, (name) => name.startsWith('console.') || EXIT_APIS.has(name)))
    .flatMap((use) => problemOf(use, exempt));
}

const restrictedSources = (sources: readonly Source[], allowed: readonly string[]): Source[] =>
  sources.filter(({ path }) => !allowed.includes(moduleOf(path) ?? ''));

interface ApiUse {
  readonly file: string;
  readonly line: number;
  readonly api: string;
}

function findUses(file: string, tree: ts.SourceFile, isForbidden: (name: string) => boolean): ApiUse[] {
  const named = [...nodesIn(tree)].flatMap((node): ts.Node[] => {
    if (ts.isPropertyAccessExpression(node)) return [node];
    return ts.isCallExpression(node) && ts.isIdentifier(node.expression) ? [node.expression] : [];
  });
  return named
    .filter((node) => isForbidden(node.getText()))
    .map((node) => ({ file, line: lineOf(node), api: node.getText() }));
}

function problemOf({ file, line, api }: ApiUse, exempt: Exemptions): Problem[] {
  const isExempt = Object.hasOwn(exempt, file) || Object.hasOwn(exempt, `${file} ${api}`);
  return isExempt ? [] : [{ file, line, message: `may not use ${api}` }];
}

/** Import cycles of folders. The shortest cycle is a pair that imports each other. */
export function folderCycles(sources: readonly Source[]): string[] {
  const folderOf = (path: string): string => path.split('/').slice(0, 2).join('/');
  return findCycles(buildEdges(sources, folderOf));
}

/** Import cycles of files. */
export function fileCycles(sources: readonly Source[]): string[] {
  return findCycles(buildEdges(sources, (path) => path));
}

type Edges = ReadonlyMap<string, ReadonlySet<string>>;

function buildEdges(sources: readonly Source[], nameOf: (path: string) => string): Edges {
  const edges = new Map<string, Set<string>>();
  for (const { path, imports } of sources) {
    const from = nameOf(path);
    const targets = imports.flatMap(({ to }) => (to === undefined || nameOf(to) === from ? [] : [nameOf(to)]));
    edges.set(from, new Set([...(edges.get(from) ?? []), ...targets]));
  }
  return edges;
}

/** One shortest cycle for each name in a cycle, without duplicates. */
function findCycles(edges: Edges): string[] {
  const cycles = [...edges.keys()].flatMap((name) => {
    const cycle = findCycle(name, edges);
    return cycle ? [cycle] : [];
  });
  const told = cycles.map((ring) => [...new Set(ring)].sort().join());
  return cycles.filter((_, index) => told.indexOf(told[index] ?? '') === index).map((ring) => ring.join(' -> '));
}

/** The shortest path from a name back to itself, by breadth-first search. */
function findCycle(name: string, edges: Edges): string[] | undefined {
  const visited = new Set<string>();
  for (let ways = [[name]]; ways.length > 0;) {
    const next = ways.flatMap((way) => [...(edges.get(way.at(-1) ?? '') ?? [])].map((to) => [...way, to]));
    const cycle = next.find((way) => way.at(-1) === name);
    if (cycle) return cycle;
    ways = next.filter((way) => !visited.has(way.at(-1) ?? ''));
    for (const way of ways) visited.add(way.at(-1) ?? '');
  }
  return undefined;
}
