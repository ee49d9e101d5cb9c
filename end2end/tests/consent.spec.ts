import { aggregate, growth } from '../support/api';
import { Ballot } from '../support/ballot';
import { expect, test } from '../support/test';

const PARTICIPANT = 'allot_participant';

test.describe('before any consent', () => {
  test.use({ expectedConsole: { messages: [/status of 404/] } });

  test('looking around sets no cookie and stores nothing', async ({ page, context }) => {
    for (const path of ['/', '/budgets', '/b/us-fy2024', '/aggregate', '/history', '/about', '/nowhere']) {
      await page.goto(path);
    }
    expect(await context.cookies()).toEqual([]);
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
  });
});

test('declining costs the history and nothing else', async ({ page, context, server }) => {
  const before = await aggregate(server);
  const ballot = await Ballot.open(page);
  await expect(page.getByRole('checkbox', { name: /Remember me/ }), 'consent is never ticked by us').not.toBeChecked();
  for (let i = 0; i < 2; i++) {
    await page.goto('/');
    await ballot.ready();
    await ballot.button('Even split').click();
    await ballot.send();
    await expect(page.getByText('Your split is counted')).toBeVisible();
  }
  expect(growth(before, await aggregate(server)).submissions, 'each stands alone').toBe(2);
  const cookies = await context.cookies();
  expect(cookies.map(({ name }) => name)).not.toContain(PARTICIPANT);
  for (const { httpOnly, path } of cookies) {
    expect(httpOnly && /^(\/en|\/es)?\/results\//.test(path), 'a receipt is for its own page').toBe(true);
  }
  await page.goto('/history');
  await expect(page.getByText('This device is not remembered')).toBeVisible();
});

test('with consent a second split replaces the first', async ({ page, context, server }) => {
  const before = await aggregate(server);
  const ballot = await Ballot.open(page);
  await ballot.button('Even split').click();
  await page.getByRole('checkbox', { name: /Remember me/ }).check();
  await ballot.send();
  const cookie = (await context.cookies()).find(({ name }) => name === PARTICIPANT);
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax' });

  await page.goto('/');
  await ballot.ready();
  await expect(page.getByText('Welcome back')).toBeVisible();
  await expect(page.getByRole('checkbox', { name: /Remember me/ })).toHaveCount(0);
  await ballot.type('Other', '100');
  await ballot.send();
  const after = growth(before, await aggregate(server));
  expect(after).toEqual({ submissions: 1, points: [...Array(9).fill(0), 10_000] });
});

test('a forged cookie is ignored', async ({ page, context, server }) => {
  await context.addCookies([{ name: PARTICIPANT, value: 'AAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAA', url: server.url }]);
  await page.goto('/history');
  await expect(page.getByText('This device is not remembered')).toBeVisible();
});
