import { submit } from '../support/api';
import { expectNoBarriers } from '../support/axe';
import { expect, test } from '../support/test';

test('the link of results is copied without what only its owner should have', async ({ page, server, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { id } = await submit(server, [10_000]);
  await page.goto(`/results/${id}?utm_source=somewhere#main`);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'The link is copied.' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${server.url}/results/${id}`);
  await expectNoBarriers(page, 'copied');
});

test('a link that cannot be copied is shown', async ({ page, server }) => {
  const { id } = await submit(server, [10_000]);
  await page.addInitScript(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.goto(`/results/${id}`);
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByText(`Please copy it yourself: ${server.url}/results/${id}`)).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 360, height: 740 } });

  test('the phone’s own sheet shares the link', async ({ page, server }) => {
    const { id } = await submit(server, [10_000]);
    await page.addInitScript(() => {
      Object.assign(navigator, {
        canShare: () => true,
        share: async (data: ShareData) => void Object.assign(window, { shared: data.url }),
      });
    });
    await page.goto(`/results/${id}`);
    await page.getByRole('button', { name: 'Share', exact: true }).tap();
    expect(await page.evaluate(() => (window as unknown as { shared: string }).shared)).toBe(`${server.url}/results/${id}`);
  });
});

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false });

  test('there is no button that does nothing', async ({ page, server }) => {
    const { id } = await submit(server, [10_000]);
    await page.goto(`/results/${id}`);
    await expect(page.getByRole('link', { name: 'Change my mind' })).toBeVisible();
    await expect(page.getByRole('button', { name: /Copy link|Share/ })).toHaveCount(0);
  });
});
