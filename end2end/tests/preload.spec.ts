import { expect, test } from '../support/test';

test('the script and the WASM of the sliders are asked for by the head of the page, and only once', async ({ page }) => {
  await page.goto('/');
  await expect(page.locator('form[data-ready]')).toBeVisible();
  const fetched = () =>
    page.evaluate(() =>
      (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
        .filter((entry) => /\/pkg\/allot\.\w+\.(js|wasm)$/.test(entry.name))
        .map((entry) => ({ kind: entry.name.split('.').pop(), by: entry.initiatorType })),
    );
  await expect.poll(async () => (await fetched()).map(({ kind }) => kind).sort()).toEqual(['js', 'wasm']);
  expect((await fetched()).find(({ kind }) => kind === 'wasm')?.by).toBe('link');
});
