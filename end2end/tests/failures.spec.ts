import { Ballot } from '../support/ballot';
import { STATES } from '../support/states';
import { CLOSED_BUDGET, expect, test } from '../support/test';

test.use({ expectedConsole: { messages: [/status of [45]\d\d/] } });

const state = (name: string) => STATES.find((state) => state.name === name)!;

for (const [name, status, heading] of [
  ['not-found', 404, /no page at this address/],
  ['no-such-submission', 404, /no submission at this address/],
  ['gone', 410, /was deleted/],
  ['delete-wrong-code', 403, /Delete this split/],
  ['manage-wrong-code', 403, /Manage this split/],
  ['allocate-refused', 422, /Where should your taxes go/],
  ['allocate-too-many', 429, /Where should your taxes go/],
  ['too-large', 413, /.+/],
  ['busy', 503, /Too busy just now/],
  ['broken', 500, /Something went wrong on our side/],
] as const) {
  test(`“${name}” is a designed page with status ${status} and a way on`, async ({ page, busyServer, strictServer, server }) => {
    test.skip(status >= 500 && process.env.ALLOT_THROUGH === 'nginx', 'what happens to a file does not happen to PostgreSQL');
    const answers: number[] = [];
    page.on('response', (response) => {
      if (response.request().isNavigationRequest()) answers.push(response.status());
    });
    await state(name).arrange(page, { busy: busyServer, strict: strictServer, quiet: server });
    expect(answers.at(-1)).toBe(status);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
    await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
    await expect(page.locator('main').getByRole('link').first()).toBeVisible();
    expect(await page.evaluate(() => document.styleSheets.length)).toBeGreaterThan(0);
    await expect(page).toHaveTitle(/.+ – Allot$/);
  });
}

test('a closed budget says so, offers ways on, and takes nothing', async ({ page, busyServer }) => {
  await page.goto(`${busyServer.url}/b/${CLOSED_BUDGET}`);
  await expect(page.getByRole('heading', { name: 'This budget is closed' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Submit' })).toHaveCount(0);
  await expect(page.locator('main').getByRole('link', { name: 'choose another budget', exact: true })).toBeVisible();
  const refused = await page.request.post(`${busyServer.url}/b/${CLOSED_BUDGET}`, { form: { 'points.health': '100' } });
  expect(refused.status()).toBe(409);
  expect(await refused.text()).toContain('This budget is closed');
  await page.goto(`${busyServer.url}/budgets`);
  await expect(page.getByRole('listitem').filter({ hasText: 'United Kingdom' })).toContainText('Closed');
});

test('over the limit the device keeps the split and the page says when it is sent', async ({ page, strictServer }) => {
  const ballot = await Ballot.open(page, strictServer.url);
  // The first one of the hour may be another test's.
  for (let i = 0; i < 2; i++) {
    await page.goto(strictServer.url);
    await ballot.ready();
    await ballot.button('Even split').click();
    await ballot.submit.click();
    await expect(ballot.hint.filter({ hasText: /Saved on this device/ }).or(page.getByText('Your split is counted'))).toBeVisible();
  }
  await expect(ballot.hint).toHaveText(/Saved on this device, not yet sent. It is sent by itself in about \d+ min/);
  await page.goto(`${strictServer.url}/offline`);
  await expect(page.getByText('too many came from here within an hour').first()).toBeVisible();
});

test('an address with a trailing slash leads to the one without, for good', async ({ request }) => {
  for (const [from, to] of [
    ['/aggregate/', '/aggregate'],
    ['/b/us-fy2024/?preset=even', '/b/us-fy2024?preset=even'],
    ['/about/', '/about'],
  ]) {
    const answer = await request.get(from, { maxRedirects: 0 });
    expect(answer.status(), from).toBe(308);
    expect(answer.headers().location).toBe(to);
  }
});
