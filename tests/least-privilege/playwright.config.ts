import { defineConfig } from '@playwright/test';

/**
 * Whole runs by a service account that may do what the manifests of `scripts/permissions` grant, each request of which
 * is laid beside them. They take minutes, so `npm test` leaves them out: `npm run least-privilege`.
 */
export default defineConfig({
  testDir: '.',
  testMatch: '*.test.ts',
  outputDir: '../../.state/least-privilege',
  timeout: 900_000,
  forbidOnly: true,
  retries: 0,
  // One after the other: they share what they have seen.
  workers: 1,
  reporter: 'list',
});
