import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { aggregate, growth, submit } from '../support/api';
import { expectNoBarriers } from '../support/axe';
import { Ballot, resultsId } from '../support/ballot';
import { expect, test } from '../support/test';

test.use({ expectedConsole: { messages: [/status of (403|410)/] } });

/** Gives everything to one area, as a form without any script. */
async function give(page: Page, area: string, path = '/', remember = true): Promise<string> {
  await page.goto(path);
  const ballot = new Ballot(page);
  await ballot.number(area).fill('100');
  if (remember && (await page.getByRole('checkbox', { name: /Remember me/ }).count())) {
    await page.getByRole('checkbox', { name: /Remember me/ }).check();
  }
  await ballot.submit.click();
  return resultsId(page);
}

/** What a button or link downloads: its name and its text. */
async function downloaded(page: Page, act: () => Promise<void>): Promise<{ name: string; text: string }> {
  const started = page.waitForEvent('download');
  await act();
  const download = await started;
  return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
}

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('everything of this device can be taken along, and then taken back', async ({ page, server }) => {
    const before = await aggregate(server);
    const other = await submit(server, [0, 0, 10_000]);
    const first = await give(page, 'Healthcare');
    const second = await give(page, 'Education');
    const third = await give(page, 'Defense', '/b/us-fy2024');
    const all = [third, second, first];
    expect(growth(before, await aggregate(server)).submissions).toBe(2);

    await page.goto('/history');
    const json = await downloaded(page, () => page.getByRole('link', { name: 'Download as JSON' }).click());
    expect(json.name).toBe('allot-history.json');
    const { submissions } = JSON.parse(json.text);
    expect(submissions.map(({ id }: { id: string }) => id)).toEqual(all);
    expect(submissions.at(-1)).toMatchObject({ budget: 'tax-dollars', counted: false, points: { healthcare: 10_000, education: 0 } });
    const csv = await downloaded(page, () => page.getByRole('link', { name: 'Download as CSV' }).click());
    expect(csv.name).toBe('allot-history.csv');
    const lines = csv.text.trimEnd().split('\r\n');
    expect(lines[0]).toBe('id,budget,submitted_at,counts,category,name,percent');
    expect(lines.filter((line) => line.startsWith(first))).toHaveLength(10);
    expect(csv.text).toMatch(new RegExp(`${second},tax-dollars,[^,]+Z,yes,education,Education,100\r\n`));

    const headers = (await page.request.get('/history/export.json')).headers();
    expect(headers['cache-control']).toBe('private, no-store');
    expect(headers['content-disposition']).toBe('attachment; filename="allot-history.json"');

    await page.getByRole('link', { name: 'Delete everything …' }).click();
    const foreign = await page.request.post('/history/delete', { headers: { origin: 'https://evil.example' } });
    expect(foreign.status()).toBe(403);
    expect(growth(before, await aggregate(server)).submissions, 'the question alone deletes nothing').toBe(2);
    await page.getByRole('button', { name: `Delete ${all.length} splits` }).click();
    await expect(page.getByRole('heading', { name: `${all.length} splits deleted` })).toBeVisible();
    const points = [0, 0, 10_000, 0, 0, 0, 0, 0, 0, 0];
    expect(growth(before, await aggregate(server)), 'only the stranger is left').toEqual({ submissions: 1, points });
    for (const id of all) expect((await page.request.get(`/results/${id}`)).status()).toBe(410);
    expect((await page.request.get(`/results/${other.id}`)).status()).toBe(200);
    await page.goto('/history/delete');
    await expect(page, 'there is nothing left to ask about').toHaveURL(/\/history$/);
  });

  test('a device that is not remembered has nothing to export', async ({ page }) => {
    for (const path of ['/history/export.json', '/history/export.csv', '/history/delete']) {
      await page.goto(path);
      await expect(page, path).toHaveURL(/\/history$/);
    }
  });

  test('the link of the receipt manages its split on another device without a cookie', async ({ page, server, browser }) => {
    const before = await aggregate(server);
    const id = await give(page, 'Environment', '/', false);
    const link = (await page.locator('.receipt a').getAttribute('href'))!;
    const code = await page.locator('.receipt code').innerText();

    const context = await browser.newContext({ javaScriptEnabled: false, baseURL: server.url });
    const device = await context.newPage();
    const answer = (await device.goto(link))!;
    expect(answer.status()).toBe(200);
    expect(answer.headers()).toMatchObject({ 'cache-control': 'private, no-store', 'referrer-policy': 'strict-origin' });
    await expect(device.locator('meta[name=robots]')).toHaveAttribute('content', 'noindex');
    expect(await device.locator('link[rel=canonical]').getAttribute('href')).not.toContain(code);

    const json = await downloaded(device, () => device.getByRole('button', { name: 'Download as JSON' }).click());
    expect(JSON.parse(json.text)).toMatchObject({ id, counted: true, points: { environment: 10_000 } });
    const csv = await downloaded(device, () => device.getByRole('button', { name: 'Download as CSV' }).click());
    expect(csv.name).toBe(`allot-${id}.csv`);
    expect(csv.text.trimEnd().split('\r\n')).toHaveLength(11);

    await device.getByRole('button', { name: 'Delete this split …' }).click();
    expect(device.url()).not.toContain(code);
    expect(growth(before, await aggregate(server)).submissions).toBe(1);
    await device.getByRole('button', { name: 'Delete it' }).click();
    await expect(device.getByRole('heading', { name: 'Deleted', exact: true })).toBeVisible();
    expect(growth(before, await aggregate(server)).submissions).toBe(0);
    expect((await device.goto(link))!.status()).toBe(410);
    expect(await context.cookies()).toEqual([]);
    await context.close();
  });

  test('nobody manages or exports a split without its code', async ({ page, server }) => {
    const { id, manage } = await submit(server, [10_000]);
    expect((await page.goto(`/results/${id}/manage?code=guessed`))!.status()).toBe(403);
    await expect(page.getByText('This code does not belong to this split.')).toBeVisible();
    for (const file of ['export.json', 'export.csv']) {
      expect((await page.request.get(`/results/${id}/${file}`)).status()).toBe(403);
      expect((await page.request.get(`/results/${id}/${file}?code=${manage}`)).status(), 'no code in the address of a file').toBe(403);
      expect((await page.request.post(`/results/${id}/${file}`, { form: { manage: 'guessed' } })).status()).toBe(403);
      const foreign = await page.request.post(`/results/${id}/${file}`, { form: { manage }, headers: { origin: 'https://evil.example' } });
      expect(foreign.status()).toBe(403);
    }
    await page.getByLabel('The code of its receipt').fill(` ${manage}  `);
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(page.getByRole('button', { name: 'Download as JSON' })).toBeVisible();
  });
});

test('nothing on the pages of export and deletion is a barrier', async ({ page, server }) => {
  await page.request.post('/consent', { form: { choice: 'give' } });
  for (const area of ['points.healthcare', 'points.other']) await page.request.post('/', { form: { [area]: '100' } });
  await page.goto('/history');
  await expectNoBarriers(page, 'history');
  await page.getByRole('link', { name: 'Delete everything …' }).click();
  await expectNoBarriers(page, 'the question');
  await page.getByRole('button', { name: 'Delete 2 splits' }).click();
  await expectNoBarriers(page, 'the answer');
  const { id, manage } = await submit(server, [10_000]);
  await page.goto(`/results/${id}/manage?code=${manage}`);
  await expectNoBarriers(page, 'manage');
  await page.goto(`/results/${id}/manage?code=guessed`);
  await expectNoBarriers(page, 'manage with a wrong code');
});
