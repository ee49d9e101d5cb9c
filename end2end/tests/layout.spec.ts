import { expect, test } from '../support/test';

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

for (const path of ['/', '/b/us-fy2024', '/b/us-fy2024?preset=actual', '/aggregate', '/budgets', '/history', '/about']) {
  test(`nothing jumps while ${path} loads and comes to life`, async ({ page, busyServer }) => {
    await page.addInitScript(() => {
      window.shifts = [];
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries() as (PerformanceEntry & { value: number; sources: { node?: Element }[] })[]) {
          window.shifts.push(`${entry.value} ${entry.sources.map(({ node }) => node?.outerHTML?.slice(0, 80)).join(' | ')}`);
        }
      }).observe({ type: 'layout-shift', buffered: true });
    });
    // The page is painted first and comes to life later, as on a slow connection.
    let painted = Promise.resolve();
    await page.route('**/*.wasm', async (route) => {
      await painted;
      await route.continue();
    });
    for (const width of [320, 360, 1280]) {
      await page.setViewportSize({ width, height: 740 });
      let letGo = () => {};
      painted = new Promise<void>((resolve) => (letGo = resolve));
      await page.goto(busyServer.url + path, { waitUntil: 'domcontentloaded' });
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      letGo();
      await page.waitForLoadState('load');
      if (await page.locator('form.ballot').count()) await expect(page.locator('form[data-ready]')).toBeVisible();
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
      expect.soft(await page.evaluate(() => window.shifts), `at ${width} px`).toEqual([]);
    }
  });
}
