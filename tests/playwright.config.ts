import { defineConfig } from '@playwright/test';

/** The suite's own tests: no cluster, nothing beyond 127.0.0.1. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.test.ts',
  // Whole runs, with a configuration of their own.
  testIgnore: 'sabotage/**',
  outputDir: '../.state/tests',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // Most of them wait for sockets and child processes, so every core takes a worker.
  workers: '100%',
  reporter: 'list',
});
