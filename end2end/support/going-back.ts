import type { Page } from '@playwright/test';
import { aggregate, growth } from './api';
import { Ballot, resultsId } from './ballot';
import type { Server } from './server';
import { expect } from './test';

/** Submits, goes back, and sends another split. The form's id is spent by then. */
export async function sendAnotherAfterGoingBack(page: Page, server: Server): Promise<void> {
  const before = await aggregate(server);
  const ballot = await Ballot.open(page);
  await ballot.button('Even split').click();
  const first = await ballot.send();

  // Not `page.goBack`, which waits for a load; a page that was kept in memory doesn't load.
  await page.evaluate(() => history.back());
  await expect(page).not.toHaveURL(/results/);
  await ballot.ready();
  await ballot.button('Clear').click();
  await ballot.type('Other', '100');
  await ballot.submit.click();
  // It takes a fresh id by itself.
  await expect(page).toHaveURL(/\/results\//);
  expect(await resultsId(page)).not.toBe(first);
  expect(growth(before, await aggregate(server))).toEqual({ submissions: 2, points: [...Array(9).fill(1000), 11_000] });
}
