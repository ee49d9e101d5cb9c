import type { Page } from '@playwright/test';
import { aggregate, growth, submission } from '../support/api';
import { Ballot, resultsId } from '../support/ballot';
import { expect, test } from '../support/test';

test.use({ javaScriptEnabled: false, expectedConsole: { messages: [/status of (403|410|422)/] } });

/** The form as it is, without waiting for a script that never comes. */
async function open(page: Page, path = '/'): Promise<Ballot> {
  await page.goto(path);
  return new Ballot(page);
}

/** Every field as the form would send it. */
const fields = async (page: Page) =>
  Object.fromEntries(await page.locator('form[method=post]').evaluate((form: HTMLFormElement) => [...new FormData(form)] as [string, string][]));

async function fill(ballot: Ballot, shares: Record<string, string>): Promise<void> {
  for (const [name, percent] of Object.entries(shares)) await ballot.number(name).fill(percent);
}

const values = async (page: Page) =>
  Promise.all((await page.locator('input[name^="points."]').all()).map((field) => field.inputValue()));

test('the form submits and leads to the results, which lead to everyone', async ({ page, server }) => {
  const before = await aggregate(server);
  const ballot = await open(page);
  await expect(page.getByRole('slider'), 'what does nothing is not shown').toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Undo' })).toBeHidden();
  await expect(page.getByText('exactly 100', { exact: false }).first()).toBeVisible();
  await fill(ballot, { Healthcare: '60', Education: '39.99', Other: '0.01' });
  const answer = page.waitForResponse((response) => response.request().method() === 'POST');
  await ballot.submit.click();
  expect((await answer).status()).toBe(303);
  const id = await resultsId(page);
  expect((await submission(server, id)).points).toMatchObject({ healthcare: 6000, education: 3999, other: 1 });
  const points = [6000, 3999, 0, 0, 0, 0, 0, 0, 0, 1];
  expect(growth(before, await aggregate(server))).toEqual({ submissions: 1, points });

  await page.getByText('All figures as a table').click();
  await expect(page.getByRole('row', { name: /^Education 39\.99%/ })).toBeVisible();
  await page.getByRole('link', { name: 'See what everyone said' }).click();
  // Without a script the page stays as a proxy had it, which may be some seconds old.
  const everyone = page.getByText(/^The mean split of/);
  await expect.poll(async () => (await everyone.isVisible()) || (await page.reload(), everyone.isVisible())).toBe(true);
  await page.getByRole('link', { name: 'Choose another budget' }).click();
  await page.getByRole('link', { name: /^Split.*United States/ }).click();
  await expect(page).toHaveURL(/\/b\/us-fy2024$/);
});

test('errors stand beside their fields, with everything kept as it was typed', async ({ page, server }) => {
  const before = await aggregate(server);
  const ballot = await open(page);
  await fill(ballot, { Healthcare: '60', Education: 'lots', Environment: '12.345', Other: ' 7 ' });
  const typed = await values(page);
  const answer = page.waitForResponse((response) => response.request().method() === 'POST');
  await ballot.submit.click();
  expect((await answer).status()).toBe(422);
  expect(await values(page)).toEqual(typed);
  for (const name of ['Education', 'Environment']) {
    await expect(ballot.number(name)).toHaveAttribute('aria-invalid', 'true');
    await expect(ballot.number(name)).toHaveAccessibleDescription(new RegExp(`${name} .+`));
  }
  await expect(ballot.number('Other')).not.toHaveAttribute('aria-invalid', 'true');

  await fill(ballot, { Education: '20', Environment: '0.5' });
  await ballot.submit.click();
  await expect(page.getByText('The areas add up to 87.5%: 12.5% is left to give.')).toBeVisible();
  await fill(ballot, { Environment: '13.01' });
  await ballot.submit.click();
  await expect(page.getByText('The areas add up to 100.01%: take away 0.01%.')).toBeVisible();
  expect(growth(before, await aggregate(server)).submissions).toBe(0);

  await fill(ballot, { Environment: '13' });
  await ballot.submit.click();
  await resultsId(page);
  expect(growth(before, await aggregate(server)).submissions).toBe(1);
});

test('an error is said at the top of the page too, where somebody who sent the form looks first', async ({ page }) => {
  const ballot = await open(page);
  await fill(ballot, { Healthcare: 'lots' });
  await ballot.submit.click();
  await expect(page.getByRole('heading', { name: /can’t be read/ })).toBeInViewport();
  await ballot.number('Healthcare').fill('50');
  await ballot.submit.click();
  await expect(page.getByRole('heading', { name: /not 100%/ })).toBeInViewport();
});

test('a form that is sent twice counts once', async ({ page, server }) => {
  const before = await aggregate(server);
  const ballot = await open(page);
  await fill(ballot, { Healthcare: '100' });
  const form = await fields(page);
  await ballot.submit.dblclick();
  const id = await resultsId(page);
  const again = await page.request.post('/', { form, maxRedirects: 0 });
  expect(again.status()).toBe(303);
  expect(again.headers().location).toBe(`/results/${id}`);
  expect(growth(before, await aggregate(server)).submissions).toBe(1);
});

test('a form with consent that is sent twice makes one person', async ({ page, server, context, request }) => {
  const before = await aggregate(server);
  const ballot = await open(page);
  await fill(ballot, { Healthcare: '100' });
  await page.getByRole('checkbox', { name: /Remember me/ }).check();
  const form = await fields(page);
  await ballot.submit.dblclick();
  await resultsId(page);
  const own = (await context.cookies()).find(({ name }) => name === 'allot_participant')!.value;
  // As the second click does: before the answer to the first has brought the cookie.
  const again = await request.post('/', { form, maxRedirects: 0 });
  expect(again.status()).toBe(303);
  const given = again.headersArray().filter(({ name }) => name.toLowerCase() === 'set-cookie');
  expect(given.map(({ value }) => value.split(';')[0])).toContain(`allot_participant=${own}`);

  await page.getByRole('link', { name: 'History' }).click();
  await expect(page.locator('main').getByRole('listitem')).toHaveCount(1);
  await page.goto('/');
  await fill(ballot, { Other: '100' });
  await ballot.submit.click();
  await resultsId(page);
  expect(growth(before, await aggregate(server)).submissions, 'the newer one replaces it').toBe(1);
});

test('presets fill the form', async ({ page }) => {
  const ballot = await open(page, '/b/us-fy2024');
  await ballot.button('Even split').click();
  expect(await values(page)).toEqual(Array(8).fill('12.5'));
  await ballot.button('Actual spending').click();
  const total = (await values(page)).reduce((sum, value) => sum + Math.round(Number(value) * 100), 0);
  expect(total).toBe(10_000);
  await ballot.submit.click();
  await resultsId(page);
});

test('with consent, the newest of several splits counts, the history lists them, and forgetting ends it', async ({
  page,
  server,
  context,
}) => {
  const before = await aggregate(server);
  const ballot = await open(page);
  await fill(ballot, { Healthcare: '100' });
  await page.getByRole('checkbox', { name: /Remember me/ }).check();
  await ballot.submit.click();
  await resultsId(page);
  await page.getByRole('link', { name: 'Allocate', exact: true }).click();
  await expect(page.getByText('Welcome back')).toBeVisible();
  await ballot.button('My last one').click();
  await expect(ballot.number('Healthcare')).toHaveValue('100');
  await fill(ballot, { Healthcare: '0', Other: '100' });
  await ballot.submit.click();
  const newest = await resultsId(page);
  const only = (i: number) => Array.from({ length: 10 }, (_, k) => (k === i ? 10_000 : 0));
  expect(growth(before, await aggregate(server))).toEqual({ submissions: 1, points: only(9) });

  await page.getByRole('link', { name: 'History' }).click();
  const past = page.locator('main').getByRole('listitem');
  await expect(past).toHaveCount(2);
  await expect(past.first()).toContainText('Counts');
  await expect(past.last()).toContainText('Replaced');

  await past.first().getByRole('link', { name: /^Delete/ }).click();
  await page.getByRole('button', { name: 'Delete it' }).click();
  await expect(page.getByRole('heading', { name: 'Deleted', exact: true })).toBeVisible();
  expect(growth(before, await aggregate(server)), 'the one before counts again').toEqual({ submissions: 1, points: only(0) });
  expect((await page.goto(`/results/${newest}`))!.status()).toBe(410);

  await page.getByRole('link', { name: 'History' }).click();
  await expect(past).toHaveCount(1);
  await page.getByRole('button', { name: 'Forget this device' }).click();
  await expect(page.getByText('This device is not remembered')).toBeVisible();
  expect((await context.cookies()).map(({ name }) => name)).not.toContain('allot_participant');
});

test('the receipt deletes its split without any cookie of a participant, and nobody else can', async ({ page, server, browser }) => {
  const before = await aggregate(server);
  const ballot = await open(page);
  await fill(ballot, { Environment: '100' });
  await ballot.submit.click();
  const id = await resultsId(page);
  const code = await page.locator('main code').innerText();

  const stranger = await browser.newPage({ javaScriptEnabled: false, baseURL: server.url });
  await stranger.goto(`/results/${id}`);
  await expect(stranger.locator('main code')).toHaveCount(0);
  await stranger.getByRole('link', { name: 'Delete this split' }).click();
  await stranger.getByLabel('The code of its receipt').fill('guessed');
  await stranger.getByRole('button', { name: 'Delete it' }).click();
  await expect(stranger.getByText('This code does not belong to this split.')).toBeVisible();
  expect(growth(before, await aggregate(server)).submissions).toBe(1);
  await stranger.getByLabel('The code of its receipt').fill(`  ${code} `);
  await stranger.getByRole('button', { name: 'Delete it' }).click();
  await expect(stranger.getByRole('heading', { name: 'Deleted', exact: true })).toBeVisible();
  await stranger.close();

  expect(growth(before, await aggregate(server)).submissions).toBe(0);
  await page.getByRole('button', { name: /Delete this split/ }).click();
  await expect(page.getByRole('heading', { name: /was deleted/ })).toBeVisible();
});

test('the choice to be remembered can be made and unmade at any time from every page', async ({ page, context }) => {
  await page.goto('/about');
  await page.getByRole('link', { name: 'Cookies and this device' }).click();
  expect(await context.cookies()).toEqual([]);
  await page.getByRole('button', { name: 'Remember this device' }).click();
  const [cookie, ...more] = await context.cookies();
  expect(more).toEqual([]);
  expect(cookie).toMatchObject({ name: 'allot_participant', httpOnly: true, sameSite: 'Lax', path: '/' });
  await expect(page.getByText('This device is remembered by one cookie')).toBeVisible();
  await page.getByRole('button', { name: 'Forget this device' }).click();
  expect(await context.cookies()).toEqual([]);
});
