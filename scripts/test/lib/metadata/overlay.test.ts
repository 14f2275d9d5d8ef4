import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { overlay, mergeOverride, writeXml } from '../../../lib/metadata';
import { leaf, parent, type Element } from '../../../lib/model';
import { anyChannel } from './any-channel';
import { leafElements, nameOf, nonContiguousNames, unmanagedParts } from './unmanaged-parts';

const RUNS = { numRuns: 1000 };

/** The lines of the first text that the second also contains, in the order of the first. */
const intersection = (one: readonly string[], other: readonly string[]): readonly string[] =>
  one.filter((each) => other.includes(each));

test('keeps the text and order of undeclared elements', () => {
  fc.assert(
    fc.property(anyChannel, anyChannel, (live, stated) => {
      const before = unmanagedParts(live, stated);
      const merged = overlay(live, stated);
      assert.deepEqual(intersection(unmanagedParts(merged, stated), before), before);
      const lines = writeXml(merged).split('\n');
      for (const part of before.flatMap((each) => writtenLines(each))) assert.ok(lines.includes(part), part);
    }),
    RUNS,
  );
});

/** The indent depends on the level of an element, so only lines of one level are compared. */
const writtenLines = (part: string): readonly string[] =>
  /^\/[^/\n]*\n.*\n<[^\n]*>\n$/.test(part)
    ? [`    ${(part.split('\n')[2] ?? '').replace(/ xmlns(?::xsi)?="[^"]*"/g, '')}`]
    : [];

/** The file types of a generated channel, sorted; the generator separates them by semicolons. */
const fileTypes = (text: string): string => text.split(';').sort().join(';');

/** Whether live and declared values are equivalent; independent of the code under test. */
function isEquivalent(live: Element | undefined, { name, text }: Element): boolean {
  const [actual, expected] = [live?.text.trim() ?? '', text.trim()];
  if (actual === expected) return true;
  if (name === 'allowedFileTypes') return fileTypes(actual) === fileTypes(expected);
  const normalizeBoolean = (each: string): string => each.replace(/^1$/, 'true').replace(/^0$/, 'false');
  if (name === 'enabled' && !live) return normalizeBoolean(expected) !== 'true';
  return normalizeBoolean(actual) === normalizeBoolean(expected);
}

test('overlay contains every declared value', () => {
  fc.assert(
    fc.property(anyChannel, anyChannel, (live, stated) => {
      const held = leafElements(overlay(live, stated));
      for (const [path, value] of leafElements(stated)) {
        const found = held.filter(([at]) => at === path).map(([, each]) => each);
        const isSaid =
          found.some((each) => isEquivalent(each, value)) || (found.length === 0 && isEquivalent(undefined, value));
        assert.ok(isSaid || value.text.trim() === '', `${path}: ${JSON.stringify(value.text)}`);
      }
    }),
    RUNS,
  );
});

test('overlay is idempotent and returns the same object the second time', () => {
  fc.assert(
    fc.property(anyChannel, anyChannel, (live, stated) => {
      const merged = overlay(live, stated);
      assert.equal(overlay(merged, stated), merged);
    }),
    RUNS,
  );
});

test('overlay returns the live object if it contains the declared values in any order', () => {
  fc.assert(
    fc.property(anyChannel, fc.array(fc.nat(), { minLength: 1 }), (live, numbers) => {
      let drawn = 0;
      const rank = (): number => numbers[drawn++ % numbers.length] ?? 0;
      assert.equal(overlay(live, shuffle(live, rank)), live);
    }),
    RUNS,
  );
});

function shuffle(element: Element, rank: () => number): Element {
  const ranked = element.children.map((child) => [rank(), shuffle(child, rank)] as const);
  return { ...element, children: ranked.sort(([one], [other]) => one - other).map(([, child]) => child) };
}

test('overlay keeps elements of one name adjacent, as Salesforce requires', () => {
  fc.assert(
    fc.property(anyChannel, anyChannel, (live, stated) => {
      assert.deepEqual(nonContiguousNames(overlay(live, stated)), []);
      assert.deepEqual(nonContiguousNames(mergeOverride(live, stated)), []);
    }),
    RUNS,
  );
});

test('overlay creates no duplicate list items and keeps the positions of live ones', () => {
  fc.assert(
    fc.property(anyChannel, anyChannel, (live, stated) => {
      const names = (element: Element): readonly string[] =>
        element.children.filter(({ name }) => name === 'customParameters').map(nameOf);
      const merged = names(overlay(live, stated));
      assert.equal(new Set(merged).size, merged.length);
      assert.deepEqual(merged.slice(0, names(live).length), names(live));
    }),
    RUNS,
  );
});

function deepFreeze(element: Element): Element {
  const copy: Element = {
    ...element,
    attributes: Object.freeze({ ...element.attributes }),
    children: element.children.map(deepFreeze),
  };
  Object.freeze(copy.children);
  return Object.freeze(copy);
}

test('overlay changes neither argument', () => {
  fc.assert(fc.property(anyChannel, anyChannel, (live, stated) => void overlay(deepFreeze(live), deepFreeze(stated))));
  assert.throws(() => Object.assign(deepFreeze(parent('a', [leaf('b', 'c')])), { name: 'd' }));
});
