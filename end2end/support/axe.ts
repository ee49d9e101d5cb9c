import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';
import { expect } from './test';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

type Scheme = 'light' | 'dark';

/**
 * What stands in somebody's way on the page as it is now, a line each. Light is looked at for everything; what can be
 * otherwise in the dark are colours. (The enhanced contrast of level AAA is asked for by nobody.)
 */
export async function barriers(page: Page, colorScheme: Scheme): Promise<string[]> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  // Evaluated by the browser's debugger, which the page's content security policy doesn't concern.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  const options: RunOptions = colorScheme === 'light' ? { rules: { 'target-size': { enabled: true } } } : { runOnly: ['cat.color'], rules: { 'color-contrast-enhanced': { enabled: false } } };
  const { violations } = await page.evaluate(
    (options) => (window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(options),
    options,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)} ${node.any.map((check) => check.message).join('; ')}`),
  );
}

/** Nothing on the page as it is now stands in somebody's way. */
export async function expectNoBarriers(page: Page, state: string, schemes: Scheme[] = ['light', 'dark']): Promise<void> {
  for (const scheme of schemes) expect(await barriers(page, scheme), `${state}, ${scheme}`).toEqual([]);
}
