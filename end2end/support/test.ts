import { test as base, expect, type Page } from '@playwright/test';
import { Server } from './server';

type Fixtures = {
  /** Messages that a test expects on the console; anything else fails it. */
  expectedConsole: { messages: RegExp[] };
  watched: void;
};

type Machines = {
  server: Server;
  /** The browser keeps pages in memory for its back button, which Playwright switches off otherwise. */
  keepsPages: boolean;
};

/** One server per worker; every page fails its test on a console error, an uncaught exception or a failed asset. */
export const test = base.extend<Fixtures, Machines>({
  server: [
    async ({}, use) => {
      const server = new Server();
      await server.start();
      await use(server);
      await server.dispose();
    },
    { scope: 'worker' },
  ],
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
        if (!expectedConsole.messages.some((expected) => expected.test(text))) complaints.push(text);
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
