import { defineConfig } from '@playwright/test';

/**
 * Whole runs against a reference mesh that is broken on purpose, each compared with the run of a real cluster that
 * was broken the same way. They take minutes, so `npm test` leaves them out: `npm run sabotage`.
 */
export default defineConfig({
  testDir: '.',
  testMatch: '*.test.ts',
  outputDir: '../../.state/sabotage',
  timeout: 600_000,
  forbidOnly: true,
  retries: 0,
  // Such runs mostly wait for verdicts that never come, so two of them fit on a small machine.
  workers: 2,
  fullyParallel: true,
  reporter: 'list',
});
