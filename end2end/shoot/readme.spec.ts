import { join } from 'node:path';
import { Ballot } from '../support/ballot';
import { STATES } from '../support/states';
import { test } from '../support/test';

test('the picture of the README', async ({ page, busyServer, strictServer, server }) => {
  await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 960 });
  const begun = STATES.find(({ name }) => name === 'allocate-begun')!;
  await begun.arrange(page, { busy: busyServer, strict: strictServer, quiet: server });
  await new Ballot(page).expectConsistent('setting some sliders');
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    window.scrollTo(0, 0);
  });
  await page.screenshot({ path: join(__dirname, '../../docs/images/allocate.png') });
});
