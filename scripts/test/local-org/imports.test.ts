import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';

const ROOT = join(__dirname, '../../local-org');

// The folders that each folder of the local org can import. Its own files and packages are always allowed.
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  '.': ['.', 'endpoints', 'chat-api', 'faults', 'http', 'jobs', 'org'],
  faults: [],
  metadata: ['.'],
  org: ['.', 'faults', 'metadata'],
  rules: ['.', 'metadata'],
  jobs: ['.', 'metadata', 'org', 'rules'],
  records: ['.', 'jobs', 'metadata', 'org'],
  'chat-api': ['.', 'metadata', 'org'],
  http: ['.', 'org'],
  endpoints: ['.', 'http', 'jobs', 'metadata', 'org', 'records', 'chat-api'],
};

const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));

function importsOf(path: string): string[] {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return [...text.matchAll(/^(?:import|export)[^;]*?from '(\.[^']*)';/gms)].map((match) => match[1] ?? '');
}

function folderOf(path: string): string {
  return path.includes('/') ? (path.split('/')[0] ?? '') : '.';
}

test('the local org imports nothing from other modules, and its own modules only in one direction', () => {
  for (const path of sources) {
    const folder = folderOf(path);
    for (const target of importsOf(path)) {
      const found = relative(ROOT, join(ROOT, path, '..', target));
      assert.ok(!found.startsWith('..'), `${path} imports ${target}, outside of the local org`);
      const other = folderOf(found === folder ? `${found}/index` : found);
      const allowed =
        other === folder || MAY_IMPORT[folder]?.includes(sources.includes(`${found}/index.ts`) ? found : other);
      assert.ok(allowed, `${path} imports ${target}: ${folder} may not use ${other}`);
    }
  }
});

test('the local org has no import cycle', () => {
  const edges = new Map(sources.map((path) => [path, importsOf(path).map((target) => fileOf(path, target))]));
  const visit = (path: string, above: readonly string[]): void => {
    assert.ok(!above.includes(path), `circle: ${[...above, path].join(' -> ')}`);
    for (const next of edges.get(path) ?? []) if (!done.has(next)) visit(next, [...above, path]);
    done.add(path);
  };
  const done = new Set<string>();
  for (const path of sources) visit(path, []);
});

function fileOf(from: string, target: string): string {
  const plain = relative(ROOT, join(ROOT, from, '..', target));
  return sources.includes(`${plain}.ts`) ? `${plain}.ts` : `${plain}/index.ts`;
}
