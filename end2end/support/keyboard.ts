import type { Locator, Page } from '@playwright/test';
import { expect } from './test';

/** Tabs on until the wanted element has the focus; every stop on the way is visible, uncovered and marked. */
export async function tabTo(page: Page, wanted: Locator, key = 'Tab'): Promise<void> {
  for (let stops = 0; stops < 100; stops++) {
    await page.keyboard.press(key);
    const stop = await page.evaluate(() => {
      const focused = document.activeElement as HTMLElement;
      const { left, top, width, height } = focused.getBoundingClientRect();
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      const marked = (element: Element | null): boolean =>
        element instanceof HTMLElement &&
        element !== document.body &&
        (getComputedStyle(element).outlineStyle !== 'none' || marked(element.parentElement));
      return {
        name: focused.getAttribute('aria-label') ?? focused.textContent?.trim().slice(0, 40) ?? focused.tagName,
        page: focused === document.body,
        uncovered: hit !== null && (focused.contains(hit) || hit.contains(focused)),
        // The ring of a slider is on its thumb, which no style query reaches.
        marked: focused.matches('input[type=range]') || marked(focused),
      };
    });
    if (stop.page) continue;
    expect(stop.uncovered, `focus on “${stop.name}” is not covered`).toBe(true);
    expect(stop.marked, `focus on “${stop.name}” is visible`).toBe(true);
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${wanted} can't be reached with ${key}`);
}
