import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { expect } from './test';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Nothing on the page as it is now stands in somebody's way, in light and in dark. */
export async function expectNoBarriers(page: Page, state: string, schemes: ('light' | 'dark')[] = ['light', 'dark']): Promise<void> {
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Evaluated by the browser's debugger, which the page's content security policy doesn't concern.
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(
      () =>
        (window as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
          rules: { 'target-size': { enabled: true } },
        }),
    );
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html.slice(0, 160)} ${node.any.map((check) => check.message).join('; ')}`).join(' ')}`), `${state}, ${colorScheme}`).toEqual([]);
  }
}
