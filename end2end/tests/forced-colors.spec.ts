import type { Locator } from '@playwright/test';
import { expectNoBarriers } from '../support/axe';
import { Ballot } from '../support/ballot';
import { expect, test } from '../support/test';

// The system's own few colours, as with Windows' contrast themes.
test.use({ contextOptions: { forcedColors: 'active' } });

const style = (of: Locator, name: string) => of.evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), name);

test('in forced colours every control has an edge, and its state is more than a colour', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.button('Even split').click();
  await ballot.autoBalance.check();

  const lock = ballot.button('Lock Education');
  const open = await style(lock, 'border-top-width');
  await lock.click();
  expect(await style(lock, 'border-top-width'), 'a locked area shows by its lock’s edge').not.toBe(open);

  expect(await style(ballot.slider('Healthcare'), 'appearance'), 'the system draws the sliders').toBe('auto');
  expect(await style(ballot.autoBalance, 'appearance'), 'and the switch').toBe('auto');
  for (const control of [ballot.submit, ballot.button('Undo'), ballot.button('More for Healthcare'), page.locator('.share .percent').first()]) {
    expect(await style(control, 'border-top-style')).not.toBe('none');
    expect(await style(control, 'border-top-width')).not.toBe('0px');
  }
  await ballot.type('Healthcare', 'lots');
  expect(await style(page.locator('.share .percent').first(), 'border-top-width'), 'a wrong number has a thicker edge').toBe('2px');
  await expectNoBarriers(page, 'the ballot in forced colours', ['light']);
});

test('in forced colours the focus has a ring that the system’s colours don’t take away', async ({ page }) => {
  const ballot = await Ballot.open(page);
  for (const control of [ballot.button('Even split'), ballot.button('More for Healthcare'), ballot.slider('Healthcare'), ballot.autoBalance]) {
    await control.focus();
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Tab');
    await expect(control).toBeFocused();
    expect(await style(control, 'outline-style')).not.toBe('none');
    expect(parseFloat(await style(control, 'outline-width'))).toBeGreaterThanOrEqual(2);
  }
});

test('in forced colours the charts keep their own colours, which are their meaning', async ({ page, busyServer }) => {
  const ballot = await Ballot.open(page, `${busyServer.url}/b/us-fy2024`);
  await ballot.button('Actual spending').click();
  const fills = await page.locator('.whole .segment').evaluateAll((parts) => parts.map((part) => getComputedStyle(part).fill));
  expect(new Set(fills).size).toBe(fills.length);
  await ballot.send();
  for (const bar of ['.bar-mine rect', '.bar-everyone rect']) {
    const bars = await page.locator(bar).evaluateAll((parts) => parts.map((part) => getComputedStyle(part).fill));
    expect(new Set(bars).size).toBe(bars.length);
  }
  await expectNoBarriers(page, 'results in forced colours', ['light']);
});
