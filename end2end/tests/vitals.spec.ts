import type { Page } from '@playwright/test';
import { Ballot } from '../support/ballot';
import { Server } from '../support/server';
import { expect, test as base } from '../support/test';

/** It asks every visit. */
const test = base.extend<object, { asking: Server }>({
  asking: [
    async ({}, use) => {
      const server = new Server({ ALLOT_WEB_VITALS: '100' });
      try {
        await server.start();
        await use(server);
      } finally {
        await server.dispose();
      }
    },
    { scope: 'worker' },
  ],
});

/** As when the tab is closed or another one is looked at. */
const leave = (page: Page) =>
  page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  });

/** Of all processes together: any of them may have been told. */
async function metrics(server: Server): Promise<Map<string, number>> {
  const all = new Map<string, number>();
  for (const answer of await server.ask('/metrics')) {
    for (const line of (await answer.text()).split('\n').filter((line) => line.startsWith('allot_web_vital'))) {
      const [name, value] = [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))];
      all.set(name, (all.get(name) ?? 0) + value);
    }
  }
  return all;
}

const measuring = (page: Page) => page.waitForResponse((answer) => answer.url().includes('/pkg/vitals.'));

test('a visit tells once how fast its page was, and not whose it is', async ({ page, asking }) => {
  const before = await metrics(asking);
  await page.goto(`${asking.url}/history`);
  await page.getByRole('button', { name: 'Remember this device' }).click();
  expect((await page.context().cookies()).length, 'there is a cookie that could be sent').toBe(1);
  const script = measuring(page);
  const ballot = await Ballot.open(page, asking.url);
  await (await script).finished();
  await ballot.button('More for Healthcare').click();
  await expect(ballot.number('Healthcare')).toHaveValue('0.5');
  const reports: Promise<Record<string, unknown>>[] = [];
  page.on('request', (request) => {
    if (!request.url().endsWith('/vitals')) return;
    reports.push(request.allHeaders().then((headers) => ({ cookie: headers.cookie, ...(request.postDataJSON() as object) })));
  });
  const told = page.waitForResponse((answer) => answer.url().endsWith('/vitals'));
  await leave(page);
  expect((await told).status()).toBe(204);
  await leave(page);
  expect(await Promise.all(reports)).toEqual([
    {
      page: 'allocate',
      ttfb: expect.any(Number),
      fcp: expect.any(Number),
      lcp: expect.any(Number),
      inp: expect.any(Number),
      cls: 0,
      cookie: undefined,
    },
  ]);
  const after = await metrics(asking);
  for (const name of ['lcp', 'fcp', 'inp', 'ttfb']) {
    const count = `allot_web_vital_seconds_count{name="${name}",page="allocate"}`;
    expect((after.get(count) ?? 0) - (before.get(count) ?? 0), name).toBe(1);
  }
});

test.describe('who asks not to be followed', () => {
  for (const [name, value] of [
    ['globalPrivacyControl', true],
    ['doNotTrack', '1'],
  ] as const) {
    test(`is not measured (${name})`, async ({ page, asking }) => {
      await page.addInitScript(([name, value]) => Object.defineProperty(Navigator.prototype, name, { get: () => value }), [name, value] as const);
      const fetched: string[] = [];
      page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
      await page.goto(`${asking.url}/about`);
      // What comes after measuring would have begun.
      await page.evaluate(() => new Promise((done) => setTimeout(() => requestIdleCallback(done))));
      await leave(page);
      expect(fetched.filter((path) => path.includes('vitals'))).toEqual([]);
    });
  }
});

test('what measures is small, and no visit waits for it', async ({ page, asking }) => {
  const script = measuring(page);
  await page.goto(`${asking.url}/about`);
  const answer = await script;
  expect(Number(await answer.headerValue('content-length'))).toBeLessThanOrEqual(1500);
  const { begun, loaded } = await page.evaluate(() => ({
    begun: performance.getEntriesByType('resource').find(({ name }) => name.includes('/pkg/vitals.'))!.startTime,
    loaded: (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).loadEventStart,
  }));
  expect(begun).toBeGreaterThanOrEqual(loaded);
});
