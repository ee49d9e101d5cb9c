import type { Page } from '@playwright/test';
import type { Machines } from './states';
import { Server } from './server';
import { busy, strict, test } from './test';

type Fixtures = {
  /** Servers of this test alone, so that the figures are the same whatever ran before. */
  machines: Machines;
};

/** For pictures: the same content on every run. */
export const still = test.extend<Fixtures, { template: Server }>({
  template: [
    async ({}, use) => {
      const server = busy();
      await use(server);
      await server.dispose();
    },
    { scope: 'worker' },
  ],
  machines: async ({ template }, use) => {
    const machines = { busy: new Server({}, template), strict: strict(), quiet: new Server() };
    const all = Object.values(machines);
    try {
      await Promise.all(all.map((server) => server.start()));
      await use(machines);
    } finally {
      await Promise.all(all.map((server) => server.dispose()));
    }
  },
});

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
