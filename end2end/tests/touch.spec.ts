import type { CDPSession, Page } from '@playwright/test';
import { Ballot } from '../support/ballot';
import { expect, test } from '../support/test';

test.use({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });

type Point = { x: number; y: number };

/** A finger goes down, along the points, and up. */
async function stroke(page: Page, points: Point[]): Promise<void> {
  const session: CDPSession = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: Point[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints });
  await touch('touchStart', [points[0]]);
  for (const point of points.slice(1)) await touch('touchMove', [point]);
  await touch('touchEnd', []);
  await session.detach();
}

function line(from: Point, by: Point): Point[] {
  return Array.from({ length: 13 }, (_, i) => ({ x: from.x + (by.x * i) / 12, y: from.y + (by.y * i) / 12 }));
}

const scrolled = (page: Page) => page.evaluate(() => Math.round(window.scrollY));

/** A slider somewhere in the middle of the screen, and where its thumb is. */
async function thumb(ballot: Ballot, name: string): Promise<Point> {
  await ballot.slider(name).evaluate((slider) => slider.scrollIntoView({ block: 'center' }));
  const box = (await ballot.slider(name).boundingBox())!;
  const share = Number(await ballot.slider(name).inputValue()) / 100;
  const radius = 13;
  return { x: box.x + radius + share * (box.width - 2 * radius), y: box.y + box.height / 2 };
}

test('dragging a slider moves it and not the page', async ({ page }) => {
  const ballot = await Ballot.open(page);
  const from = await thumb(ballot, 'Social Security');
  const before = await scrolled(page);
  expect(before, 'there is something to scroll').toBeGreaterThan(0);
  await stroke(page, line(from, { x: 60, y: 12 }));
  await expect(ballot.left).not.toHaveText('100% left to give');
  expect((await ballot.expectConsistent('a drag by touch')).points[4]).toBeGreaterThan(1000);
  expect(await scrolled(page)).toBe(before);
});

test('scrolling with the finger on a slider moves the page and not the slider', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.button('Even split').tap();
  const points = (await ballot.shown()).points;
  const from = await thumb(ballot, 'Social Security');
  const before = await scrolled(page);
  await stroke(page, line({ x: from.x + 50, y: from.y }, { x: 6, y: -220 }));
  await expect.poll(() => scrolled(page)).toBeGreaterThan(before + 100);
  expect((await ballot.expectConsistent('scrolling over a slider')).points).toEqual(points);
  await ballot.button('Undo').tap();
  expect((await ballot.shown()).points, 'scrolling left nothing to undo').toEqual(Array(10).fill(0));
});

test('the whole job works by tapping', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.button('Even split').tap();
  await ballot.button('Less for Healthcare').tap();
  await ballot.button('More for Other').tap();
  const { points } = await ballot.expectConsistent('tapping');
  expect([points[0], points[9]]).toEqual([950, 1050]);
  await ballot.submit.tap();
  await page.waitForURL(/\/results\//);
  await expect(page.getByText('Your split is counted')).toBeVisible();
});
