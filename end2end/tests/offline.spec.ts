import type { Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aggregate, submission } from '../support/api';
import { Ballot, resultsId } from '../support/ballot';
import { alter, backgroundSync, Profile, kept, workerReady } from '../support/profile';
import { Server } from '../support/server';
import { expect, test as base } from '../support/test';

/** A server that can go away, and a browser that can be closed. */
const test = base.extend<{ away: Server; profile: Profile }>({
  away: async ({}, use) => {
    const server = new Server();
    try {
      await server.start();
      await use(server);
    } finally {
      await server.dispose();
    }
  },
  profile: async ({ launchOptions }, use) => {
    const profile = new Profile(launchOptions);
    await use(profile);
    await profile.dispose();
  },
});

/** Background Sync, which the types of browsers do not have. */
declare const SyncManager: { prototype: { register(tag: string): Promise<void> } };

const tag = (page: Page) => page.locator('[data-part=state]');
const line = (page: Page) => page.locator('[data-outbox]');

async function visit(profile: Profile, server: Server, path = '/'): Promise<Page> {
  const page = await profile.open();
  await page.goto(server.url + path);
  await workerReady(page);
  return page;
}

async function splitEvenly(page: Page): Promise<Ballot> {
  const ballot = new Ballot(page);
  await ballot.ready();
  await ballot.button('Even split').click();
  return ballot;
}

test('submitted in a tunnel with the browser closed in between, it counts exactly once', async ({ away, profile }) => {
  await visit(profile, away);
  await profile.close();
  await away.stop();

  let page = await profile.open();
  await page.goto(away.url);
  await (await splitEvenly(page)).submit.click();
  await expect(page).toHaveURL(/\/offline#\d+$/);
  await expect(tag(page)).toHaveText('Not yet sent');
  await expect(page.getByText('Saved on this device, not yet sent.')).toBeVisible();
  await expect(line(page)).toHaveText('1 not yet sent');
  await profile.close();

  await away.start();
  page = await profile.open();
  await page.goto(`${away.url}/about`);
  await expect.poll(async () => (await aggregate(away)).submissions).toBe(1);
  await page.goto(`${away.url}/offline`);
  await expect(tag(page)).toHaveText('Counted');
  await page.getByRole('link', { name: 'See it beside everyone’s' }).click();
  await expect(page.getByRole('heading', { name: 'Your split beside everyone’s' })).toBeVisible();
  const id = await resultsId(page);
  expect((await submission(away, id)).counted).toBe(true);
  await profile.close();

  page = await profile.open();
  await page.goto(away.url);
  await expect.poll(async () => (await kept(page)).outbox.length).toBe(0);
  const { submissions, categories } = await aggregate(away);
  expect([submissions, ...categories.map(({ sum_points }) => sum_points)]).toEqual([1, ...Array(10).fill(1000)]);
});

test('without a connection every page that is for everyone is there, and others say what the device knows', async ({ away, profile }) => {
  const page = await visit(profile, away);
  const id = await (await splitEvenly(page)).send();
  await expect(page.getByText('Your split is counted')).toBeVisible();
  await away.stop();

  for (const [path, heading] of [
    ['/', 'Where should your taxes go?'],
    ['/b/us-fy2024', 'Where should your taxes go?'],
    ['/budgets', 'Choose a budget'],
    ['/about', 'About Allot'],
    ['/b/uk-2024-25/aggregate', /./],
    ['/history', 'My history'],
    [`/results/${id}`, 'Your split'],
    ['/nowhere', 'No connection'],
  ] as const) {
    await page.goto(away.url + path);
    await expect(page.getByRole('heading', { level: 1 }), path).toHaveText(heading);
    expect(await page.evaluate(() => document.styleSheets.length), path).toBeGreaterThan(0);
  }
  await page.goto(`${away.url}/results/${id}`);
  const rows = page.getByRole('row');
  await expect(rows).toHaveCount(11);
  await expect(rows.nth(1)).toHaveText(/Healthcare10%/);
  await expect(page.getByText(/(Everyone’s mean .submissions: \d.|Everyone: mean of \d)/)).toBeVisible();
});

test('a budget that came after the first visit is there without a connection, too', async ({ away, profile }) => {
  const page = await visit(profile, away, '/es/about');
  await away.stop();
  const area = (slug: string, color: string) => `[[categories]]\nslug = "${slug}"\nname = "${slug}"\ndescription = "${slug}"\ncolor = "${color}"\n`;
  writeFileSync(join(away.data, 'town.toml'), `slug = "town"\ntitle = "Our town"\ncurrency = "EUR"\n${area('roads', '#2c86d1')}${area('parks', '#2f9646')}`);
  away.command('budget', 'import', 'town.toml');
  await away.start();
  /** As once the list of budgets is ten minutes old. */
  const forgetTheList = () =>
    page.evaluate(async () => {
      for (const name of await caches.keys()) await (await caches.open(name)).delete('/api/v1/budgets');
    });
  const missing = () =>
    page.evaluate(async (paths) => {
      const found = await Promise.all(paths.map((path) => caches.match(path, { ignoreVary: true })));
      return paths.filter((_, i) => !found[i]);
    }, ['/b/town', '/b/town/aggregate', '/es/b/town', '/es/b/town/aggregate']);
  // A proxy may keep the list for a minute. Each visit lasts for some seconds, as people's do.
  test.setTimeout(150_000);
  const visits = { timeout: 90_000, intervals: [500, 3000] };
  await expect.poll(async () => (await forgetTheList(), await page.reload(), missing()), visits).toEqual([]);
  await away.stop();
  await page.goto(`${away.url}/b/town`);
  await new Ballot(page).ready();
  await page.goto(`${away.url}/es/b/town/aggregate`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('[data-device]')).toHaveCount(0);
});

test('an open page says that it waits, and that it is sent and counted, while somebody looks', async ({ away, profile }) => {
  const page = await visit(profile, away);
  const ballot = await splitEvenly(page);
  await away.stop();
  await ballot.submit.click();
  await expect(tag(page)).toHaveText('Not yet sent');
  await away.start();
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(tag(page)).toHaveText('Counted');
  await expect(line(page)).toHaveText('Sent and counted');
  expect((await aggregate(away)).submissions).toBe(1);
});

test('with no page open the worker sends what waits, once the browser says that there is a connection', async ({ away, profile }) => {
  const page = await visit(profile, away);
  const ballot = await splitEvenly(page);
  await away.stop();
  await ballot.submit.click();
  await expect(tag(page)).toHaveText('Not yet sent');
  const elsewhere = await profile.newTab();
  await page.close();
  await away.start();
  expect((await aggregate(away)).submissions, 'nothing is sent before').toBe(0);
  await backgroundSync(elsewhere, away.url);
  await expect.poll(async () => (await aggregate(away)).submissions).toBe(1);
  expect(elsewhere.url()).toBe('about:blank');
  await elsewhere.goto(`${away.url}/offline`);
  await expect(tag(elsewhere)).toHaveText('Counted');
});

test('a tab that is closed in the middle of sending has asked the browser to wake the worker', async ({ away, profile }) => {
  const page = await visit(profile, away);
  await page.evaluate(() => {
    // Whether a browser without a window allows Background Sync is its own affair.
    SyncManager.prototype.register = async (tag) => void (document.documentElement.dataset.asked = tag);
  });
  const ballot = await splitEvenly(page);
  let held = 0;
  await page.route('**/submissions', () => void held++);
  await ballot.submit.click();
  await expect.poll(() => held).toBe(1);
  await expect(page.locator('html')).toHaveAttribute('data-asked', 'allot-outbox');
  expect((await kept(page)).outbox).toHaveLength(1);
  const elsewhere = await profile.newTab();
  await page.close();
  await backgroundSync(elsewhere, away.url);
  await expect.poll(async () => (await aggregate(away)).submissions).toBe(1);
  await elsewhere.goto(`${away.url}/offline`);
  await expect(tag(elsewhere)).toHaveText('Counted');
});

test('who stays while something waits has the browser asked again', async ({ away, profile }) => {
  const page = await visit(profile, away);
  await away.stop();
  await page.goto(away.url);
  await (await splitEvenly(page)).submit.click();
  await expect(tag(page)).toHaveText('Not yet sent');
  await page.evaluate(() => {
    SyncManager.prototype.register = async (tag) => void (document.documentElement.dataset.asked = tag);
    dispatchEvent(new Event('online'));
  });
  await expect(page.locator('html')).toHaveAttribute('data-asked', 'allot-outbox');
});

test('what was deleted elsewhere is said on the device that sent it', async ({ away, profile }) => {
  const page = await visit(profile, away);
  await (await splitEvenly(page)).send();
  await page.goto(`${away.url}/offline`);
  await expect(tag(page)).toHaveText('Counted');
  const [{ id, manage }] = (await kept(page)).sent;
  const deleted = await fetch(`${away.url}/api/v1/submissions/${id}`, { method: 'DELETE', headers: { authorization: `Bearer ${manage}` } });
  expect(deleted.status).toBe(204);
  await page.reload();
  await expect(tag(page)).toHaveText('Deleted');
  await expect(page.getByText('This split had arrived, and was deleted since. It does not count. If it should, split anew.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'See it beside everyone’s' })).toBeHidden();
  await away.stop();
  await page.reload();
  await expect(tag(page), 'it stays known without a connection').toHaveText('Deleted');
});

test('a split that is kept no longer is not shown, with its code, until somebody comes to remove it', async ({ away, profile }) => {
  const page = await visit(profile, away);
  await (await splitEvenly(page)).send();
  await page.goto(`${away.url}/offline`);
  await expect(page.getByRole('link', { name: 'Export or delete it' })).toBeVisible();
  await alter(page, 'sent', { until: Date.now() - 1 });
  await page.evaluate(() => new BroadcastChannel('allot-outbox').postMessage(0));
  await expect(page.getByText('Nothing waits here')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Export or delete it' })).toHaveCount(0);
  await away.stop();
  await page.reload();
  await expect.poll(async () => (await kept(page)).sent, 'it goes on a start, with a server or without').toEqual([]);
});

test('who asked to be remembered without a connection is, and of two splits the newer one counts', async ({ away, profile }) => {
  const page = await visit(profile, away);
  await away.stop();
  for (const last of ['Healthcare', 'Other']) {
    await page.goto(away.url);
    const ballot = new Ballot(page);
    await ballot.ready();
    await ballot.type(last, '100');
    await page.getByRole('checkbox', { name: /Remember me/ }).check();
    await ballot.submit.click();
    await expect(page).toHaveURL(/\/offline#/);
  }
  await expect(line(page)).toHaveText('2 not yet sent');
  await away.start();
  await page.reload();
  await expect(tag(page)).toHaveText(['Counted', 'Counted']);
  const { submissions, categories } = await aggregate(away);
  expect([submissions, categories.at(-1)!.sum_points]).toEqual([1, 10_000]);
  await page.goto(`${away.url}/history`);
  await expect(page.getByText('Replaced', { exact: true })).toHaveCount(1);
  await expect(page.getByText('Counts', { exact: true })).toHaveCount(1);
});

test('a budget that closed meanwhile refuses it, and the split goes back into the form', async ({ away, profile }) => {
  const page = await visit(profile, away);
  await away.stop();
  await (await splitEvenly(page)).submit.click();
  await expect(tag(page)).toHaveText('Not yet sent');
  away.command('budget', 'close', 'tax-dollars');
  await away.start();
  await page.reload();
  await expect(tag(page)).toHaveText('Not taken');
  await expect(page.getByText('This budget closed before the split arrived. It does not count. You can remove it here and split another budget.')).toBeVisible();
  await expect(line(page)).toHaveText('1 not taken');
  await expect(page.getByRole('button', { name: 'Take it back into the form' })).toBeVisible();
  await page.getByRole('button', { name: 'Remove from this device' }).click();
  await expect(page.getByText('Nothing waits here')).toBeVisible();
  await expect(line(page), 'what was removed was not sent').toHaveText('');
  expect((await kept(page)).outbox).toEqual([]);
});

test('what is on its way already does not go back into the form, and the draft that is there stays', async ({ away, profile }) => {
  const page = await visit(profile, away);
  await away.stop();
  await page.goto(away.url);
  await (await splitEvenly(page)).submit.click();
  const back = page.getByRole('button', { name: 'Take it back into the form' });
  await expect(tag(page)).toHaveText('Not yet sent');
  // Another tab begins to send it.
  await page.evaluate(
    () =>
      new Promise<void>((begun) => {
        const never = new Promise(() => {});
        void navigator.locks.request('allot-outbox', () => (begun(), never));
      }),
  );
  await expect(back).toBeVisible();
  await alter(page, 'outbox', { unsure: true });
  await page.evaluate(() => localStorage.setItem('allot-draft-tax-dollars', 'manual\nhealthcare 2500'));
  await back.click();
  await expect(back).toBeHidden();
  expect(await page.evaluate(() => localStorage.getItem('allot-draft-tax-dollars'))).toBe('manual\nhealthcare 2500');
  expect((await kept(page)).outbox).toHaveLength(1);
});

test('everything can be removed from the device, and is not sent any more', async ({ away, profile }) => {
  const page = await visit(profile, away);
  await away.stop();
  const ballot = await splitEvenly(page);
  await ballot.submit.click();
  await expect(tag(page)).toHaveText('Not yet sent');
  await page.evaluate(() => localStorage.setItem('allot-draft-us-fy2024', 'manual'));
  await page.getByRole('button', { name: 'Remove all of it from this device' }).click();
  await expect(page.getByText('Nothing waits here')).toBeVisible();
  expect(await page.evaluate(() => Object.keys(localStorage)), 'drafts and the yearly tax are gone, too').toEqual([]);
  expect((await kept(page)).outbox).toEqual([]);
  await away.start();
  await page.reload();
  expect((await aggregate(away)).submissions).toBe(0);
});

test('who deletes everything keeps nothing of it on the device either', async ({ away, profile }) => {
  const page = await visit(profile, away, '/history');
  await page.getByRole('button', { name: 'Remember this device' }).click();
  await page.goto(away.url);
  await (await splitEvenly(page)).send();
  expect((await kept(page)).sent).toHaveLength(1);
  await page.goto(`${away.url}/history/delete`);
  await page.getByRole('button', { name: 'Delete 1 split' }).click();
  await expect(page.getByText('counted without you already')).toBeVisible();
  await expect.poll(async () => (await kept(page)).sent).toEqual([]);
});

test('no page that was made for a person is in a cache', async ({ away, profile }) => {
  const page = await visit(profile, away, '/history');
  await page.getByRole('button', { name: 'Remember this device' }).click();
  for (const path of ['/', '/', '/history']) await page.goto(away.url + path);
  await page.goto(away.url);
  const id = await (await splitEvenly(page)).send();
  await page.goto(`${away.url}/results/${id}`);
  const cached = await page.evaluate(async () => {
    const found: { path: string; body: string }[] = [];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const answer = (await cache.match(request))!;
        found.push({ path: new URL(request.url).pathname, body: (answer.headers.get('content-type') ?? '').includes('html') ? await answer.text() : '' });
      }
    }
    return found;
  });
  expect(cached.length).toBeGreaterThan(15);
  expect(cached.filter(({ path }) => /^\/(results|history)/.test(path))).toEqual([]);
  for (const { path, body } of cached) {
    expect(body, path).not.toContain(id);
    expect(body, path).not.toContain('Welcome back');
    expect(body, path).not.toContain('Forget this device');
  }
});

test('a second visit transfers no asset', async ({ away, profile }) => {
  const page = await visit(profile, away);
  const fromNetwork: string[] = [];
  page.context().on('request', (request) => request.serviceWorker() && fromNetwork.push(new URL(request.url()).pathname));
  await page.goto(away.url);
  await new Ballot(page).ready();
  const sizes = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map((entry) => entry as PerformanceResourceTiming)
      .filter(({ name }) => name.includes('/pkg/') || name.includes('/palette/'))
      .map(({ name, transferSize }) => ({ name, transferSize })),
  );
  expect(sizes.length).toBeGreaterThan(3);
  expect(sizes.filter(({ transferSize }) => transferSize > 0)).toEqual([]);
  expect(fromNetwork.filter((path) => path.startsWith('/pkg/'))).toEqual([]);
});
