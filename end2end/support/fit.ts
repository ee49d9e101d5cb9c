import type { Page } from '@playwright/test';

/** What reaches over the side of the page. */
export async function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > clientWidth + 1);
    return [`${scrollWidth} > ${clientWidth}`, ...wide.slice(0, 5).map((e) => e.outerHTML.slice(0, 120))];
  });
}

/** Targets that a finger or a pointer misses: smaller than `least` CSS pixels, links within text excepted. */
export async function smallTargets(page: Page, least: number): Promise<string[]> {
  return page.evaluate((least) => {
    const targets = document.querySelectorAll<HTMLElement>('a[href], button, summary, input:not([type=hidden]), select');
    const box = (element: Element) => element.getBoundingClientRect();
    return [...targets]
      .filter((target) => target.checkVisibility({ visibilityProperty: true }) && box(target).width > 1)
      .filter((target) => {
        // WCAG 2.5.8 lets links within a sentence be as high as their line.
        const parent = target.parentElement!;
        const sentence = parent.textContent!.trim().length > target.textContent!.trim().length;
        return !(target.matches('a') && getComputedStyle(target).display === 'inline' && sentence);
      })
      .map((target) => {
        // A label that is pressed works like its control.
        const areas = [target, ...((target as HTMLInputElement).labels ?? [])].map(box);
        const width = Math.max(...areas.map((area) => area.width));
        const height = Math.max(...areas.map((area) => area.height));
        return { name: target.outerHTML.slice(0, 120), width, height };
      })
      .filter(({ width, height }) => width < least - 0.5 || height < least - 0.5)
      .map(({ name, width, height }) => `${Math.round(width)}×${Math.round(height)} ${name}`);
  }, least);
}

/** The spacing that WCAG 1.4.12 lets people set. A sheet of the script's own is no matter of the page's security policy. */
export async function setTextSpacing(page: Page): Promise<void> {
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }');
    document.adoptedStyleSheets = [sheet];
  });
}

/** Text that its own box cuts off. What scrolls by itself, and what is for screen readers alone, may. */
export async function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('body *')]
      .filter((element) => element.checkVisibility() && !element.closest('.hush, .table-scroll, svg, .skip') && element.clientWidth > 1)
      .filter((element) => {
        const { overflowX, overflowY } = getComputedStyle(element);
        const control = element.matches('button, a.button, input[type=text]');
        const wide = element.scrollWidth > element.clientWidth + 1 && (control || overflowX !== 'visible');
        const high = element.scrollHeight > element.clientHeight + 1 && (control || (overflowY !== 'visible' && overflowY !== 'clip'));
        return wide || high;
      })
      .map((element) => element.outerHTML.slice(0, 120)),
  );
}

/** Controls that lie over each other, so that one can't be hit or read. */
export async function overlapping(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll<HTMLElement>('main a[href], main button, main summary, main input:not([type=hidden]), main label')]
      // The dock is meant to lie over what is scrolled beneath it.
      .filter((control) => control.checkVisibility({ visibilityProperty: true }) && !control.closest('.hush, .dock'))
      // A link that needs two lines has two boxes.
      .map((control) => ({ control, boxes: [...control.getClientRects()].filter(({ width }) => width > 1) }));
    const found: string[] = [];
    controls.forEach((one, i) =>
      controls.slice(i + 1).forEach((other) => {
        if (one.control.contains(other.control) || other.control.contains(one.control)) return;
        const meet = (a: DOMRect, b: DOMRect) =>
          Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
        if (one.boxes.some((a) => other.boxes.some((b) => meet(a, b)))) found.push(`${one.control.outerHTML.slice(0, 80)} / ${other.control.outerHTML.slice(0, 80)}`);
      }),
    );
    return found;
  });
}

/** Of targets those that are controls, and not links within text. */
export const controls = (targets: string[]): string[] => targets.filter((target) => !target.includes('<a ') || target.includes('class="button'));
