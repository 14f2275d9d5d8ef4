import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * Accessibility violations that axe-core reports for a page, one line per element: rule, element, and fix. A page
 * whose policy blocks scripts needs a context with `bypassCSP`.
 */
export async function accessibilityViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const results = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary = '' }) => `${id} at ${target.join(' ')}: ${failureSummary}`),
  );
}
