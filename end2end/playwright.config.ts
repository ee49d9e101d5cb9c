import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

// Debian's Chromium, or the one that CHROMIUM names. Playwright's own download is never needed.
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: 'tests',
  outputDir: 'test-results',
  // One set for every machine: the fonts are ours.
  snapshotPathTemplate: '{testDir}/../visual/{arg}{ext}',
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env.CI),
  // A starved machine can stop a browser for seconds. What passes the second time is listed as flaky, with its trace.
  retries: 1,
  reporter: [['list']],
  use: {
    locale: 'en-US',
    // Only the tests of working offline have the worker: in the others every request is the page's own.
    serviceWorkers: 'block',
    trace: 'on-first-retry',
    launchOptions: {
      executablePath,
      // The same fonts on every machine: where a line breaks decides what fits.
      env: { ...process.env, FONTCONFIG_FILE: join(__dirname, 'support/fonts.conf') },
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
