import { submit } from '../support/api';
import { expect, test } from '../support/test';

const PAGES = ['/', '/budgets', '/b/us-fy2024', '/aggregate', '/b/us-fy2024/aggregate', '/history', '/about', '/nowhere'];

test('every page carries the headers that protect it', async ({ request, server }) => {
  const { id } = await submit(server, [10_000]);
  for (const path of [...PAGES, `/results/${id}`, `/results/${id}/delete`]) {
    const headers = (await request.get(path)).headers();
    expect.soft(headers, path).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'permissions-policy': expect.stringContaining('geolocation=()'),
      'x-request-id': expect.stringMatching(/^[\w.-]{8,64}$/),
    });
    const policy = headers['content-security-policy'];
    for (const part of ["default-src 'self'", "'wasm-unsafe-eval'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"]) {
      expect.soft(policy, path).toContain(part);
    }
    expect.soft(policy, path).not.toMatch(/unsafe-inline|'unsafe-eval'|\*/);
    expect.soft(headers, path).not.toHaveProperty('strict-transport-security');
  }
});

test('what is public is the same for everyone: no cookie, no nonce, no difference', async ({ request, browser, server }) => {
  const known = await browser.newContext({ baseURL: server.url });
  await known.request.post('/consent', { form: { choice: 'give' } });
  expect((await known.cookies()).length).toBe(1);
  let found = 0;
  for (const path of [...PAGES, '/api/v1/budgets/tax-dollars/aggregate', '/robots.txt']) {
    const [mine, anyone] = [await known.request.get(path), await request.get(path)];
    const caching = anyone.headers()['cache-control'] ?? '';
    if (!/public/.test(caching)) continue;
    found++;
    for (const answer of [mine, anyone]) {
      expect(answer.headers(), path).not.toHaveProperty('set-cookie');
      expect(answer.headers()['content-security-policy'], path).not.toContain('nonce-');
    }
    expect(await mine.text(), path).toBe(await anyone.text());
  }
  await known.close();
  expect(found, 'there are public pages').toBeGreaterThan(3);
});

test('what is personal is kept by no shared cache', async ({ request, server }) => {
  const { id } = await submit(server, [10_000]);
  for (const path of ['/', '/history', `/results/${id}`, '/nowhere']) {
    expect((await request.get(path)).headers()['cache-control'], path).toMatch(/private|no-store/);
  }
});

test('scripts and styles are kept for good under names that change with their content', async ({ request }) => {
  const html = await (await request.get('/')).text();
  const assets = [...html.matchAll(/(?:href|src)="(\/pkg\/[^"]+)"/g)].map(([, path]) => path);
  expect(new Set(assets.map((path) => path.split('.').pop()))).toEqual(new Set(['css', 'js', 'wasm']));
  for (const path of assets) {
    const answer = await request.get(path);
    expect(answer.headers()['cache-control'], path).toBe('public, max-age=31536000, immutable');
    expect(path).toMatch(/\.[0-9a-f]{8,}\./);
    expect(answer.headers()['content-encoding'], path).toBe('br');
  }
});

test('a form that another site sends is refused', async ({ request, server }) => {
  for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
    const answer = await request.post('/', { form: { 'points.other': '100' }, headers, maxRedirects: 0 });
    expect(answer.status()).toBe(403);
  }
  const own = await request.post('/', { form: { 'points.other': '100' }, headers: { origin: server.url }, maxRedirects: 0 });
  expect(own.status()).toBe(303);
});
