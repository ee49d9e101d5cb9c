import { aggregate } from '../support/api';
import { Ballot } from '../support/ballot';
import { expect, test } from '../support/test';

// Browsers that lack what working without a connection needs. These have no worker.

test.use({ expectedConsole: { messages: [/net::ERR_INTERNET_DISCONNECTED/] } });

test('where a worker can’t be had, no page claims that pages are kept', async ({ page }) => {
  await page.goto('/offline');
  await expect(page.getByText('Your browser keeps no pages of this site just now')).toBeVisible();
  await expect(page.getByText('These pages and what everyone said are kept too')).toBeHidden();
  await page.goto('/es/offline');
  await expect(page.getByText('Ahora su navegador no guarda páginas de este sitio')).toBeVisible();
});

test('where there is no room, a split is sent as the form is, and it is said that nothing could be saved', async ({ page, context, server }) => {
  await page.addInitScript(() => {
    const add = IDBObjectStore.prototype.add;
    Object.assign(globalThis, { makeRoom: () => (IDBObjectStore.prototype.add = add) });
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('The disk is full', 'QuotaExceededError');
    };
  });
  const unsaved = page.getByRole('heading', { name: 'The last split could not be saved here' });
  const before = await aggregate(server);
  await page.goto('/offline');
  await expect(page.getByText('Nothing waits here')).toBeVisible();
  await expect(unsaved).toBeHidden();
  let ballot = await Ballot.open(page);
  await ballot.button('Even split').click();
  await ballot.send();
  expect((await aggregate(server)).submissions).toBe(before.submissions + 1);
  await page.goto('/offline');
  await expect(unsaved).toBeVisible();

  ballot = await Ballot.open(page);
  await ballot.button('Even split').click();
  await context.setOffline(true);
  await ballot.submit.click();
  await expect(ballot.hint).toContainText('There is no connection, and your browser keeps nothing for this site just now.');
  expect((await ballot.shown()).points, 'the numbers stay').toEqual(Array(10).fill(1000));
  await context.setOffline(false);
  await page.evaluate(() => (globalThis as unknown as { makeRoom(): void }).makeRoom());
  await ballot.send();
  expect((await aggregate(server)).submissions).toBe(before.submissions + 2);
  await page.goto('/offline');
  await expect(page.getByText('Counted', { exact: true })).toBeVisible();
  await expect(unsaved).toBeHidden();
});
