import { aggregate, growth } from '../support/api';
import { Ballot, WHOLE } from '../support/ballot';
import { tabTo } from '../support/keyboard';
import { expect, test } from '../support/test';

test('the whole job can be done with the keyboard alone', async ({ page, server }) => {
  const before = await aggregate(server);
  const ballot = await Ballot.open(page);

  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to main content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await tabTo(page, ballot.button('Even split'));
  await page.keyboard.press('Enter');
  await expect(ballot.left).toHaveText('All 100% given');
  await tabTo(page, ballot.autoBalance);
  await page.keyboard.press('Space');
  await expect(ballot.autoBalance).toBeChecked();

  await tabTo(page, ballot.slider('Education'));
  await page.keyboard.press('PageUp');
  await page.keyboard.press('ArrowLeft');
  await expect(ballot.number('Education')).toHaveValue('14.5');
  await tabTo(page, ballot.button('Lock Education'));
  await page.keyboard.press('Space');
  await expect(ballot.button('Lock Education')).toHaveAttribute('aria-pressed', 'true');
  await tabTo(page, ballot.number('Environment'));
  await page.keyboard.press('Control+a');
  await page.keyboard.type('20.01');
  await tabTo(page, ballot.button('More for Environment'));
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+z');
  const { points } = await ballot.expectConsistent('work with the keyboard');
  expect([points[1], points[5]]).toEqual([1450, 2001]);
  expect(points.reduce((a, b) => a + b)).toBe(WHOLE);

  await tabTo(page, page.getByRole('checkbox', { name: /Remember me/ }));
  await tabTo(page, ballot.submit);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/results\//);
  expect(growth(before, await aggregate(server))).toEqual({ submissions: 1, points });

  const figures = page.getByText('All figures as a table');
  await tabTo(page, figures);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('table')).toBeVisible();
  await tabTo(page, page.getByRole('link', { name: 'See what everyone said' }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/aggregate$/);
});

test('page keys in a number field are undone there, and what is typed is the field’s own to undo', async ({ page }) => {
  const ballot = await Ballot.open(page);
  const number = ballot.number('Education');
  await number.focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('20');
  await page.keyboard.press('PageUp');
  await expect(number).toHaveValue('25');
  await page.keyboard.press('PageUp');
  await expect(number).toHaveValue('30');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(number, 'as before the keys').toHaveValue('20');
  await page.keyboard.press('Control+Shift+z');
  await expect(number).toHaveValue('25');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('7');
  await page.keyboard.press('Control+z');
  await expect(number, 'the browser takes back what was typed').not.toHaveValue('7');
  await number.blur();
  await ballot.expectConsistent('undoing in a number field');
});

test('the focus is never covered or invisible, walking backwards through the ballot', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.button('Even split').click();
  await ballot.submit.focus();
  await tabTo(page, ballot.button('Even split'), 'Shift+Tab');
});

test('Enter in a number field takes the number and does not send an unfinished ballot', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.number('Education').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('30');
  await page.keyboard.press('Enter');
  await expect(ballot.left).toHaveText('70% left to give');
  await expect(page).toHaveURL(/\/$/);
});

test('a screen reader hears names, shares and what is left', async ({ page }) => {
  const ballot = await Ballot.open(page);
  await ballot.type('Education', '22.5');
  const slider = ballot.slider('Education');
  await expect(slider).toHaveAttribute('aria-valuetext', 'Education, 22.5 percent, 77.5 left');
  await expect(page.getByRole('status')).toHaveText('77.5% left to give');
  await expect(ballot.number('Education')).toHaveAccessibleDescription(/\w+/);
  await expect(page.getByRole('status')).toHaveCount(1);
});
