import type { Page } from '@playwright/test';
import { aggregate } from './api';
import type { Machines, State } from './states';
import { Server } from './server';
import { busy, expect, strict, test } from './test';

type Fixtures = {
  /** Servers for a state, with the same figures whatever ran before. */
  stage: (state: State) => Promise<Machines>;
};

/** For pictures: the same content on every run. */
export const still = test.extend<Fixtures, { template: Server; unchanged: Server }>({
  template: [
    async ({}, use) => {
      const server = busy();
      await use(server);
      await server.dispose();
    },
    { scope: 'worker' },
  ],
  unchanged: [
    async ({ template }, use) => {
      const server = new Server({}, template);
      try {
        await server.start();
        const { submissions } = await aggregate(server);
        await use(server);
        expect((await aggregate(server)).submissions, 'a state that changes its server says so: `alone`').toBe(submissions);
      } finally {
        await server.dispose();
      }
    },
    { scope: 'worker' },
  ],
  stage: async ({ template, unchanged }, use) => {
    const own: Server[] = [];
    const made = { busy: () => new Server({}, template), strict, quiet: () => new Server() };
    try {
      await use(async ({ alone }) => {
        const server = alone ? made[alone]() : unchanged;
        if (alone) {
          own.push(server);
          await server.start();
        }
        return { busy: server, strict: server, quiet: server };
      });
    } finally {
      await Promise.all(own.map((server) => server.dispose()));
    }
  },
});

/** From here on the page is touched, as on a phone: controls get larger. */
export async function touch(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setTouchEmulationEnabled', { enabled: true });
  await expect.poll(() => page.evaluate(() => matchMedia('(pointer: coarse)').matches)).toBe(true);
}

/** What is another on every run becomes the same: times, addresses of submissions, codes of receipts, versions. */
export async function freeze(page: Page): Promise<void> {
  await page.evaluate(() => {
    const same: [RegExp, string][] = [
      [/[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g, '0192d3a4-58cc-7372-a567-0e02b2c3d479'],
      [/\b[0-9a-f]{32}\b/g, '3f8a61c09b7e42d5a1c4e90d7b26f853'],
      // A day, a month, a year and a time, in English or Spanish.
      [/\b\d{1,2}( (?:de )?)\p{L}+( (?:de )?)\d{4}(\D{1,10})\d{2}:\d{2}/gu, `21$1${document.documentElement.lang === 'es' ? 'marzo' : 'March'}$22026$310:30`],
      [/http:\/\/127\.0\.0\.1:\d+/g, 'http://127.0.0.1:3000'],
    ];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode as Text;
      const frozen = same.reduce((text, [what, instead]) => text.replace(what, instead), text.data);
      if (frozen !== text.data) text.data = frozen;
    }
    (document.activeElement as HTMLElement | null)?.blur();
  });
}

/** As high as the page, so that what sticks to the lower edge lies where it ends up. */
export async function stretch(page: Page, width: number, height = 740): Promise<void> {
  await page.setViewportSize({ width, height });
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  if (whole > height) await page.setViewportSize({ width, height: whole });
}
