import type { Page } from '@playwright/test';
import { Ballot } from '../support/ballot';
import { expect, test } from '../support/test';

/** None of our languages is written from right to left yet: the page is turned around by hand. */
async function turn(page: Page): Promise<void> {
  await page.evaluate(() => document.documentElement.setAttribute('dir', 'rtl'));
}

for (const width of [360, 1280]) {
  test.describe(`from right to left at ${width} px`, () => {
    test.use({ viewport: { width, height: 740 } });

    for (const path of ['/', '/b/us-fy2024?preset=actual', '/aggregate', '/b/us-fy2024/aggregate', '/budgets', '/history', '/about', '/nowhere']) {
      test.describe(() => {
        test.use({ expectedConsole: { messages: [/status of 404/] } });

        test(`${path} needs no sideways scrolling, and the skip link comes into view`, async ({ page, busyServer }) => {
          await page.goto(busyServer.url + path);
          await turn(page);
          for (const summary of await page.locator('summary').all()) await summary.click();
          const [needed, there] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
          expect(needed).toBeLessThanOrEqual(there);
          await page.locator('body').evaluate((body) => {
            body.tabIndex = -1;
            body.focus();
          });
          await page.keyboard.press('Tab');
          const skip = page.getByRole('link', { name: 'Skip to main content' });
          await expect(skip).toBeFocused();
          await expect(skip).toBeInViewport({ ratio: 1 });
        });
      });
    }

    test('a slider fills from the right, where its thumb starts', async ({ page }) => {
      const ballot = await Ballot.open(page);
      await turn(page);
      const slider = ballot.slider('Healthcare');
      const box = (await slider.boundingBox())!;
      await slider.click({ position: { x: box.width * 0.7, y: box.height / 2 } });
      const { points } = await ballot.expectConsistent('a click in the right third');
      expect(points[0]).toBeGreaterThan(2000);
      expect(points[0]).toBeLessThan(4000);
      await slider.press('ArrowLeft');
      expect((await ballot.shown()).points[0], 'left is more').toBe(points[0] + 50);
      const fill = await page.locator('.share').first().locator('.fill').evaluate((line) => line.getBoundingClientRect().toJSON() as DOMRect);
      const track = await page.locator('.share').first().locator('.groove').evaluate((line) => line.getBoundingClientRect().toJSON() as DOMRect);
      expect(Math.abs(fill.right - track.right), 'it begins at the right').toBeLessThan(8);
      expect(Math.abs(fill.width / track.width - (points[0] + 50) / 10_000)).toBeLessThan(0.05);
      await ballot.button('Even split').click();
      await ballot.expectConsistent('a preset');
    });
  });
}
