import { brotliCompressSync } from 'node:zlib';
import { expect, test } from '../support/test';

const KB = 1000;

/** Bytes of an address as a browser gets them. */
async function size(request: { get(path: string): Promise<{ body(): Promise<Buffer> }> }, path: string): Promise<number> {
  return brotliCompressSync(await (await request.get(path)).body()).length;
}

test('the allocate page stays within its budget of bytes', async ({ request }) => {
  const html = await (await request.get('/')).text();
  const loaded = (pattern: RegExp) => [...new Set([...html.matchAll(pattern)].map(([, path]) => path))];
  const total = async (paths: string[]) => (await Promise.all(paths.map((path) => size(request, path)))).reduce((sum, bytes) => sum + bytes, 0);
  const code = loaded(/(?:href|src)="(\/pkg\/[^"]+\.(?:js|wasm))"/g);
  expect(code.length).toBe(3);
  expect(await total(code), 'script and WASM').toBeLessThanOrEqual(100 * KB);
  const sheets = loaded(/href="(\/(?:pkg|palette)\/[^"]+\.css)"/g);
  expect(sheets.length).toBe(2);
  expect((await total(sheets)) + (await size(request, '/')), 'HTML and CSS').toBeLessThanOrEqual(20 * KB);
});

test('the service worker is small', async ({ request }) => {
  const worker = await request.get('/sw.js');
  expect(worker.headers()['cache-control']).toBe('public, no-cache');
  expect(await size(request, '/sw.js')).toBeLessThanOrEqual(10 * KB);
});
