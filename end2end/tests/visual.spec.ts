import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { STATES } from '../support/states';
import { freeze, still as test, stretch } from '../support/still';
import { expect } from '../support/test';

// Half the pixels in each direction: the pictures stay small, and what a browser of another version rounds otherwise
// is lost. Where things stand, how high a page is and which colours it has are all there.
test.use({ deviceScaleFactor: 0.5, expectedConsole: { messages: [/status of 4\d\d/] } });

const PICTURES = join(__dirname, '../visual');

/** The languages and, of each, the colour schemes that are kept as pictures. */
const KEPT = [
  { language: 'en', schemes: ['light', 'dark'] },
  { language: 'es', schemes: ['light', 'dark'] },
] as const;

for (const { language, schemes } of KEPT) {
  for (const { name, arrange } of STATES) {
    test(`“${name}” looks as it did (${language})`, async ({ page, machines }) => {
      await page.emulateMedia({ reducedMotion: 'reduce' });
      await arrange(page, { ...machines, language });
      await freeze(page);
      for (const width of [360, 1280]) {
        await stretch(page, width);
        for (const colorScheme of schemes) {
          await page.emulateMedia({ colorScheme });
          await expect
            .soft(page)
            .toHaveScreenshot(`${name}-${language}-${width}-${colorScheme}.png`, { scale: 'device', threshold: 0.1, maxDiffPixelRatio: 0.002 });
        }
        await page.emulateMedia({ colorScheme: 'light' });
      }
    });
  }
}

test('the pictures are small enough to keep', () => {
  const bytes = readdirSync(PICTURES).reduce((sum, name) => sum + statSync(join(PICTURES, name)).size, 0);
  expect(bytes, '`end2end/pictures` makes them small').toBeLessThan(5_000_000);
});
