// `scripts/lighthouse`: the figures, their medians, and the table.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { serve } from './server.mjs';
import { slider } from './slider.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { runs: { type: 'string', default: '5' }, only: { type: 'string' } },
});
const runs = Number(values.runs);
if (!(runs >= 1) || ![undefined, 'lighthouse', 'slider'].includes(values.only)) {
  console.error('lighthouse: --runs takes a number from 1, --only takes lighthouse or slider');
  process.exit(2);
}

const installed = createRequire(join(resolve(positionals[0]), 'package.json'));
const load = (name) => import(pathToFileURL(installed.resolve(name)).href);
const { default: lighthouse } = await load('lighthouse');
const { default: puppeteer } = await load('puppeteer-core');

const RESULTS = join(dirname(fileURLToPath(import.meta.url)), '../results');
const SCORES = { performance: 95, accessibility: 100, 'best-practices': 100, seo: 100 };
const TIMES = { 'largest-contentful-paint': 'LCP', 'total-blocking-time': 'TBT', 'first-contentful-paint': 'FCP' };
/** Of the slider, milliseconds to the painted answer. */
const AIM = 50;

const median = (numbers) => [...numbers].sort((one, other) => one - other)[Math.floor(numbers.length / 2)];
const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
/** Where another run has more to do, the median of the scores alone would hide which. */
const failing = (report, category) =>
  report.categories[category].auditRefs.filter(({ id, weight }) => weight > 0 && report.audits[id].score !== null && report.audits[id].score < 1).map(({ id }) => id);

async function browse(work) {
  // A browser for each: nothing is kept from one to the next.
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    return await work(browser);
  } finally {
    await browser.close();
  }
}

/** How often a page is tried whose trace Lighthouse could not record. */
const TRIES = 4;

async function audit(url, page) {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt(url, page);
    } catch (error) {
      if (tried === TRIES) throw error;
      console.error(`again: ${error.message}`);
    }
  }
}

async function attempt(url, { path, unlisted }) {
  return browse(async (browser) => {
    const port = Number(new URL(browser.wsEndpoint()).port);
    // The default is the mobile preset: a slow phone on a slow network, simulated.
    const { lhr } = await lighthouse(url + path, {
      port,
      output: 'json',
      logLevel: 'error',
      onlyCategories: Object.keys(SCORES),
      // A submission asks not to be listed, on purpose.
      skipAudits: unlisted ? ['is-crawlable'] : [],
    });
    if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
    return lhr;
  });
}

async function judge(url, page) {
  const reports = [];
  for (let run = 0; run < runs; run++) {
    reports.push(await audit(url, page));
    const { categories } = reports.at(-1);
    console.error(`${page.name}, ${run + 1} of ${runs}: ${Object.keys(SCORES).map((id) => Math.round(categories[id].score * 100)).join(' ')}`);
  }
  const of = (take) => median(reports.map(take));
  return {
    page: page.name,
    scores: Object.fromEntries(Object.keys(SCORES).map((id) => [id, of((report) => Math.round(report.categories[id].score * 100))])),
    times: Object.fromEntries(Object.keys(TIMES).map((id) => [id, of((report) => Math.round(report.audits[id].numericValue))])),
    cls: of((report) => report.audits['cumulative-layout-shift'].numericValue),
    bytes: of((report) => report.audits['total-byte-weight'].numericValue),
    failing: Object.fromEntries(Object.keys(SCORES).map((id) => [id, failing(reports[0], id)])),
  };
}

const begun = loadavg()[0];
const server = await serve();
let pages, moves;
try {
  if (values.only !== 'slider') {
    pages = [];
    for (const page of server.pages) pages.push(await judge(server.url, page));
  }
  if (values.only !== 'lighthouse') moves = await browse((browser) => slider(browser, `${server.url}/b/us-fy2024`));
} finally {
  await server.end();
}

const machine = {
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memory_gib: Math.round(totalmem() / 2 ** 30),
  commit: execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim(),
  load: { before: begun, after: loadavg()[0] },
};
const results = { date: new Date().toISOString().slice(0, 10), runs, machine, pages, slider: moves && summary(moves) };

function summary({ slower, keys, drags }) {
  const figures = (sorted) => ({ inputs: sorted.length, p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), worst: sorted.at(-1) });
  return { slower, keys: figures(keys), drags: figures(drags) };
}

function table({ date, runs, machine, pages, slider }) {
  const lines = [
    '# Lighthouse, and the sliders on a slow phone',
    '',
    `Written by \`scripts/lighthouse\` on ${date}, commit ${machine.commit}; ${machine.processor}, ${machine.cores} cores, ${machine.memory_gib} GiB; load before ${machine.load.before.toFixed(1)}, after ${machine.load.after.toFixed(1)}.`,
  ];
  if (pages) {
    lines.push(
      '',
      `Mobile preset, medians of ${runs} runs, a new browser for each. Aims: ${Object.values(SCORES).join(' / ')}.`,
      '',
      '| page | performance | accessibility | best practices | SEO | LCP | FCP | TBT | CLS | bytes |',
      '|---|---|---|---|---|---|---|---|---|---|',
    );
    for (const { page, scores, times, cls, bytes } of pages) {
      const milliseconds = (id) => `${times[id]} ms`;
      lines.push(
        `| ${page} | ${Object.keys(SCORES).map((id) => (scores[id] < SCORES[id] ? `**${scores[id]}**` : scores[id])).join(' | ')} | ${['largest-contentful-paint', 'first-contentful-paint', 'total-blocking-time'].map(milliseconds).join(' | ')} | ${Number(cls.toFixed(4))} | ${Math.round(bytes / 1000)} KB |`,
      );
    }
    lines.push('', 'A results page asks not to be listed; that audit is left out of its SEO.');
    const missed = pages.flatMap(({ page, failing }) => Object.entries(failing).flatMap(([category, ids]) => ids.map((id) => `| ${page} | ${category} | ${id} |`)));
    if (missed.length) lines.push('', 'Audits that are not at their best in the first run:', '', '| page | category | audit |', '|---|---|---|', ...missed);
  }
  if (slider) {
    lines.push(
      '',
      `From an input to the frame that shows it, processor ${slider.slower} times slower, auto-balance on. Aim: p95 at most ${AIM} ms.`,
      '',
      '| input | moves | p50 | p95 | worst |',
      '|---|---|---|---|---|',
      ...['keys', 'drags'].map((kind) => {
        const { inputs, p50, p95, worst } = slider[kind];
        const [middle, high, top] = [p50, p95, worst].map((time) => `${time.toFixed(1)} ms`);
        return `| ${kind} | ${inputs} | ${middle} | ${p95 > AIM ? `**${high}**` : high} | ${top} |`;
      }),
    );
  }
  return lines.join('\n') + '\n';
}

console.log(table(results));
// A part of it is for looking only.
if (!values.only) {
  writeFileSync(join(RESULTS, 'lighthouse.json'), JSON.stringify(results, null, 2) + '\n');
  writeFileSync(join(RESULTS, 'lighthouse.md'), table(results));
}
