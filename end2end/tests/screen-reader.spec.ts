import type { Page } from '@playwright/test';
import { submit } from '../support/api';
import { Ballot, sum } from '../support/ballot';
import { expect, test } from '../support/test';

/** The page as its accessibility tree has it, in reading order: role, name, and what is said of values and states. */
async function read(page: Page, root = 'main'): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const byId = new Map(nodes.map((node) => [node.nodeId, node]));
  const lines: string[] = [];
  const tell = (id: string) => {
    const node = byId.get(id)!;
    const role = String(node.role?.value ?? '');
    if (!node.ignored && !['generic', 'none', 'StaticText', 'InlineTextBox'].includes(role)) {
      const said = Object.fromEntries((node.properties ?? []).map(({ name, value }) => [name, value.value]));
      const words = [role, `“${node.name?.value ?? ''}”`];
      if (node.value?.value !== undefined && node.value.value !== '') words.push(String(node.value.value));
      for (const [name, value] of Object.entries(said)) {
        if (['disabled', 'readonly', 'expanded', 'invalid', 'checked', 'pressed'].includes(name) && !['false', ''].includes(String(value))) words.push(name);
      }
      if (node.description?.value) words.push(`(${node.description.value})`);
      lines.push(words.join(' ').replace(/\s+/g, ' '));
    }
    node.childIds?.forEach(tell);
  };
  const start = nodes.find((node) => node.role?.value === root);
  tell(start!.nodeId);
  return lines;
}

test('the allocate page reads as what to do, then area by area, then what is left', async ({ page }) => {
  const ballot = await Ballot.open(page, '/b/us-fy2024');
  await ballot.type('Medicare', '22.5');
  await ballot.button('Lock Medicare').click();
  await ballot.type('Defense', 'lots');
  const heard = await read(page);
  const at = (line: string) => {
    const found = heard.findIndex((heard) => heard.startsWith(line));
    expect(found, `“${line}” in\n${heard.join('\n')}`).toBeGreaterThan(-1);
    return found;
  };
  const order = [
    'heading “Where should your taxes go?”',
    'group “Start from”',
    'button “Even split”',
    'button “Undo”',
    'switch “Auto-balance”',
    'textbox “Social Security',
    'slider “Social Security” 0',
    'textbox “Medicare',
    'button “Less for Medicare” disabled',
    'slider “Medicare” 22.5 disabled',
    'button “More for Medicare” disabled',
    'button “Lock Medicare” pressed',
    'textbox “Defense',
    'checkbox “Remember me',
    'button “Submit” disabled',
    'status',
  ].map(at);
  expect(order, 'in this order').toEqual([...order].sort((a, b) => a - b));
  expect(heard[at('textbox “Medicare')]).toMatch(/22\.5 readonly \(Health insurance .+\)/);
  expect(heard[at('textbox “Defense')], 'what is wrong is said with the field').toMatch(/lots invalid \(.*Not a number from 0 to 100/);
  expect(heard.filter((line) => line.startsWith('heading')), 'one heading for the page').toHaveLength(1);
  expect(heard.filter((line) => line.startsWith('slider'))).toHaveLength(8);
  expect(heard.filter((line) => /“”/.test(line) && /^(button|link|slider|textbox|checkbox|switch)/.test(line)), 'every control has a name').toEqual([]);
});

test('the results read as sentences, and their figures as a table with headings', async ({ page, busyServer }) => {
  const { id } = await submit(busyServer, [5000, 0, 0, 0, 0, 0, 0, 5000], 'us-fy2024');
  await page.goto(`${busyServer.url}/results/${id}`);
  await expect(page.locator('main')).toMatchAriaSnapshot(`
    - heading "Your split beside everyone’s" [level=1]
    - term: Agreement with everyone
    - definition: /\\d+%/
    - term: Agreement with actual spending
    - definition: /\\d+%/
    - heading "Where you differ most" [level=2]
    - list:
      - listitem: /.+ points (more|less) than the mean, (more|less) than .+ others\\./
    - heading "Area by area" [level=2]
    - list:
      - listitem: /Social Security You 50% Everyone [\\d.]+% Actual 21\\.65%/
      - listitem: /Medicare You 0% Everyone [\\d.]+% Actual 12\\.96%/
  `);
  await page.getByText('All figures as a table').click();
  await expect(page.getByRole('table')).toMatchAriaSnapshot(`
    - table:
      - caption: /.+/
      - rowgroup:
        - row:
          - columnheader "Area"
          - columnheader "You"
          - columnheader "Everyone, mean"
          - columnheader "Your percentile"
          - columnheader "Actual"
      - rowgroup:
        - row:
          - rowheader "Social Security"
          - cell "50%"
          - cell
          - cell
          - cell "21.65%"
  `);
  const heard = await read(page);
  expect(heard.filter((line) => /^(image|graphics|SvgRoot)/.test(line)), 'drawings are silent').toEqual([]);
});

test('what everyone said reads area by area, with a heading to jump to, and the table says what the drawings show', async ({ page, busyServer }) => {
  await page.goto(`${busyServer.url}/aggregate`);
  await expect(page.locator('main')).toMatchAriaSnapshot(`
    - heading "What everyone said" [level=1]
    - paragraph: /The mean split of [\\d,]+ people, as of .+/
    - list:
      - listitem:
        - heading "Healthcare" [level=2]
        - text: /[\\d.]+%/
        - group: Distribution for Healthcare
      - listitem:
        - heading "Education" [level=2]
  `);
  await page.getByText('Distribution').first().click();
  await expect(page.getByText(/of people gave Healthcare from \d+ to \d+%; this is the most common range/)).toBeVisible();
  const ranges = page.getByRole('table', { name: /People by the share that they gave Healthcare/ });
  await expect(ranges).toMatchAriaSnapshot(`
    - table:
      - rowgroup:
        - row:
          - columnheader "Range"
          - columnheader "People"
          - columnheader "Share"
      - rowgroup:
        - row:
          - rowheader /\\d+ to \\d+%/
          - cell /[\\d,]+/
          - cell /[\\d.]+%/
  `);
  const number = (text: string) => Number(text.replaceAll(',', ''));
  const people = (await ranges.getByRole('cell').allTextContents()).filter((cell) => !cell.endsWith('%')).map(number);
  const [, everyone] = /([\d,]+) people/.exec((await page.locator('.lede').textContent())!)!;
  expect(sum(people), 'everyone is in one of its rows').toBe(number(everyone));
  await page.getByText('Distribution').first().click();
  await page.getByText('All figures as a table').click();
  const { length } = (await read(page)).filter((line) => /^(columnheader|rowheader)/.test(line));
  expect(length, 'five columns and ten areas').toBe(15);
});
