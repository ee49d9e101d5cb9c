import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { barriers } from '../support/axe';
import { controls, cutOff, overflowing, overlapping, setTextSpacing, smallTargets } from '../support/fit';
import { LANGUAGES } from '../support/language';
import { STATES } from '../support/states';
import { freeze, still as test, stretch, touch } from '../support/still';
import { expect } from '../support/test';
import { englishWords } from '../support/words';

// Every page in every state, in every language. The way there is the longest part, so all that holds of each is looked at
// at once; what is wrong with one doesn't keep the rest from being looked at.

// Half the pixels in each direction: the pictures stay small, and what a browser of another version rounds otherwise is
// lost. Where things stand, how high a page is and which colours it has are all there.
test.use({ deviceScaleFactor: 0.5, expectedConsole: { messages: [/status of [45]\d\d/, /net::ERR_INTERNET_DISCONNECTED/] } });

const PICTURES = join(__dirname, '../visual');

/** Barriers depend on the language hardly: in another one a few states stand for all. */
const FOR_BARRIERS = ['allocate-begun', 'allocate-refused', 'results-with-actual', 'aggregate', 'history', 'about', 'too-large'];

for (const language of LANGUAGES) {
  for (const state of STATES) {
    test(`“${state.name}” in “${language}” looks as it did, fits every window, and stands in nobody’s way`, async ({ page, stage }) => {
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      await state.arrange(page, { ...(await stage(state)), language });

      if (language === 'es') {
        await expect.soft(page.locator('html')).toHaveAttribute('lang', 'es');
        expect.soft(await englishWords(page), 'no English word is left').toEqual([]);
      }
      if (language === 'en' || FOR_BARRIERS.includes(state.name)) {
        for (const colorScheme of ['light', 'dark'] as const) {
          expect.soft(await barriers(page, colorScheme), `barriers, ${colorScheme}`).toEqual([]);
        }
      }

      await freeze(page);
      for (const width of [360, 1280]) {
        await stretch(page, width);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await expect
            .soft(page)
            .toHaveScreenshot(`${state.name}-${language}-${width}-${colorScheme}.png`, { scale: 'device', threshold: 0.1, maxDiffPixelRatio: 0.002 });
        }
      }

      await touch(page);
      for (const [width, height] of [
        [320, 740],
        [360, 740],
        [1280, 900],
        // A window of 1280 × 1024 at 400 %.
        [320, 256],
      ]) {
        await page.setViewportSize({ width, height });
        expect.soft(await overflowing(page), `at ${width} px nothing overflows`).toEqual([]);
        expect.soft(await smallTargets(page, 24), `at ${width} px`).toEqual([]);
        if (width === 360) expect.soft(controls(await smallTargets(page, 44)), 'controls are for thumbs').toEqual([]);
      }
      await setTextSpacing(page);
      for (const width of [1280, 360, 320]) {
        await page.setViewportSize({ width, height: 740 });
        expect.soft(await overflowing(page), `with wider text at ${width} px nothing overflows`).toEqual([]);
        expect.soft(await cutOff(page), `with wider text at ${width} px nothing is cut off`).toEqual([]);
        expect.soft(await overlapping(page), `with wider text at ${width} px nothing overlaps`).toEqual([]);
      }
    });
  }
}

test('the pictures are small enough to keep', () => {
  const bytes = readdirSync(PICTURES).reduce((sum, name) => sum + statSync(join(PICTURES, name)).size, 0);
  expect(bytes, '`end2end/pictures` makes them small').toBeLessThan(6_000_000);
});
