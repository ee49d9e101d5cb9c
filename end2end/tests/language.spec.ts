import type { Page } from '@playwright/test';
import { submit, submission } from '../support/api';
import { Ballot, resultsId } from '../support/ballot';
import { say } from '../support/language';
import { expect, test } from '../support/test';

const html = (page: Page) => page.locator('html');
const language = (page: Page, name: string) => page.getByRole('contentinfo').getByRole('link', { name, exact: true });

test.describe('a neutral address', () => {
  for (const [preferred, tag] of [
    ['es-MX,es;q=0.9,en;q=0.8', 'es'],
    ['fr,es;q=0.5,en;q=0.4', 'es'],
    ['en-GB,es', 'en'],
    ['de', 'en'],
  ] as const) {
    test(`is answered in place, in ${tag}, to a browser that prefers ${preferred}`, async ({ request }) => {
      for (const path of ['/', '/aggregate', '/b/us-fy2024', '/budgets', '/history', '/about', '/nowhere']) {
        const answer = await request.get(path, { headers: { 'accept-language': preferred }, maxRedirects: 0 });
        expect(answer.status(), path).toBe(path === '/nowhere' ? 404 : 200);
        expect(await answer.text(), path).toContain(`<html lang="${tag}" dir="ltr"`);
        expect(answer.headers()['content-language'], path).toBe(tag);
        expect(answer.headers().vary, path).toMatch(/accept-language/i);
      }
    });
  }

  test.describe('for somebody who reads Spanish', () => {
    test.use({ locale: 'es-ES' });

    test('stays neutral on every link, and the results are read in each one’s own language', async ({ page, browser, server }) => {
      const ballot = await Ballot.open(page, '/', 'es');
      await ballot.button(say('es', 'allocate-even')).click();
      const id = await ballot.send();
      expect(new URL(page.url()).pathname).toBe(`/results/${id}`);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('es', 'results-heading'));
      for (const link of await page.locator('main a, header a').all()) {
        expect(await link.getAttribute('href')).not.toMatch(/^\/(en|es)\b/);
      }
      const friend = await browser.newPage({ locale: 'en-US' });
      await friend.goto(`${server.url}/results/${id}`);
      await expect(friend.getByRole('heading', { level: 1 })).toHaveText(say('en', 'results-heading'));
      await friend.close();
    });
  });
});

test.describe('an explicit address', () => {
  test('is in its language whatever the browser prefers, and so is what it leads to', async ({ page }) => {
    await page.goto('/es');
    await expect(html(page)).toHaveAttribute('lang', 'es');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(say('es', 'allocate-question'));
    for (const [name, path] of [
      ['nav-everyone', '/es/aggregate'],
      ['nav-budgets', '/es/budgets'],
      ['nav-history', '/es/history'],
      ['nav-about', '/es/about'],
      ['nav-allocate', '/es'],
    ]) {
      await page.getByRole('navigation', { name: say('es', 'nav-main') }).getByRole('link', { name: say('es', name), exact: true }).click();
      await expect(page).toHaveURL(new RegExp(`${path}$`));
      await expect(html(page)).toHaveAttribute('lang', 'es');
    }
  });

  test('does not depend on the header', async ({ request }) => {
    for (const path of ['/es', '/es/aggregate', '/es/about', '/es/budgets']) {
      const answers = await Promise.all(
        ['en', 'es'].map((preferred) => request.get(path, { headers: { 'accept-language': preferred, 'accept-encoding': 'identity' } })),
      );
      expect(answers[0].headers()['content-language']).toBe('es');
      expect(answers[0].headers().vary ?? '', path).not.toMatch(/accept-language/i);
      const texts = (await Promise.all(answers.map((answer) => answer.text()))).map((text) => text.replace(/[0-9a-f-]{36}|[0-9a-f]{16}\.[0-9a-f]{32}/g, 'id'));
      expect(texts[0], path).toBe(texts[1]);
    }
  });

  test('with a trailing slash leads to the one without, and an unknown one is not found in its language', async ({ request }) => {
    const slash = await request.get('/es/', { maxRedirects: 0 });
    expect([slash.status(), slash.headers().location]).toEqual([308, '/es']);
    const unknown = await request.get('/es/nowhere');
    expect(unknown.status()).toBe(404);
    expect(await unknown.text()).toContain(say('es', 'not-found'));
    expect((await request.get('/fr')).status()).toBe(404);
  });
});

test('the switch leads to the same page, with the same question, in the other language', async ({ page }) => {
  await page.goto('/b/us-fy2024?preset=actual');
  const first = await page.locator('input[name^="points."]').first().inputValue();
  await expect(language(page, 'English')).toHaveAttribute('aria-current', 'true');
  await expect(language(page, 'Español')).toHaveAttribute('hreflang', 'es');
  await expect(language(page, 'Español')).toHaveAttribute('lang', 'es');
  await language(page, 'Español').click();
  await expect(page).toHaveURL(/\/es\/b\/us-fy2024\?preset=actual$/);
  await expect(page.locator('input[name^="points."]').first()).toHaveValue(first.replace('.', ','));
  await expect(page.getByText('Intereses netos').first()).toBeVisible();
  await language(page, 'English').click();
  await expect(page).toHaveURL(/\/en\/b\/us-fy2024\?preset=actual$/);
  await expect(html(page)).toHaveAttribute('lang', 'en');
});

test('search engines find each language, and neither twice', async ({ request, server }) => {
  const { id } = await submit(server, [10_000]);
  for (const [path, canonical] of [
    ['/about', '/about'],
    ['/es/about', '/es/about'],
    ['/es', '/es'],
  ]) {
    const text = await (await request.get(path)).text();
    const neutral = path.replace(/^\/es/, '') || '/';
    expect(text).toContain(`<link rel="canonical" href="${server.url}${canonical}">`);
    for (const [tag, href] of [
      ['en', `/en${neutral === '/' ? '' : neutral}`],
      ['es', `/es${neutral === '/' ? '' : neutral}`],
      ['x-default', neutral],
    ]) {
      expect(text).toContain(`<link rel="alternate" hreflang="${tag}" href="${server.url}${href}">`);
    }
    expect(text).toMatch(/<meta content="(en_US|es_ES)" property="og:locale">/);
  }
  expect(await (await request.get(`/es/results/${id}`)).text()).not.toContain('rel="alternate"');
});

test('pages that are kept are kept for each language and each kind of address', async ({ request }) => {
  const get = async (path: string, preferred: string, etag = '') =>
    request.get(path, { headers: { 'accept-language': preferred, ...(etag && { 'if-none-match': etag }) } });
  const english = await get('/about', 'en');
  const spanish = await get('/about', 'es');
  const explicit = await get('/es/about', 'en');
  const tags = [english, spanish, explicit].map((answer) => answer.headers().etag);
  expect(new Set(tags).size).toBe(3);
  expect(await spanish.text()).toContain('href="/aggregate"');
  expect(await explicit.text()).toContain('href="/es/aggregate"');
  expect((await get('/about', 'es', tags[1])).status()).toBe(304);
  expect((await get('/about', 'es', tags[0])).status()).toBe(200);
});

test('the whole job in Spanish: sliders, spoken sentences, results, history', async ({ page, server }) => {
  const ballot = await Ballot.open(page, '/es', 'es');
  await ballot.type('Healthcare', '12,5');
  await expect(ballot.number('Healthcare')).toHaveValue('12,5');
  await expect(ballot.slider('Healthcare')).toHaveAttribute('aria-valuetext', 'Sanidad, 12,5 por ciento, 87,5 por repartir');
  await expect(page.getByRole('status')).toHaveText('Por repartir: 87,5\u202f%');
  await ballot.expectConsistent('typing with a decimal comma');
  await ballot.type('Education', '87.5');
  await expect(page.getByRole('status')).toHaveText('Repartido todo: 100\u202f%');
  await ballot.expectConsistent('typing with a decimal point');
  await page.getByRole('checkbox', { name: /Recordarme/ }).check();
  const id = await ballot.send();
  expect(new URL(page.url()).pathname).toBe(`/es/results/${id}`);
  expect((await submission(server, id)).points).toMatchObject({ healthcare: 1250, education: 8750 });
  await expect(page.getByText(say('es', 'receipt-counted'))).toBeVisible();
  await page.getByText(say('es', 'as-table')).click();
  await expect(page.getByRole('row', { name: /^Sanidad 12,5\s%/ })).toBeVisible();

  await page.getByRole('link', { name: 'Historial' }).click();
  await expect(page.getByText(/^\d+ de [a-z]+ de 20\d\d a las \d{1,2}:\d\d UTC$/).first()).toBeVisible();
  await page.getByRole('button', { name: say('es', 'device-forget') }).click();
  await expect(page).toHaveURL(/\/es\/history#device$/);
  await expect(page.getByText(say('es', 'history-unknown'))).toBeVisible();
});

test('the receipt stays with the results when the language is switched', async ({ page }) => {
  const ballot = await Ballot.open(page, '/');
  await ballot.button('Even split').click();
  await ballot.send();
  await expect(page.getByText(say('en', 'receipt-counted'))).toBeVisible();
  await language(page, 'Español').click();
  await expect(page.getByText(say('es', 'receipt-counted'))).toBeVisible();
  await page.getByRole('button', { name: say('es', 'delete-this') }).click();
  await page.getByRole('button', { name: say('es', 'delete-yes'), exact: true }).click();
  await expect(page.getByRole('heading', { name: say('es', 'deleted'), exact: true })).toBeVisible();
});

test('everyone’s page has Spanish numbers', async ({ page, busyServer }) => {
  await page.goto(`${busyServer.url}/es/aggregate`);
  await expect(page.getByText(/^Reparto medio de \d{4} personas; datos del /)).toBeVisible();
  await expect(page.getByText(/^\d+(,\d)?\s%$/).first()).toBeVisible();
  expect(await page.locator('main').innerText()).not.toMatch(/\d\.\d|\d%/);
});

test.describe('without a script', () => {
  test.use({ javaScriptEnabled: false, expectedConsole: { messages: [/status of 422/] } });

  test('the form makes its way in Spanish, with an error beside its field and a decimal comma', async ({ page, server }) => {
    await page.goto('/es');
    const ballot = new Ballot(page, 'es');
    await ballot.number('Healthcare').fill('12,345');
    await ballot.number('Education').fill('mucho');
    await ballot.submit.click();
    await expect(page).toHaveURL(/\/es$/);
    await expect(page).toHaveTitle(/^Error: /);
    await expect(ballot.number('Healthcare')).toHaveValue('12,345');
    await expect(ballot.number('Healthcare')).toHaveAccessibleDescription(/Sanidad: puede tener dos decimales como máximo\.$/);
    await expect(ballot.number('Education')).toHaveAccessibleDescription(/Educación: debe ser un número, por ejemplo 12,5\.$/);
    await ballot.number('Healthcare').fill('12,34');
    await ballot.number('Education').fill('80');
    await ballot.submit.click();
    await expect(page.getByText(/Las áreas suman un 92,34\s%: queda por repartir un 7,66\s%\./)).toBeVisible();
    await ballot.number('Education').fill('87,66');
    const answer = page.waitForResponse((response) => response.request().method() === 'POST');
    await ballot.submit.click();
    expect((await answer).status()).toBe(303);
    const id = await resultsId(page);
    expect(new URL(page.url()).pathname).toBe(`/es/results/${id}`);
    expect((await submission(server, id)).points).toMatchObject({ healthcare: 1234, education: 8766 });
  });
});
