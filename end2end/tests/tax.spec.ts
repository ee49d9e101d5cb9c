import type { Page } from '@playwright/test';
import { Ballot } from '../support/ballot';
import { expect, test } from '../support/test';

/** The field, in view. */
async function ask(page: Page) {
  await page.getByText('See the shares in money').click();
  return page.getByLabel('My yearly tax');
}

/** The amounts beside the shares, in category order. */
const amounts = (page: Page) => page.locator('[data-part=money]').allTextContents();

test('the shares are shown in money, whatever changes them', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.type('Healthcare', '12.5');
  expect(await amounts(page), 'nobody asked yet').toEqual(Array(10).fill(''));
  const tax = await ask(page);
  await tax.fill('12,000');
  expect((await amounts(page)).slice(0, 2)).toEqual(['$1,500', '$0']);
  await ballot.button('Even split').click();
  await expect.poll(() => amounts(page)).toEqual(Array(10).fill('$1,200'));
  await ballot.button('Undo').click();
  await expect.poll(async () => (await amounts(page)).slice(0, 2)).toEqual(['$1,500', '$0']);
  await ballot.slider('Education').press('PageUp');
  await expect.poll(async () => (await amounts(page))[1]).toBe('$600');
  await ballot.expectConsistent('looking at money');
});

test('an amount is written in the budget’s currency', async ({ page }) => {
  const ballot = await Ballot.open(page, '/b/uk-2024-25');
  await ballot.button('Clear').click();
  await (await ask(page)).fill('9000.50');
  await ballot.slider((await page.getByRole('slider').first().getAttribute('aria-label'))!).press('End');
  await expect.poll(async () => (await amounts(page))[0]).toBe('£9,001');
});

test('the tax stays on this device, over reloads, and is never sent', async ({ page }) => {
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''} ${JSON.stringify(request.headers())}`));
  const ballot = await Ballot.open(page);
  await ballot.button('Even split').click();
  await (await ask(page)).fill('73519');
  await expect.poll(async () => (await amounts(page))[0]).toBe('$7,352');
  await page.reload();
  await ballot.ready();
  await expect(await ask(page)).toHaveValue('73519');
  expect((await amounts(page))[0], 'with the draft, its amounts come back').toBe('$7,352');
  const form = await page.locator('form.ballot').evaluate((form: HTMLFormElement) => JSON.stringify([...new FormData(form)]));
  expect(form).not.toContain('73519');
  await page.getByLabel('My yearly tax').press('Enter');
  await expect(page, 'Enter in the field sends nothing').toHaveURL(/\/$/);
  await ballot.send();
  expect(sent.length).toBeGreaterThan(3);
  expect(sent.filter((request) => request.includes('73519'))).toEqual([]);

  await page.goto('/');
  await ballot.ready();
  await (await ask(page)).fill('');
  expect(await page.evaluate(() => Object.keys(localStorage)), 'emptied, it is forgotten').toEqual([]);
});

test('an amount that can’t be read is said beside its field and keeps nothing from being sent', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.button('Even split').click();
  const tax = await ask(page);
  await tax.fill('a lot');
  await tax.blur();
  await expect(tax).toHaveAttribute('aria-invalid', 'true');
  await expect(tax).toHaveAccessibleDescription(/Write an amount/);
  expect(await amounts(page)).toEqual(Array(10).fill(''));
  await expect(ballot.submit).toBeEnabled();
  await tax.fill('100');
  await expect(tax).not.toHaveAttribute('aria-invalid', 'true');
  expect((await amounts(page))[0]).toBe('$10');
});

for (const width of [320, 360, 1280]) {
  test(`the controls stay where they are when amounts come and change, at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 740 });
    const ballot = await Ballot.open(page);
    const tax = await ask(page);
    const places = () =>
      page.locator('form.ballot').evaluate((form) =>
        [...form.querySelectorAll('input:not([type=hidden]), button, .dock, .slider')]
          .filter((control) => control.checkVisibility())
          .map((control) => {
            const { x, y, width, height } = control.getBoundingClientRect();
            return [x, y + window.scrollY * Number(!control.closest('.dock')), width, height].map(Math.round).join(' ');
          }),
      );
    const before = await places();
    await tax.fill('12345');
    expect.soft(await places()).toEqual(before);
    await ballot.button('Even split').click();
    expect.soft(await places()).toEqual(before);
    await tax.fill('999,999,999');
    await expect.poll(async () => (await amounts(page))[0]).toBe('$100,000,000');
    expect.soft(await places()).toEqual(before);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  });
}

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('there is no field that does nothing', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByText('See the shares in money')).toBeHidden();
  });
});
