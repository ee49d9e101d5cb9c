import type { Page } from '@playwright/test';
import { Ballot } from '../support/ballot';
import { expect, test } from '../support/test';

declare global {
  interface Window {
    faded: boolean | undefined;
  }
}

/** Whether the next page fades in. */
async function fades(page: Page): Promise<boolean | undefined> {
  await page.addInitScript(() =>
    addEventListener('pagereveal', (event) => (window.faded = (event as unknown as { viewTransition: unknown }).viewTransition !== null)),
  );
  await page.goto('/about');
  await page.getByRole('link', { name: 'Budgets' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Choose a budget');
  return page.evaluate(() => window.faded);
}

test.describe('who asks for reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('gets pages that don’t fade', async ({ page }) => {
    expect(await fades(page)).toBe(false);
  });

  test('gets controls that don’t move by themselves', async ({ page }) => {
    const ballot = await Ballot.open(page);
    await ballot.autoBalance.check();
    await ballot.button('Even split').click();
    await page.getByText('See the shares in money').click();
    const moving = await page.evaluate(() => {
      const duration = (element: Element, pseudo?: string) => {
        const { transitionDuration, animationName } = getComputedStyle(element, pseudo);
        return transitionDuration.split(', ').some((time) => time !== '0s') || animationName !== 'none';
      };
      const all = [...document.querySelectorAll('*')].filter((element) => [undefined, '::before', '::after'].some((pseudo) => duration(element, pseudo)));
      return [...all.map((element) => element.outerHTML.slice(0, 100)), ...document.getAnimations().map(String)];
    });
    expect(moving).toEqual([]);
    expect(await page.evaluate(() => getComputedStyle(document.documentElement).scrollBehavior)).toBe('auto');
  });
});

test.describe('who doesn’t', () => {
  test.use({ contextOptions: { reducedMotion: 'no-preference' } });

  test('sees one page fade into the next', async ({ page }) => {
    expect(await fades(page)).toBe(true);
  });
});
