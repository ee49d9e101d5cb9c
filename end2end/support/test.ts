import { test as base, expect, type Page } from '@playwright/test';
import { Server } from './server';

type Fixtures = {
  /** Messages that a test expects on the console; anything else fails it. */
  expectedConsole: RegExp[];
  watched: void;
};

/** One server per worker; every page fails its test on a console error, an uncaught exception or a failed asset. */
export const test = base.extend<Fixtures, { server: Server }>({
  server: [
    async ({}, use) => {
      const server = new Server();
      await server.start();
      await use(server);
      await server.dispose();
    },
    { scope: 'worker' },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  expectedConsole: [[], { option: true }],
  watched: [
    async ({ context, expectedConsole }, use) => {
      const complaints: string[] = [];
      const complain = (text: string) => {
        if (!expectedConsole.some((expected) => expected.test(text))) complaints.push(text);
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
