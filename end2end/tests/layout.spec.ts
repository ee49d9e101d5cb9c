import type { Page } from '@playwright/test';
import { LANGUAGES } from '../support/language';
import { STATES } from '../support/states';
import { expect, test } from '../support/test';

/** What reaches over the side of the page. */
async function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > clientWidth + 1);
    return [`${scrollWidth} > ${clientWidth}`, ...wide.slice(0, 5).map((e) => e.outerHTML.slice(0, 120))];
  });
}

/** Targets that a finger or a pointer misses: smaller than `least` CSS pixels, links within text excepted. */
async function smallTargets(page: Page, least: number): Promise<string[]> {
  return page.evaluate((least) => {
    const targets = document.querySelectorAll<HTMLElement>('a[href], button, summary, input:not([type=hidden]), select');
    const box = (element: Element) => element.getBoundingClientRect();
    return [...targets]
      .filter((target) => target.checkVisibility({ visibilityProperty: true }) && box(target).width > 1)
      .filter((target) => {
        // WCAG 2.5.8 lets links within a sentence be as high as their line.
        const parent = target.parentElement!;
        const sentence = parent.textContent!.trim().length > target.textContent!.trim().length;
        return !(target.matches('a') && getComputedStyle(target).display === 'inline' && sentence);
      })
      .map((target) => {
        // A label that is pressed works like its control.
        const areas = [target, ...((target as HTMLInputElement).labels ?? [])].map(box);
        const width = Math.max(...areas.map((area) => area.width));
        const height = Math.max(...areas.map((area) => area.height));
        return { name: target.outerHTML.slice(0, 120), width, height };
      })
      .filter(({ width, height }) => width < least - 0.5 || height < least - 0.5)
      .map(({ name, width, height }) => `${Math.round(width)}×${Math.round(height)} ${name}`);
  }, least);
}

test.describe('every state fits', () => {
  test.use({ expectedConsole: { messages: [/status of 4\d\d/] }, hasTouch: true });

  for (const language of LANGUAGES) for (const { name, arrange } of STATES) {
    test(`“${name}” in “${language}” needs no sideways scrolling, and its targets are big enough`, async ({ page, busyServer, strictServer, server }) => {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await page.setViewportSize({ width: 360, height: 740 });
      await arrange(page, { busy: busyServer, strict: strictServer, quiet: server, language });
      for (const width of [320, 360, 1280]) {
        await page.setViewportSize({ width, height: width > 1000 ? 900 : 740 });
        expect.soft(await overflowing(page), `at ${width} px nothing overflows`).toEqual([]);
        expect.soft(await smallTargets(page, 24), `at ${width} px`).toEqual([]);
      }
      const controls = await smallTargets(page, 44);
      expect.soft(controls.filter((target) => !target.includes('<a ') || target.includes('class="button')), 'controls are for thumbs').toEqual([]);
    });
  }
});

test('on a small phone every way of the navigation is in view', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto('/about');
  const ways = page.getByRole('navigation', { name: 'Main' }).getByRole('link');
  for (const way of await ways.all()) await expect.soft(way).toBeInViewport({ ratio: 1 });
});

declare global {
  interface Window {
    shifts: string[];
  }
}

for (const width of [320, 360, 1280]) {
  for (const path of ['/', '/b/us-fy2024', '/b/us-fy2024?preset=actual', '/aggregate', '/budgets', '/history', '/about']) {
    test(`nothing jumps while ${path} loads and comes to life at ${width} px`, async ({ page, busyServer }) => {
      await page.setViewportSize({ width, height: 740 });
      await page.addInitScript(() => {
        window.shifts = [];
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as (PerformanceEntry & { value: number; sources: { node?: Element }[] })[]) {
            window.shifts.push(`${entry.value} ${entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 80)).join(' | ')}`);
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      // The page is painted first and comes to life later, as on a slow connection.
      let letGo = () => {};
      const painted = new Promise<void>((resolve) => (letGo = resolve));
      await page.route('**/*.wasm', async (route) => {
        await painted;
        await route.continue();
      });
      await page.goto(busyServer.url + path, { waitUntil: 'domcontentloaded' });
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      letGo();
      await page.waitForLoadState('load');
      if (await page.locator('form.ballot').count()) await expect(page.locator('form[data-ready]')).toBeVisible();
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      expect(await page.evaluate(() => window.shifts)).toEqual([]);
    });
  }
}
