import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';
import { STATES } from '../support/states';
import { expect, test } from '../support/test';

test.use({ expectedConsole: { messages: [/status of 4\d\d/] } });

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds wrong, a line each. */
async function findings(page: Page): Promise<string[]> {
  // Evaluated by the browser's debugger, which the page's content security policy doesn't concern.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(
    () =>
      (window as unknown as { axe: { run(options: object): Promise<AxeResults> } }).axe.run({
        rules: { 'target-size': { enabled: true } },
      }),
  );
  return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html.slice(0, 160)} ${node.any.map((check) => check.message).join('; ')}`));
}

/** What depends on the language is the same in all states: a few stand for them. */
const SPANISH = ['allocate-begun', 'allocate-refused', 'results-with-actual', 'aggregate', 'history', 'about', 'too-large'];

const CASES = [
  ...STATES.map((state) => ({ ...state, language: 'en' as const })),
  ...STATES.filter(({ name }) => SPANISH.includes(name)).map((state) => ({ ...state, language: 'es' as const })),
];

for (const { name, arrange, language } of CASES) {
  test(`axe finds nothing on “${name}” in “${language}”, in light and in dark`, async ({ page, busyServer, strictServer, server }) => {
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await arrange(page, { busy: busyServer, strict: strictServer, quiet: server, language });
    expect(await findings(page), 'light').toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await findings(page), 'dark').toEqual([]);
  });
}
