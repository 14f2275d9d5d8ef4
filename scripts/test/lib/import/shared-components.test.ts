import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedComponents } from '../../../lib/import/shared-components';
import { mapOf, textAt, type Component } from '../../../lib/model';
import { readComponent } from '../rules/org-components';

const queue = (name: string, routing = 'Route'): Component =>
  readComponent(
    'Queue',
    'Chat',
    `<Queue><name>${name}</name><queueRoutingConfig>${routing}</queueRoutingConfig></Queue>`,
  );
const share = (component: Component, existing: readonly string[] = []) => ({
  components: mapOf([component]),
  existing,
});
const nameOf = (...shares: readonly ReturnType<typeof share>[]): string | undefined => {
  const component = sharedComponents(shares, new Map()).get('Queue:Chat');
  return component && textAt(component.root, 'name');
};

test('the shared component is the variant that needs the fewest overrides', () => {
  assert.equal(nameOf(share(queue('A')), share(queue('B')), share(queue('B'))), 'B');
  assert.equal(nameOf(share(queue('B')), share(queue('A')), share(queue('B'))), 'B');
  assert.equal(nameOf(share(queue('A')), share(queue('B'))), 'A');
});

test('a variant whose references are imported comes before one that needs existing components', () => {
  const incomplete = [share(queue('A'), ['QueueRoutingConfig:Route']), share(queue('A'), ['QueueRoutingConfig:Route'])];
  assert.equal(nameOf(...incomplete, share(queue('B'))), 'B');
  assert.equal(nameOf(...incomplete), 'A');
});

test('a component of the source is not shared again', () => {
  assert.equal(sharedComponents([share(queue('A'))], mapOf([queue('Source')])).size, 0);
});
