import type { Page } from '@playwright/test';
import { submit } from './api';
import { Ballot, resultsId } from './ballot';
import { area, prefix, say, type Language } from './language';
import { Server } from './server';
import { CLOSED_BUDGET, expect } from './test';
import { damage, takeAway } from './trouble';

/** The servers that states happen on, and the language of the pages; English where it isn't said. */
export type Machines = { busy: Server; strict: Server; quiet: Server; language?: Language };

/** An address that no submission has. */
const NOBODYS = '/results/0192d3a4-58cc-7372-8567-0e02b2c3d479';

/** A page in one of its states, and how to get there as a visitor would. */
export type State = {
  name: string;
  /** The server that it changes, and needs for itself where figures are to be the same on every run. */
  alone?: 'busy' | 'strict' | 'quiet';
  arrange: (page: Page, machines: Machines) => Promise<void>;
};

const at =
  (path: string) =>
  async (page: Page, { busy, language = 'en' }: Machines): Promise<void> => {
    await page.goto(address(busy, language, path));
  };

/** Of a page in a language. */
function address({ url }: Server, language: Language, path: string): string {
  return url + prefix(language) + (path === '/' && language !== 'en' ? '' : path);
}

async function allocate(page: Page, { busy, language = 'en' }: Machines, path = '/'): Promise<Ballot> {
  return Ballot.open(page, address(busy, language, path), language);
}

/** Sends the form as it is without a script, whatever it says. */
async function sendUnscripted(page: Page): Promise<void> {
  const loaded = page.waitForEvent('load');
  await page.locator('form[method=post]').evaluate((form: HTMLFormElement) => HTMLFormElement.prototype.submit.call(form));
  await loaded;
}

async function remembered(page: Page, { busy, language = 'en' }: Machines): Promise<void> {
  await page.goto(address(busy, language, '/history'));
  await page.getByRole('button', { name: say(language, 'device-remember') }).click();
  await expect(page.getByRole('button', { name: say(language, 'device-forget') })).toBeVisible();
}

async function open(page: Page, ...summaries: string[]): Promise<void> {
  for (const summary of summaries) await page.locator('summary', { hasText: summary }).first().click();
}

async function submitted(page: Page, machines: Machines, path = '/'): Promise<string> {
  const ballot = await allocate(page, machines, path);
  await ballot.button(say(ballot.language, 'allocate-even')).click();
  await ballot.autoBalance.check();
  await page.getByRole('slider').first().press('PageUp');
  await ballot.submit.click();
  return resultsId(page);
}

/** Two submissions of a remembered device, and the question whether to delete everything. */
async function askedAboutAll(page: Page, machines: Machines): Promise<void> {
  await remembered(page, machines);
  await submitted(page, machines);
  await submitted(page, machines);
  await at('/history')(page, machines);
  await page.getByRole('link', { name: say(machines.language ?? 'en', 'history-delete-all') }).click();
  await expect(page.getByRole('heading', { name: say(machines.language ?? 'en', 'delete-all-question') })).toBeVisible();
}

/** What a server answers that can't read its data: one of its own, which is of no use afterwards. */
async function inTrouble(page: Page, { language = 'en' }: Machines, trouble: (server: Server) => void, status: number): Promise<void> {
  const server = new Server();
  try {
    await server.start();
    trouble(server);
    // A connection to the database may still have to find out.
    await expect.poll(async () => (await page.goto(address(server, language, NOBODYS)))?.status()).toBe(status);
    // What the page still fetches must not meet a server that is gone.
    await page.waitForLoadState('networkidle');
  } finally {
    await server.dispose();
  }
}

/** What the device keeps, once the page has seen that these tests go without the worker. */
async function device(page: Page, { busy, language = 'en' }: Pick<Machines, 'busy' | 'language'>): Promise<void> {
  await page.goto(address(busy, language, '/offline'));
  await expect(page.locator('[data-part=pages-lost]')).toBeVisible();
}

/** What the worker shows in the place of a page that can't be had; in `offline.spec.ts` it does. */
async function unreachable(page: Page, { busy, language = 'en' }: Machines, path: string): Promise<void> {
  const wanted = address(busy, language, path);
  await page.route(wanted, async (route) => route.fulfill({ response: await route.fetch({ url: address(busy, language, '/offline') }) }));
  await page.goto(wanted);
}

export const STATES: State[] = [
  { name: 'allocate', arrange: async (page, machines) => void (await allocate(page, machines)) },
  {
    name: 'allocate-begun',
    arrange: async (page, machines) => {
      const ballot = await allocate(page, machines);
      await ballot.type('Healthcare', '24.5');
      await ballot.type('Education', '18');
      await ballot.type('Infrastructure', '12.34');
      await ballot.button(say(ballot.language, 'allocate-lock', { name: area(ballot.language, 'Education') })).click();
      await ballot.type('Environment', '9');
      await ballot.type('Social Security', '14');
    },
  },
  {
    name: 'allocate-ready',
    arrange: async (page, machines) => {
      const ballot = await allocate(page, machines);
      await ballot.button(say(ballot.language, 'allocate-even')).click();
      await ballot.autoBalance.check();
    },
  },
  {
    name: 'allocate-nothing-left',
    arrange: async (page, machines) => {
      const ballot = await allocate(page, machines);
      await ballot.button(say(ballot.language, 'allocate-even')).click();
      await ballot.button(say(ballot.language, 'allocate-more', { name: area(ballot.language, 'Healthcare') })).click();
      await expect(ballot.offer).toBeVisible();
    },
  },
  {
    name: 'allocate-unreadable',
    arrange: async (page, machines) => {
      const ballot = await allocate(page, machines);
      await ballot.type('Healthcare', 'lots');
    },
  },
  {
    name: 'allocate-refused',
    arrange: async (page, machines) => {
      const ballot = await allocate(page, machines);
      await ballot.number('Healthcare').evaluate((field: HTMLInputElement) => (field.value = 'lots'));
      await ballot.number('Education').evaluate((field: HTMLInputElement) => (field.value = '120'));
      await sendUnscripted(page);
      await ballot.ready();
    },
  },
  {
    name: 'allocate-not-whole',
    arrange: async (page, machines) => {
      const ballot = await allocate(page, machines);
      await ballot.type('Healthcare', '87.5');
      await sendUnscripted(page);
      await ballot.ready();
    },
  },
  {
    name: 'allocate-with-actual',
    arrange: async (page, machines) => {
      const ballot = await allocate(page, machines, '/b/us-fy2024');
      await ballot.button(say(ballot.language, 'actual-spending')).click();
    },
  },
  {
    name: 'allocate-welcome-back',
    alone: 'busy',
    arrange: async (page, machines) => {
      await remembered(page, machines);
      await submitted(page, machines);
      await allocate(page, machines);
    },
  },
  { name: 'allocate-closed', arrange: at(`/b/${CLOSED_BUDGET}`) },
  {
    name: 'allocate-too-many',
    alone: 'strict',
    arrange: async (page, { strict, language = 'en' }) => {
      // The first one of the hour may be somebody else's.
      for (let i = 0; i < 2; i++) {
        const ballot = await Ballot.open(page, address(strict, language, '/'), language);
        await ballot.button(say(ballot.language, 'allocate-even')).click();
        await sendUnscripted(page);
      }
      await expect(page.getByRole('heading', { name: say(language, 'refused-limit') })).toBeVisible();
    },
  },
  { name: 'results-new', alone: 'busy', arrange: async (page, machines) => void (await submitted(page, machines)) },
  {
    name: 'results-with-actual',
    alone: 'busy',
    arrange: async (page, machines) => {
      await submitted(page, machines, '/b/us-fy2024');
      await open(page, say(machines.language ?? 'en', 'as-table'));
    },
  },
  {
    name: 'results-shared',
    alone: 'busy',
    arrange: async (page, machines) => {
      const { id } = await submit(machines.busy, [9000, 0, 500, 0, 0, 0, 0, 0, 0, 500]);
      await at(`/results/${id}`)(page, machines);
    },
  },
  {
    name: 'results-alone',
    alone: 'quiet',
    arrange: async (page, { quiet, language = 'en' }) => {
      const { id } = await submit(quiet, [2000, 2000, 2000, 2000, 2000]);
      await page.goto(address(quiet, language, `/results/${id}`));
    },
  },
  {
    name: 'aggregate',
    arrange: async (page, machines) => {
      await at('/aggregate')(page, machines);
      await open(page, say(machines.language ?? 'en', 'distribution').split('<')[0]);
    },
  },
  {
    name: 'aggregate-with-actual',
    arrange: async (page, machines) => {
      await at('/b/us-fy2024/aggregate')(page, machines);
      await open(page, say(machines.language ?? 'en', 'as-table'));
    },
  },
  { name: 'aggregate-empty', arrange: at(`/b/${CLOSED_BUDGET}/aggregate`) },
  { name: 'budgets', arrange: at('/budgets') },
  { name: 'history-unknown', arrange: at('/history') },
  { name: 'history-empty', arrange: remembered },
  {
    name: 'history',
    alone: 'busy',
    arrange: async (page, machines) => {
      await remembered(page, machines);
      await submitted(page, machines);
      await submitted(page, machines);
      await submitted(page, machines, '/b/us-fy2024');
      await at('/history')(page, machines);
    },
  },
  { name: 'about', arrange: at('/about') },
  {
    name: 'device-empty',
    arrange: async (page, machines) => {
      await device(page, machines);
      await expect(page.locator('[data-part=empty]')).toBeVisible();
    },
  },
  {
    name: 'device-sent',
    alone: 'busy',
    arrange: async (page, machines) => {
      await submitted(page, machines);
      await device(page, machines);
      await page.locator('[data-part=list] summary').first().click();
      await expect(page.getByRole('row')).toHaveCount(11);
    },
  },
  {
    name: 'device-waiting',
    alone: 'strict',
    arrange: async (page, { strict, language = 'en' }) => {
      // The first one of the hour may be somebody else's.
      for (let i = 0; i < 2; i++) {
        const ballot = await Ballot.open(page, address(strict, language, '/'), language);
        await ballot.button(say(ballot.language, 'allocate-even')).click();
        await ballot.submit.click();
        await expect(page.locator('[data-outbox=waiting]').or(page.locator('.receipt'))).toBeVisible();
      }
      await device(page, { busy: strict, language });
      await expect(page.locator('[data-fate=waiting]').first()).toBeVisible();
    },
  },
  {
    name: 'device-offline',
    arrange: async (page, machines) => {
      const ballot = await allocate(page, machines);
      // As from the worker's cache, and without a connection; `offline.spec.ts` has a server that is away.
      await page.evaluate(() => void (document.documentElement.dataset.saved = ''));
      await page.route('**/api/v1/**', (route) => (route.request().method() === 'GET' ? route.continue() : route.abort('internetdisconnected')));
      await ballot.button(say(ballot.language, 'allocate-even')).click();
      await ballot.submit.click();
      await expect(page.locator('[data-outbox=waiting]')).toBeVisible();
      // As if another tab were sending: the list is not made anew with every try.
      await page.addInitScript(() => void navigator.locks.request('allot-outbox', () => new Promise(() => {})));
      await device(page, machines);
      await expect(page.locator('[data-fate=waiting]')).toBeVisible();
    },
  },
  {
    name: 'device-unsaved',
    arrange: async (page, machines) => {
      await at('/offline')(page, machines);
      // `offline-without.spec.ts` fills the device.
      await page.evaluate(() => localStorage.setItem('allot-unsaved', ''));
      await device(page, machines);
    },
  },
  {
    name: 'offline-away',
    arrange: async (page, machines) => {
      await unreachable(page, machines, '/nowhere');
      await expect(page.getByRole('heading', { name: say(machines.language ?? 'en', 'offline-away') })).toBeVisible();
    },
  },
  {
    name: 'offline-result',
    alone: 'busy',
    arrange: async (page, machines) => {
      await unreachable(page, machines, `/results/${await submitted(page, machines)}`);
      await expect(page.getByRole('row')).toHaveCount(11);
    },
  },
  {
    name: 'offline-history',
    alone: 'busy',
    arrange: async (page, machines) => {
      await submitted(page, machines);
      await submitted(page, machines, '/b/us-fy2024');
      await unreachable(page, machines, '/history');
      await expect(page.locator('[data-fate=counted]')).toHaveCount(2);
    },
  },
  {
    name: 'update',
    arrange: async (page, machines) => {
      await allocate(page, machines);
      // `offline-update.spec.ts` brings a real one about.
      await page.locator('[data-update]').evaluate((notice: HTMLElement) => {
        document.querySelector('.dock')?.prepend(notice);
        notice.hidden = false;
      });
    },
  },
  {
    name: 'delete',
    alone: 'busy',
    arrange: async (page, machines) => {
      await submitted(page, machines);
      await page.getByRole('button', { name: say(machines.language ?? 'en', 'delete-this') }).click();
      await expect(page.getByRole('heading', { name: say(machines.language ?? 'en', 'delete-question') })).toBeVisible();
    },
  },
  {
    name: 'delete-wrong-code',
    alone: 'busy',
    arrange: async (page, machines) => {
      const { id } = await submit(machines.busy, [10_000]);
      await at(`/results/${id}/delete`)(page, machines);
      await page.getByLabel(say(machines.language ?? 'en', 'code-label')).fill('wrong');
      await page.getByRole('button', { name: say(machines.language ?? 'en', 'delete-yes'), exact: true }).click();
      await expect(page.getByText(say(machines.language ?? 'en', 'code-refused'))).toBeVisible();
    },
  },
  {
    name: 'deleted',
    alone: 'busy',
    arrange: async (page, machines) => {
      await submitted(page, machines);
      await page.getByRole('button', { name: say(machines.language ?? 'en', 'delete-this') }).click();
      await page.getByRole('button', { name: say(machines.language ?? 'en', 'delete-yes'), exact: true }).click();
      await expect(page.getByRole('heading', { name: say(machines.language ?? 'en', 'deleted'), exact: true })).toBeVisible();
    },
  },
  {
    name: 'gone',
    alone: 'busy',
    arrange: async (page, machines) => {
      const { id, manage } = await submit(machines.busy, [10_000]);
      const deleted = await fetch(`${machines.busy.url}/api/v1/submissions/${id}`, {
        method: 'DELETE',
        headers: { authorization: `Bearer ${manage}` },
      });
      expect(deleted.status).toBe(204);
      await at(`/results/${id}`)(page, machines);
    },
  },
  {
    name: 'allocate-money',
    arrange: async (page, machines) => {
      const ballot = await allocate(page, machines);
      await ballot.button(say(ballot.language, 'allocate-even')).click();
      await open(page, say(ballot.language, 'tax-show'));
      await page.getByLabel(say(ballot.language, 'tax-label')).fill('12000');
      await expect(page.locator('[data-part=money]').first()).toHaveText(/1[.,]?200/);
    },
  },
  {
    name: 'manage',
    alone: 'busy',
    arrange: async (page, machines) => {
      const { id, manage } = await submit(machines.busy, [10_000]);
      await at(`/results/${id}/manage?code=${manage}`)(page, machines);
      await expect(page.getByRole('heading', { name: say(machines.language ?? 'en', 'manage-along') })).toBeVisible();
    },
  },
  {
    name: 'manage-wrong-code',
    alone: 'busy',
    arrange: async (page, machines) => {
      const { id } = await submit(machines.busy, [10_000]);
      await at(`/results/${id}/manage`)(page, machines);
      await page.getByLabel(say(machines.language ?? 'en', 'code-label')).fill('wrong');
      await page.getByRole('button', { name: say(machines.language ?? 'en', 'manage-go-on'), exact: true }).click();
      await expect(page.getByText(say(machines.language ?? 'en', 'code-refused'))).toBeVisible();
    },
  },
  { name: 'delete-all', alone: 'busy', arrange: askedAboutAll },
  {
    name: 'deleted-all',
    alone: 'busy',
    arrange: async (page, machines) => {
      await askedAboutAll(page, machines);
      await page.locator('main form button').click();
      await expect(page.getByRole('heading', { name: say(machines.language ?? 'en', 'deleted'), exact: true })).toBeVisible();
    },
  },
  { name: 'busy', arrange: (page, machines) => inTrouble(page, machines, takeAway, 503) },
  { name: 'broken', arrange: (page, machines) => inTrouble(page, machines, damage, 500) },
  { name: 'not-found', arrange: at('/nowhere') },
  { name: 'no-such-submission', arrange: at(NOBODYS) },
  {
    name: 'too-large',
    arrange: async (page, machines) => {
      const ballot = await allocate(page, machines);
      await ballot.number('Other').evaluate((field: HTMLInputElement) => (field.value = '0'.repeat(20_000)));
      await sendUnscripted(page);
    },
  },
];
