import { aggregate, definition, growth, submission } from '../support/api';
import { Ballot, WHOLE, sum } from '../support/ballot';
import { expect, test } from '../support/test';

test('a visitor moves sliders to 100 %, submits, and sees mine beside everyone’s', async ({ page, server }) => {
  const before = await aggregate(server);
  const ballot = await Ballot.open(page);
  await expect(ballot.left).toHaveText('100% left to give');
  await expect(ballot.submit).toBeDisabled();

  const healthcare = ballot.slider('Healthcare');
  await healthcare.focus();
  await page.keyboard.press('ArrowRight');
  await expect(ballot.number('Healthcare')).toHaveValue('0.5');
  await page.keyboard.press('PageUp');
  await expect(ballot.number('Healthcare')).toHaveValue('5.5');
  await ballot.button('More for Healthcare').click();
  await ballot.button('More for Healthcare').click();
  await ballot.button('Less for Healthcare').click();
  await expect(ballot.number('Healthcare')).toHaveValue('6');
  await ballot.type('Education', '33.33');
  await expect(ballot.left).toHaveText('60.67% left to give');

  const track = (await ballot.slider('Housing & Community').boundingBox())!;
  await ballot.slider('Housing & Community').scrollIntoViewIfNeeded();
  const box = (await ballot.slider('Housing & Community').boundingBox())!;
  expect(track.width).toBeGreaterThan(90);
  await page.mouse.move(box.x + 14, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2, { steps: 6 });
  await page.mouse.up();
  const dragged = (await ballot.expectConsistent('dragging Housing & Community')).points[8];
  expect(dragged, 'a drag to a quarter gives about a quarter').toBeGreaterThan(1500);
  expect(dragged).toBeLessThan(3500);
  await expect(ballot.submit).toBeDisabled();

  // A slider stops at what is left.
  await ballot.slider('Other').focus();
  await page.keyboard.press('End');
  await expect(ballot.left).toHaveText('All 100% given');
  const { points } = await ballot.expectConsistent('giving all that was left to Other');
  expect(points).toEqual([600, 3333, 0, 0, 0, 0, 0, 0, dragged, WHOLE - 600 - 3333 - dragged]);

  const id = await ballot.send();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/everyone/);
  await expect(page.getByText('Your split is counted')).toBeVisible();
  await page.getByText('All figures as a table').click();
  await expect(page.getByRole('row', { name: /^Education 33\.33%/ })).toBeVisible();

  const after = await aggregate(server);
  expect(growth(before, after)).toEqual({ submissions: 1, points });
  expect(after.version).toBeGreaterThan(before.version);
  const stored = await submission(server, id);
  expect(Object.values(stored.points).sort()).toEqual([...points].sort());
  expect(stored.counted).toBe(true);

  await page.getByRole('link', { name: 'See what everyone said' }).click();
  const people = after.submissions === 1 ? '1 person' : `${after.submissions} people`;
  await expect(page.getByText(`The mean split of ${people}`)).toBeVisible();
});

test('where there are official figures, the results show mine, everyone and actual side by side', async ({ page }) => {
  const ballot = await Ballot.open(page, '/b/us-fy2024');
  await ballot.button('Even split').click();
  await expect(ballot.left).toHaveText('All 100% given');
  await ballot.send();
  for (const whose of ['You', 'Everyone', 'Actual']) {
    await expect(page.locator('main').getByText(whose, { exact: true }).first()).toBeVisible();
  }
  await page.getByText('All figures as a table').click();
  const table = page.getByRole('table');
  for (const column of ['You', 'Everyone, mean', 'Actual']) {
    await expect(table.getByRole('columnheader', { name: column, exact: true })).toBeVisible();
  }
  await expect(table.getByRole('row', { name: /^Medicare 12\.5%/ })).toBeVisible();
});

test('presets fill the ballot, and undo and redo walk through every change', async ({ page }) => {
  const ballot = await Ballot.open(page, '/b/us-fy2024');
  const states: number[][] = [(await ballot.shown()).points];
  const step = async (what: string, act: () => Promise<void>) => {
    await act();
    states.push((await ballot.expectConsistent(what)).points);
  };
  await step('even split', () => ballot.button('Even split').click());
  expect(states[1]).toEqual(Array(8).fill(1250));
  await step('actual spending', () => ballot.button('Actual spending').click());
  expect(sum(states[2])).toBe(WHOLE);
  await step('less', () => ballot.button('Less for Defense').click());
  await step('typing', () => ballot.type('Medicare', '0'));
  await step('clear', () => ballot.button('Clear').click());
  expect(states[5]).toEqual(Array(8).fill(0));

  for (const state of states.slice(0, -1).reverse()) {
    await ballot.button('Undo').click();
    expect((await ballot.expectConsistent('undo')).points).toEqual(state);
  }
  await expect(ballot.button('Undo')).toHaveAttribute('aria-disabled', 'true');
  for (const state of states.slice(1)) {
    await page.keyboard.press('Control+y');
    expect((await ballot.expectConsistent('redo')).points).toEqual(state);
  }
  await expect(ballot.button('Redo')).toHaveAttribute('aria-disabled', 'true');
});

test('a locked area never moves: not by its own controls, nor by presets, nor to make room', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.type('Education', '12.34');
  await ballot.button('Lock Education').click();
  await expect(ballot.button('Lock Education')).toHaveAttribute('aria-pressed', 'true');
  await expect(ballot.slider('Education')).toBeDisabled();
  await ballot.button('More for Education').click({ force: true });
  const education = async () => (await ballot.expectConsistent('an attempt on a locked area')).points[1];
  expect(await education()).toBe(1234);
  await ballot.button('Even split').click();
  expect(await education()).toBe(1234);
  await expect(ballot.submit).toBeEnabled();
  await ballot.autoBalance.check();
  await ballot.slider('Healthcare').focus();
  await page.keyboard.press('End');
  expect((await ballot.shown()).points.slice(0, 3)).toEqual([WHOLE - 1234, 1234, 0]);
  await ballot.button('Clear').click();
  expect(await education()).toBe(1234);
});

test('when nothing is left, the ballot says so and offers auto-balance, which lets the others make room', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.button('Even split').click();
  await ballot.button('More for Healthcare').click();
  await expect(ballot.hint).toContainText('Nothing is left');
  expect((await ballot.shown()).points[0]).toBe(1000);
  await ballot.offer.click();
  await expect(ballot.autoBalance).toBeChecked();
  await ballot.slider('Healthcare').focus();
  await page.keyboard.press('PageUp');
  const { points } = await ballot.expectConsistent('auto-balance');
  expect(points[0]).toBe(1500);
  expect(sum(points)).toBe(WHOLE);
  await page.keyboard.press('Home');
  expect(sum((await ballot.expectConsistent('auto-balance to zero')).points)).toBe(WHOLE);
});

test('a number that can’t be read stays as it was typed, marked, and keeps the split from being sent until it is mended', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.button('Even split').click();
  for (const wrong of ['abc', '-5', '12.345', '101', '1e1', '']) {
    await ballot.type('Healthcare', wrong);
    await expect(ballot.number('Healthcare')).toHaveValue(wrong);
    await expect(ballot.number('Healthcare')).toHaveAttribute('aria-invalid', 'true');
    await expect(ballot.number('Healthcare')).toHaveAccessibleDescription(/Not a number from 0 to 100 with up to two decimals/);
    await expect(ballot.hint).toContainText('Healthcare: this number can’t be read');
    const { points, canSubmit } = await ballot.expectConsistent(`typing ${wrong}`);
    expect(points[0], 'the number before counts meanwhile').toBe(1000);
    expect(canSubmit).toBe(false);
  }
  await expect(page.getByRole('status'), 'a screen reader hears it').toContainText('Healthcare: this number can’t be read');

  await ballot.button('Less for Education').click();
  await expect(ballot.number('Healthcare'), 'another area doesn’t touch it').toHaveValue('');
  await expect(ballot.hint).toContainText('Healthcare: this number can’t be read');
  await ballot.type('Healthcare', '10.5');
  await expect(ballot.number('Healthcare')).not.toHaveAttribute('aria-invalid', 'true');
  await expect(ballot.number('Healthcare')).not.toHaveAccessibleDescription(/Not a number/);
  expect((await ballot.expectConsistent('mending it')).points.slice(0, 2)).toEqual([1050, 950]);
  await expect(ballot.submit).toBeEnabled();
});

for (const [way, mend] of [
  ['the slider', (ballot: Ballot) => ballot.slider('Healthcare').press('PageUp')],
  ['plus', (ballot: Ballot) => ballot.button('More for Healthcare').click()],
  ['a preset', (ballot: Ballot) => ballot.button('Even split').click()],
  ['undo', (ballot: Ballot) => ballot.button('Undo').click()],
] as const) {
  test(`a number that can’t be read is mended by ${way} too`, async ({ page }) => {
    const ballot = await Ballot.open(page);
    await ballot.type('Healthcare', '20');
    await ballot.type('Healthcare', 'lots');
    await mend(ballot);
    await expect(ballot.number('Healthcare')).not.toHaveAttribute('aria-invalid', 'true');
    expect((await ballot.expectConsistent(way)).unread).toBe(0);
  });
}

test('more than is left is taken as what is left', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.type('Healthcare', '20');
  await ballot.type('Education', '95');
  await expect(ballot.number('Education')).toHaveValue('80');
  await expect(ballot.hint).toContainText('Nothing is left');
});

test('what is left and the button stay in view however far the page is scrolled', async ({ page }) => {
  const ballot = await Ballot.open(page);
  for (const height of [0, 400, 100_000]) {
    await page.evaluate((y) => window.scrollTo(0, y), height);
    await expect(ballot.left).toBeInViewport({ ratio: 1 });
    await expect(ballot.submit).toBeInViewport({ ratio: 1 });
  }
});

for (const width of [320, 360, 1280]) {
  test(`the controls stay where they are, whatever the ballot explains, at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 740 });
    const ballot = await Ballot.open(page);
    const top = async () => Math.round((await page.locator('.dock').boundingBox())!.y);
    const before = await top();
    const explained: Record<string, number> = {};
    const look = async () => (explained[(await ballot.hint.textContent())!] = await top());
    await ballot.type('Healthcare', 'lots');
    await look();
    await ballot.button('Even split').click();
    await look();
    await ballot.button('More for Healthcare').click();
    await expect(ballot.offer).toBeVisible();
    await look();
    expect(Object.keys(explained)).toHaveLength(3);
    for (const [sentence, there] of Object.entries(explained)) expect.soft(there, sentence).toBe(before);
  });
}

test('“change my mind” begins with exactly what was submitted', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.type('Healthcare', '12.34');
  await ballot.type('Education', '0.01');
  await ballot.type('Other', '87.65');
  await ballot.send();
  await page.getByRole('link', { name: 'Change my mind' }).click();
  await ballot.ready();
  const { points } = await ballot.expectConsistent('changing my mind');
  expect([points[0], points[1], points[9]]).toEqual([1234, 1, 8765]);
});

test('a preset’s address is as exact as its button', async ({ page, server }) => {
  const { categories } = await definition(server, 'us-fy2024');
  const ballot = await Ballot.open(page, '/b/us-fy2024?preset=actual');
  const actual = categories.map((category) => category.actual_points);
  expect((await ballot.expectConsistent('opening a preset by its address')).points).toEqual(actual);
});
