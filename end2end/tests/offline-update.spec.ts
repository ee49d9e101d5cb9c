import type { Page } from '@playwright/test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { aggregate } from '../support/api';
import { Ballot, resultsId } from '../support/ballot';
import { nextBuild } from '../support/build';
import { workerReady } from '../support/profile';
import { Server } from '../support/server';
import { expect, test } from '../support/test';

test.use({ serviceWorkers: 'allow', expectedConsole: { messages: [/net::ERR_/] } });

const site = process.env.ALLOT_SITE_ROOT!;
const style = (page: Page) => page.locator('link[rel=stylesheet][href^="/pkg/"]').getAttribute('href');
const program = (page: Page) => page.locator('link[rel=preload][href$=".wasm"]').getAttribute('href');
const cacheNames = (page: Page) => page.evaluate(() => caches.keys());
const oldCaches = async (page: Page) => (await cacheNames(page)).filter((name) => !name.includes('0123456789abcdef'));

test('open pages go on when a new version is served, say so, and switch without losing the draft', async ({ page, context }) => {
  const folder = mkdtempSync(join(tmpdir(), 'allot-site-'));
  nextBuild(site, folder);
  const environment: Record<string, string> = { ALLOT_SITE_ROOT: site };
  const server = new Server(environment);
  try {
    await server.start();
    await page.goto(server.url);
    await workerReady(page);
    // From the second visit on the worker is in charge.
    await page.reload();
    const ballot = new Ballot(page);
    await ballot.ready();
    const other = await Ballot.open(await context.newPage(), server.url);
    const idle = await context.newPage();
    await idle.goto(`${server.url}/about`);
    const old = (await style(page))!;
    const oldProgram = (await program(page))!;
    await server.stop();
    environment.ALLOT_SITE_ROOT = folder;
    await server.start();

    for (const file of [old, oldProgram]) {
      const answer = await page.request.get(server.url + file);
      expect([answer.status(), answer.headers()['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
    }
    await other.button('Even split').click();
    await other.send();
    expect((await aggregate(server)).submissions, 'a page of the old build submits to the new one').toBe(1);
    await other.page.close();

    await ballot.button('Even split').click();
    await page.evaluate(async () => void (await (await navigator.serviceWorker.ready).update()));
    await expect(page.getByText('A new version of this site is ready.')).toBeVisible();
    expect(await style(page), 'nothing changes before somebody wants it').toBe(old);
    await page.getByRole('button', { name: 'Switch to it' }).click();
    await expect.poll(() => style(page).catch(() => old)).not.toBe(old);
    await ballot.ready();
    expect(await program(page)).not.toBe(oldProgram);
    expect((await ballot.shown()).points).toEqual(Array(10).fill(1000));
    await expect(page.getByText('A new version of this site is ready.')).toBeHidden();
    await ballot.submit.click();
    await resultsId(page);
    expect((await aggregate(server)).submissions).toBe(2);

    // The outbox, which every page has, is the same in both builds; the style of the page that is still open is not.
    expect(await style(idle)).toBe(old);
    expect((await oldCaches(page)).map((name) => name.split('-').pop()).sort(), 'what an open page may need stays').toEqual(['assets', 'pages']);
    await idle.close();
    await expect
      .poll(async () => {
        await page.reload();
        return oldCaches(page);
      }, 'nothing of the old build is open any more')
      .toEqual([]);
  } finally {
    await server.dispose();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('the operator can remove the worker and its caches from every browser', async ({ page }) => {
  const environment: Record<string, string> = {};
  const server = new Server(environment);
  try {
    await server.start();
    await page.goto(server.url);
    await workerReady(page);
    expect((await cacheNames(page)).length).toBe(2);
    await page.goto(`${server.url}/offline`);
    await expect(page.getByText('These pages and what everyone said are kept too')).toBeVisible();
    await server.stop();
    environment.ALLOT_SERVICE_WORKER = 'off';
    await server.start();
    await expect
      .poll(async () => {
        await page.goto(`${server.url}/about`);
        return [await cacheNames(page), await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)];
      })
      .toEqual([[], 0]);
    // Not at the address that the browser itself may still have.
    await page.goto(`${server.url}/en/offline`);
    await expect(page.getByText('Your browser keeps no pages of this site just now')).toBeVisible();
    await expect(page.getByText('These pages and what everyone said are kept too')).toBeHidden();
    expect(await (await page.request.get(`${server.url}/sw.js`)).text()).not.toContain('fetch');
  } finally {
    await server.dispose();
  }
});

test('without IndexedDB everything works with a connection', async ({ page, server }) => {
  await page.addInitScript(() => Object.defineProperty(globalThis, 'indexedDB', { value: undefined }));
  const before = await aggregate(server);
  const ballot = await Ballot.open(page);
  await ballot.button('Even split').click();
  await ballot.send();
  expect((await aggregate(server)).submissions).toBe(before.submissions + 1);
  await page.goto('/offline');
  await expect(page.getByRole('heading', { name: 'Your browser keeps nothing for this site' })).toBeVisible();
});
