import type { Page } from '@playwright/test';

/** What English pages say and Spanish ones must not. Names of budgets' sources stay as they are. */
const ENGLISH =
  /\b(the|and|your|you|with|this|split|share|everyone|budget|budgets|submit|submitted|delete|deleted|mean|actual|about|history|people|percent|left|remember|cookie is|area|areas|figures|choose|privacy|sources)\b/i;
const SOURCES = /Joint Economic Committee|Monthly Fiscal Update|HM Treasury|Public Expenditure Statistical Analyses/g;

/** Texts of a Spanish page with English words in them, also those that only some people or scripts read. */
export async function englishWords(page: Page): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const texts: string[] = [document.title];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT);
    for (let node = walker.currentNode as Element | null; node; node = walker.nextNode() as Element | null) {
      if (node.closest('[lang]:not([lang=es]), code, script, .receipt-link')) continue;
      for (const { name, value } of node.attributes) {
        if (/^(aria-(label|valuetext)|title|alt|placeholder|data-say-.*|data-copy|data-copied|data-failed)$/.test(name)) texts.push(value);
      }
      for (const child of node.childNodes) if (child.nodeType === Node.TEXT_NODE) texts.push(child.textContent!);
    }
    return texts.map((text) => text.trim()).filter(Boolean);
  });
  return texts.map((text) => text.replace(SOURCES, '')).filter((text) => ENGLISH.test(text));
}
