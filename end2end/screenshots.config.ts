import { defineConfig } from '@playwright/test';
import tests from './playwright.config';

/** Not part of the tests: `end2end/screenshots` asks for it. */
export default defineConfig(tests, { testDir: 'shoot', use: { trace: 'off' } });
