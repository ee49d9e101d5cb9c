import { join } from 'node:path';
import { STATES } from '../support/states';
import { freeze, still as test, stretch } from '../support/still';
import { expect } from '../support/test';

test.use({ expectedConsole: { messages: [/status of 4\d\d/] } });

const FOLDER = join(__dirname, '../../docs/images/design');

/** The components of docs/design.md: the picture's name, the state that shows it, and its first element. */
const COMPONENTS: [name: string, state: string, selector: string][] = [
  ['masthead', 'allocate', '.masthead'],
  ['outbox', 'device-waiting', '.outbox'],
  ['footer', 'allocate', '.footer'],
  ['update', 'update', '.update'],
  ['tools', 'allocate-with-actual', '.tools'],
  ['slider', 'allocate-begun', '.share:nth-child(1)'],
  ['slider-locked', 'allocate-begun', '.share:nth-child(2)'],
  ['slider-wrong', 'allocate-unreadable', '.share:nth-child(1)'],
  ['tax', 'allocate-money', '.tax'],
  ['dock', 'allocate-begun', '.dock'],
  ['buttons', 'results-new', '.actions'],
  ['danger', 'delete', 'form .row'],
  ['field', 'delete-wrong-code', 'form .stack'],
  ['notice', 'history-unknown', '.notice'],
  ['notice-good', 'deleted', '.notice'],
  ['notice-bad', 'allocate-refused', '.notice'],
  ['empty', 'aggregate-empty', '.empty'],
  ['receipt', 'results-new', '.receipt'],
  ['scores', 'results-with-actual', '.verdict'],
  ['bars', 'results-with-actual', '.bars > li'],
  ['spread', 'aggregate', '.everyone > li:nth-child(2)'],
  ['distribution', 'aggregate', '.everyone > li'],
  ['table', 'results-with-actual', '.table-scroll'],
  ['card', 'budgets', '.card:nth-child(2)'],
  ['past', 'history', '.past'],
  ['kept', 'device-waiting', '.kept > [data-fate=waiting]'],
];

for (const wanted of new Set(COMPONENTS.map(([, state]) => state))) {
  test(`the components of “${wanted}”`, async ({ page, stage }) => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.setViewportSize({ width: 900, height: 740 });
    const state = STATES.find(({ name }) => name === wanted)!;
    await state.arrange(page, await stage(state));
    await freeze(page);
    await stretch(page, 900);
    for (const [name, , selector] of COMPONENTS.filter(([, state]) => state === wanted)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const component = page.locator(`body ${selector}`).first();
        await expect(component).toBeVisible();
        const box = (await component.boundingBox())!;
        const clip = { x: Math.max(box.x - 12, 0), y: Math.max(box.y - 12, 0), width: Math.min(box.width + 24, 900), height: box.height + 24 };
        await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`), clip });
      }
    }
  });
}
