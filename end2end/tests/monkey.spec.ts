import type { Locator } from '@playwright/test';
import { Ballot, WHOLE, sum } from '../support/ballot';
import { random } from '../support/random';
import { expect, test } from '../support/test';

const STEPS = 100;

for (const [budget, seed] of [
  ['/', 20_260_101],
  ['/b/uk-2024-25', 7],
] as const) {
  test(`no sequence of moves breaks the sum of ${budget} (seed ${seed})`, async ({ page }) => {
    const ballot = await Ballot.open(page, budget);
    const next = random(seed);
    const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)];
    const rows = page.getByRole('listitem').filter({ has: page.getByRole('slider') });
    const count = await rows.count();
    const slider = (i: number) => rows.nth(i).getByRole('slider');

    // A button that can do nothing gets its click, too, and must do nothing.
    const click = async (button: Locator) => {
      if (await button.isEnabled()) await button.click();
      else await button.dispatchEvent('click');
    };
    const drag = async (i: number) => {
      await slider(i).scrollIntoViewIfNeeded();
      const box = (await slider(i).boundingBox())!;
      const y = box.y + box.height / 2;
      await page.mouse.move(box.x + next() * box.width, y);
      await page.mouse.down();
      for (let k = 0; k < 3; k++) {
        await page.mouse.move(box.x + next() * box.width * 1.2, y);
        await ballot.expectConsistent(`a part of a drag of ${i}`);
      }
      await page.mouse.up();
    };
    const acts: Record<string, (i: number) => Promise<void>> = {
      drag,
      key: (i) => slider(i).press(pick(['ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Home', 'End'])),
      more: (i) => click(rows.nth(i).getByRole('button', { name: /^More/ })),
      less: (i) => click(rows.nth(i).getByRole('button', { name: /^Less/ })),
      lock: (i) => rows.nth(i).getByRole('button', { name: /^Lock/ }).click(),
      type: async (i) => {
        const field = rows.nth(i).getByRole('textbox');
        if (!(await field.isEditable())) return;
        await field.fill(pick(['', '0', '0.01', '3.7', '33.33', '50', '99.99', '100', '250', '-1', 'x', '7,5']));
        await field.blur();
      },
      undo: () => click(page.getByRole('button', { name: 'Undo' })),
      redo: () => click(page.getByRole('button', { name: 'Redo' })),
      undoByKey: () => page.keyboard.press('Control+z'),
      preset: () => page.getByRole('group', { name: 'Start from' }).getByRole('button').nth(Math.floor(next() * 2)).click(),
      balance: () => ballot.autoBalance.click(),
    };
    const names = ['drag', 'drag', 'key', 'key', 'key', 'more', 'less', 'lock', 'type', 'type', 'type', 'undo', 'redo', 'undoByKey', 'preset', 'balance'];

    const story: string[] = [];
    let whole = 0;
    for (let step = 0; step < STEPS; step++) {
      const name = pick(names);
      const i = Math.floor(next() * count);
      story.push(`${name} ${i}`);
      const locked = await rows.nth(i).getByRole('button', { name: /^Lock/ }).getAttribute('aria-pressed');
      const before = (await ballot.shown()).points;
      await acts[name](i);
      const { points } = await ballot.expectConsistent(story.join(', '));
      whole += Number(sum(points) === WHOLE);
      if (locked === 'true' && !['lock', 'undo', 'redo', 'undoByKey'].includes(name)) {
        expect(points[i], `locked ${i} stays, after ${story.join(', ')}`).toBe(before[i]);
      }
    }
    expect(whole, 'the monkey reached the whole now and then').toBeGreaterThan(10);
  });
}
