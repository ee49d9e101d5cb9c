import type { Page } from '@playwright/test';
import { aggregate, growth, submission } from '../support/api';
import { Ballot, WHOLE, resultsId } from '../support/ballot';
import { sendAnotherAfterGoingBack } from '../support/going-back';
import { Server } from '../support/server';
import { expect, test } from '../support/test';

/** Holds the WASM back until it is let go, like a slow connection. */
async function heldBack(page: Page): Promise<() => void> {
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/*.wasm', async (route) => {
    await gate;
    await route.continue();
  });
  return letGo;
}

test('a draft survives a reload, with its locks and the switch', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.type('Healthcare', '12.34');
  await ballot.button('Lock Healthcare').click();
  await ballot.autoBalance.check();
  await ballot.button('More for Other').click();
  await expect(page.getByRole('status')).toHaveText('87.16% left to give');
  const before = await ballot.shown();
  await page.reload();
  await ballot.ready();
  expect(await ballot.shown()).toEqual(before);
  await expect(ballot.button('Lock Healthcare')).toHaveAttribute('aria-pressed', 'true');
  await expect(ballot.autoBalance).toBeChecked();
});

test('a change made the moment before a reload is in the draft too', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.button('Even split').click();
  await page.reload();
  await ballot.ready();
  expect((await ballot.shown()).points).toEqual(Array(10).fill(1000));
});

test('drafts of two budgets don’t mix, and a submitted one is gone', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.button('Even split').click();
  await expect(page.getByRole('status')).toHaveText('All 100% given');
  await page.goto('/b/us-fy2024');
  await ballot.ready();
  await expect(ballot.left).toHaveText('100% left to give');
  await page.goto('/');
  await ballot.ready();
  await ballot.send();
  await page.goto('/');
  await ballot.ready();
  await expect(ballot.left).toHaveText('100% left to give');
});

test('a slider moved and a number typed before the script arrived keep their values', async ({ page }) => {
  const letGo = await heldBack(page);
  await page.goto('/', { waitUntil: 'domcontentloaded' });
  const ballot = new Ballot(page);
  await ballot.slider('Healthcare').focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
  await ballot.type('Education', '33.33');
  letGo();
  await ballot.ready();
  const { points } = await ballot.expectConsistent('the script arrived');
  expect(points.slice(0, 3)).toEqual([250, 3333, 0]);
});

test('the form can be sent before the script has arrived', async ({ page }) => {
  const letGo = await heldBack(page);
  await page.goto('/', { waitUntil: 'domcontentloaded' });
  const ballot = new Ballot(page);
  await ballot.type('Education', '99.5');
  await ballot.type('Other', '0.5');
  await ballot.submit.click();
  await resultsId(page);
  letGo();
});

test.describe('after a refusal without the script', () => {
  test.use({ expectedConsole: { messages: [/status of 422/] } });

  test('the script that arrives then keeps what was typed', async ({ page }) => {
    const letGo = await heldBack(page);
    await page.goto('/', { waitUntil: 'domcontentloaded' });
    const ballot = new Ballot(page);
    await ballot.type('Healthcare', 'lots');
    await ballot.type('Education', '33.33');
    await ballot.submit.click();
    await expect(ballot.number('Healthcare')).toHaveAttribute('aria-invalid', 'true');
    letGo();
    await ballot.ready();
    await expect(ballot.number('Healthcare')).toHaveValue('lots');
    await expect(ballot.number('Education')).toHaveValue('33.33');
    await ballot.type('Healthcare', '12.5');
    await expect(ballot.number('Healthcare'), 'a mended field is not marked any more').not.toHaveAttribute('aria-invalid', 'true');
  });
});

test('a double click on submit counts once', async ({ page, server }) => {
  const before = await aggregate(server);
  const ballot = await Ballot.open(page);
  await ballot.button('Even split').click();
  await ballot.submit.dblclick();
  await resultsId(page);
  expect(growth(before, await aggregate(server)).submissions).toBe(1);
});

test.describe('when the connection breaks', () => {
  test.use({ expectedConsole: { messages: [/net::ERR_CONNECTION_(RESET|REFUSED)/] } });

  test('an answer that got lost on its way is asked for again and counts once', async ({ page, server }) => {
    const before = await aggregate(server);
    const ballot = await Ballot.open(page);
    await ballot.button('Even split').click();
    let lost = 0;
    await page.route('**/api/v1/**', async (route) => {
      if (lost++ > 0) return route.continue();
      await route.fetch();
      await route.abort('connectionreset');
    });
    await ballot.send();
    expect(lost, 'it was sent twice').toBe(2);
    expect(growth(before, await aggregate(server))).toEqual({ submissions: 1, points: Array(10).fill(1000) });
  });

  test('a server that is away loses nothing: it is said, all is kept, and once it is back it counts once', async ({ page }) => {
    const server = new Server();
    await server.start();
    try {
      const ballot = await Ballot.open(page, server.url);
      await ballot.button('Even split').click();
      await ballot.type('Healthcare', '9.99');
      await ballot.type('Other', '10.01');
      await server.stop();
      await ballot.submit.click();
      await expect(ballot.hint).toContainText('Saved on this device, not yet sent');
      await expect(page.locator('[data-outbox]')).toHaveText('1 not yet sent');

      await server.start();
      await page.reload();
      await expect(page.locator('[data-outbox]')).toHaveText('Sent and counted');
      await page.goto(`${server.url}/offline`);
      await page.getByRole('link', { name: 'See it beside everyone’s' }).click();
      expect((await submission(server, await resultsId(page))).points.healthcare).toBe(999);
      const { submissions, categories } = await aggregate(server);
      expect(submissions).toBe(1);
      expect(categories.reduce((total, category) => total + category.sum_points, 0)).toBe(WHOLE);
    } finally {
      await server.dispose();
    }
  });
});

test.describe('after going back to a form that was sent', () => {
  test.use({ expectedConsole: { messages: [/status of 409/] } });

  test('another split can be sent, and counts as a second one', async ({ page, server }) => {
    await sendAnotherAfterGoingBack(page, server);
  });
});

test('where the sliders can not start, the page is the plain form that it was without them', async ({ browser, server }) => {
  // Its console may complain: it is not the watched one.
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: '' }));
  await page.goto(server.url);
  await expect(page.locator('html')).toHaveAttribute('data-app', 'failed');
  await expect(page.getByRole('slider')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Less for Healthcare' })).toBeHidden();
  await expect(page.getByText('All areas together: exactly 100%')).toBeVisible();
  const ballot = new Ballot(page);
  await ballot.number('Healthcare').fill('100');
  await ballot.submit.click();
  await expect(page).toHaveURL(/\/results\//);
  await context.close();
});
