import type { BrowserContext, Page } from '@playwright/test';
import { aggregate, definition } from '../support/api';
import { WHOLE } from '../support/ballot';
import { Network, type Fault } from '../support/faults';
import { kept, workerReady, type Kept } from '../support/profile';
import { random } from '../support/random';
import { Server } from '../support/server';
import { expect, test } from '../support/test';
import { beforeLong, within } from '../support/within';

const DEVICES = 6;
/** At the least, and at the most: tabs are closed while they submit, so how many submissions come out of a round differs. */
const ROUNDS = [4, 24];
const TABS = 2;
const IN_A_TAB = 20;
const ENOUGH = 1000;
const DAY = 86_400_000;
/** How far off each device's clock is. */
const CLOCKS = [0, -3 * DAY, 3 * DAY, -200 * DAY, 0, 45 * DAY];
/** Many times what a step takes where six browsers share two processors: what takes longer stands still. */
const PATIENCE = 90_000;
const FAULTS: Fault[] = ['cut-before', 'lost-after', 'half-an-answer', 'unavailable', 'bad-gateway', 'sign-in-page'];

declare const allot: { submit(form: Element, points: string): Promise<string> };

test.use({ serviceWorkers: 'allow', expectedConsole: { messages: [/./] } });

test('of a thousand submissions through random faults none is lost and none counts twice', async ({ browser }) => {
  test.setTimeout(600_000);
  const server = new Server();
  await server.start();
  const chance = random(20_261_121);
  const network = new Network(
    () => server.url,
    () => (chance() < 0.6 ? 'none' : FAULTS[Math.floor(chance() * FAULTS.length)]),
  );
  await network.start();
  const devices: BrowserContext[] = [];
  try {
    const categories = (await definition(server)).categories.map(({ slug }) => slug);
    const wanted = new Set<number>();
    let number = 0;
    for (let i = 0; i < DEVICES; i++) devices.push(await device(browser.newContext({ serviceWorkers: 'allow' }), CLOCKS[i]));

    const live = async (context: BrowserContext, index: number) => {
      const step = <T>(what: string, work: Promise<T>) => within(PATIENCE, context, `${what} on device ${index}`, work);
      for (let round = 0; round < ROUNDS[0] || (wanted.size < ENOUGH && round < ROUNDS[1]); round++) {
        const tabs = await step('opening tabs', Promise.all(Array.from({ length: TABS }, () => open(context, network.url))));
        if (round === 0) await step('starting the worker', workerReady(tabs[0]));
        const submitting = tabs.map((tab) => {
          const numbers = Array.from({ length: IN_A_TAB }, () => number++);
          return submit(tab, categories, numbers).then((done) => done.forEach((n) => wanted.add(n)));
        });
        if ((round + index) % 3 === 0) await step('stopping the worker', killWorkers(tabs[0]));
        // Every other time the tabs are closed as they are.
        if ((round + index) % 2 === 0) await step('submitting', Promise.all(submitting));
        else await Promise.race([...submitting, new Promise((resolve) => setTimeout(resolve, 50 + 400 * chance()))]);
        await step('closing tabs', Promise.all(tabs.map((tab) => tab.close())));
        await step('hearing the last of closed tabs', Promise.allSettled(submitting));
      }
    };
    const crashes = (async () => {
      for (let i = 0; i < 4; i++) {
        await expect.poll(() => number, { timeout: 240_000 }).toBeGreaterThan(((i + 1) * ENOUGH) / 6);
        await server.stop('SIGKILL');
        await server.start();
      }
    })();
    await Promise.all([...devices.map(live), crashes]);

    network.heal();
    const found = (await Promise.all(devices.map((context) => drain(context, network.url)))).flat();
    const there = new Set(found.map(({ points }) => points[categories[0]]));
    expect(found.length, 'a thousand were submitted').toBeGreaterThanOrEqual(ENOUGH);
    expect([...wanted].filter((n) => !there.has(n)), 'none is lost').toEqual([]);
    expect(there.size, 'none is there twice').toBe(found.length);

    const { submissions, categories: totals } = await aggregate(server);
    expect(submissions, 'each counts once').toBe(found.length);
    for (const { slug, sum_points } of totals) {
      expect(sum_points, slug).toBe(found.reduce((sum, { points }) => sum + points[slug], 0));
    }
    for (const fault of FAULTS) expect(network.seen.get(fault), fault).toBeGreaterThan(10);
    await server.stop();
    server.command('aggregates', 'verify');
    console.log(`${found.length} submissions counted once each; faults: ${[...network.seen].map(([f, n]) => `${f} ${n}`).join(', ')}`);
  } finally {
    // One that doesn't close ends with its browser; what was to be seen has been seen.
    await beforeLong(30_000, Promise.all(devices.map((context) => context.close())), undefined);
    await network.stop();
    await server.dispose();
  }
});

/** A browser of its own whose clock is wrong. */
async function device(context: Promise<BrowserContext>, wrong: number): Promise<BrowserContext> {
  const made = await context;
  await made.addInitScript((wrong: number) => {
    const right = Date.now.bind(Date);
    Date.now = () => right() + wrong;
  }, wrong);
  return made;
}

async function open(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  await page.waitForFunction(() => 'allot' in globalThis);
  return page;
}

/** Submits splits that each have a number of their own; answers which of them the page was told are taken or kept. */
function submit(page: Page, categories: string[], numbers: number[]): Promise<number[]> {
  const splits = numbers.map((n) => Object.fromEntries(categories.map((slug, i) => [slug, i === 0 ? n : i === 1 ? 10_000 - n : 0])));
  return page
    .evaluate(async (splits) => {
      const form = document.querySelector('form.ballot')!;
      // The form of this page is there once; each of these is a submission of its own.
      document.documentElement.dataset.saved = 'as if from the cache';
      const said: boolean[] = [];
      await Promise.all(splits.map(async (points, i) => void (said[i] = /^(go|kept) /.test(await allot.submit(form, JSON.stringify(points))))));
      return said;
    }, splits)
    .then((said) => numbers.filter((_, i) => said[i]), () => []);
}

async function killWorkers(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await session.detach();
}

/** Opens the browser again and waits until nothing waits; answers what was sent. */
async function drain(context: BrowserContext, url: string): Promise<Kept[]> {
  const page = await within(PATIENCE, context, 'opening the browser again', open(context, url));
  await expect
    .poll(
      async () => {
        await page.evaluate(() => dispatchEvent(new Event('online')));
        return (await kept(page)).outbox;
      },
      // One after the other, on a device that shares its processors with five others.
      { timeout: 300_000 },
    )
    .toEqual([]);
  return (await kept(page)).sent;
}

test('the numbers of the fault test fit into a share', () => {
  expect(DEVICES * ROUNDS[1] * TABS * IN_A_TAB).toBeLessThan(WHOLE);
});
