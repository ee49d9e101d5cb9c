import { join } from 'node:path';
import { LANGUAGES } from '../support/language';
import { STATES } from '../support/states';
import { test } from '../support/test';

const SHOTS = join(__dirname, '../shots');

test.use({ expectedConsole: { messages: [/status of [45]\d\d/, /net::ERR_INTERNET_DISCONNECTED/] } });

const CASES = LANGUAGES.flatMap((language) =>
  STATES.map(({ name, arrange }) => ({ name: language === 'en' ? name : `${name}-${language}`, arrange, language })),
);

for (const { name, arrange, language } of CASES) {
  test(`${name}`, async ({ page, busyServer, strictServer, server }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 1280, height: 900 });
    await arrange(page, { busy: busyServer, strict: strictServer, quiet: server, language });
    for (const [width, height] of [
      [1280, 900],
      [360, 740],
    ]) {
      await page.setViewportSize({ width, height });
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.screenshot({ path: join(SHOTS, `${name}-${width}-first-glance.png`) });
      // As high as the page, so that what sticks to the lower edge lies where it ends up.
      const whole = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ width, height: Math.max(whole, height) });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: join(SHOTS, `${name}-${width}-${colorScheme}.png`) });
      }
      await page.emulateMedia({ colorScheme: 'light' });
    }
  });
}
