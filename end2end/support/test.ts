import { test as base, expect, type Page } from '@playwright/test';
import { Server } from './server';

type Fixtures = {
  /** Messages that a test expects on the console; anything else fails it. */
  expectedConsole: { messages: RegExp[] };
  watched: void;
};

/** They are started when a test first asks for them, one of each per worker. */
type Machines = {
  server: Server;
  busyServer: Server;
  strictServer: Server;
  /** The browser keeps pages in memory for its back button, which Playwright switches off otherwise. */
  keepsPages: boolean;
};

export const CLOSED_BUDGET = 'uk-2024-25';

/** Chromium's own note that it left out the fading between two pages, as when the window changed meanwhile. */
export const TRANSITION_LEFT_OUT = /^(AbortError|InvalidStateError): Transition was (aborted|skipped)/;

/** Two thousand people took part in two of its budgets; the third is closed. Not running. */
export function busy(): Server {
  const server = new Server();
  server.command('simulate', '--submissions', '2000', '--seed', '1');
  server.command('simulate', '--submissions', '2000', '--seed', '2', '--budget', 'us-fy2024');
  server.command('budget', 'close', CLOSED_BUDGET);
  return server;
}

/** It takes one submission an hour from an address. Not running. */
export const strict = (): Server => new Server({ ALLOT_ADDRESS_SUBMISSIONS_PER_HOUR: '1' });

/** Playwright's own note that a test goes without the service worker. */
const WORKER_LEFT_OUT = /^Service Worker registration blocked by Playwright/;

async function serving(server: Server, use: (server: Server) => Promise<void>): Promise<void> {
  try {
    await server.start();
    await use(server);
  } finally {
    await server.dispose();
  }
}

/** Every page fails its test on a console error, a warning, an uncaught exception or a failed asset. */
export const test = base.extend<Fixtures, Machines>({
  server: [async ({}, use) => serving(new Server(), use), { scope: 'worker' }],
  busyServer: [async ({}, use) => serving(busy(), use), { scope: 'worker' }],
  strictServer: [async ({}, use) => serving(strict(), use), { scope: 'worker' }],
  keepsPages: [false, { option: true, scope: 'worker' }],
  launchOptions: [
    async ({ launchOptions, keepsPages }, use) =>
      use({ ...launchOptions, ...(keepsPages && { ignoreDefaultArgs: ['--disable-back-forward-cache'] }) }),
    { scope: 'worker' },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  expectedConsole: [{ messages: [] }, { option: true }],
  watched: [
    async ({ context, expectedConsole }, use) => {
      const complaints: string[] = [];
      const complain = (text: string) => {
        if (![TRANSITION_LEFT_OUT, WORKER_LEFT_OUT, ...expectedConsole.messages].some((expected) => expected.test(text))) complaints.push(text);
      };
      const watch = (page: Page) => {
        page.on('console', (message) => {
          if (message.type() === 'error' || message.type() === 'warning') complain(message.text());
        });
        page.on('pageerror', (error) => complain(String(error)));
      };
      context.on('page', watch);
      context.pages().forEach(watch);
      await use();
      expect(complaints, 'nothing complains on the console').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
