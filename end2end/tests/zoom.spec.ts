import { Ballot } from '../support/ballot';
import { tabTo } from '../support/keyboard';
import { expect, test } from '../support/test';

// A window of 1280 × 1024 pixels at 400 %.
test.use({ viewport: { width: 320, height: 256 } });

test('at 400 % the whole job can be done, and nothing that sticks covers what has the focus', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await tabTo(page, ballot.button('Even split'));
  await page.keyboard.press('Enter');
  await tabTo(page, ballot.number('Other'));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('9');
  await expect(ballot.left).toHaveText('1% left to give');
  await tabTo(page, ballot.button('More for Other'));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await ballot.expectConsistent('work at 400 %');
  await tabTo(page, ballot.submit);
  await page.keyboard.press('Enter');
  await expect(page.getByText('Your split is counted')).toBeVisible();
});

test('at 400 % the page scrolls in one direction only, and most of the window is for what is read', async ({ page }) => {
  await Ballot.open(page);
  for (const y of [0, 300, 100_000]) {
    await page.evaluate((y) => window.scrollTo(0, y), y);
    const covered = await page.evaluate(
      () =>
        [...document.querySelectorAll<HTMLElement>('body *')]
          .filter((element) => ['sticky', 'fixed'].includes(getComputedStyle(element).position) && element.checkVisibility())
          .map((element) => element.className),
    );
    expect(covered, 'nothing sticks to such a low window').toEqual([]);
    await page.evaluate(() => window.scrollBy(1000, 0));
    expect(await page.evaluate(() => window.scrollX)).toBe(0);
  }
});
