// A server of its own with simulated people, and a submission to show.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { ALLOT_BINARY, ALLOT_SITE_ROOT, PATH } = process.env;
const BUDGET = 'us-fy2024';
const PEOPLE = '20000';

/** Starts it; answers where it is, the pages to measure, and how to end it. */
export async function serve() {
  const data = mkdtempSync(join(tmpdir(), 'allot-lighthouse-'));
  const place = `127.0.0.1:${await freePort()}`;
  const environment = {
    PATH,
    ALLOT_SITE_ROOT,
    DATABASE_URL: `sqlite:${join(data, 'allot.sqlite')}`,
    RUST_LOG: 'warn',
    ALLOT_ADDR: place,
    // As a site has one: canonical addresses are whole.
    ALLOT_PUBLIC_URL: `http://${place}`,
    ALLOT_SUBMISSIONS_PER_HOUR: '0',
    ALLOT_ADDRESS_SUBMISSIONS_PER_HOUR: '0',
  };
  const options = { cwd: data, env: environment };
  for (const budget of ['tax-dollars', BUDGET]) {
    execFileSync(ALLOT_BINARY, ['simulate', '--submissions', PEOPLE, '--seed', '1', '--budget', budget], { ...options, stdio: 'pipe' });
  }
  const server = spawn(ALLOT_BINARY, ['serve'], { ...options, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    server.stdout.on('data', (chunk) => {
      const found = /listens on (http:\S+)/.exec(String(chunk));
      if (found) resolve(found[1]);
    });
    server.once('exit', (code) => reject(new Error(`allot serve ended with ${code}`)));
    setTimeout(() => reject(new Error('allot serve said nothing for 30 s')), 30_000).unref();
  });
  const id = await submit(url);
  return {
    url,
    pages: [
      { name: 'allocate', path: '/' },
      { name: 'allocate, with actual spending', path: `/b/${BUDGET}` },
      { name: 'results', path: `/results/${id}`, unlisted: true },
      { name: 'aggregate', path: `/b/${BUDGET}/aggregate` },
    ],
    async end() {
      server.kill();
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function submit(url) {
  const { categories } = await (await fetch(`${url}/api/v1/budgets/${BUDGET}`)).json();
  const points = Object.fromEntries(categories.map(({ slug }, i) => [slug, i < 2 ? 5000 : 0]));
  const answer = await fetch(`${url}/api/v1/budgets/${BUDGET}/submissions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ points }),
  });
  if (answer.status !== 201) throw new Error(`the submission was answered with ${answer.status}`);
  return (await answer.json()).id;
}
