import { defineConfig } from '@playwright/test';

/** The suite's own tests: no cluster, nothing beyond 127.0.0.1. */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.test.ts',
  // What holds the reference mesh to recordings takes longer, and has configurations of its own.
  testIgnore: ['fidelity/**', 'contracts/**', 'sabotage/**', 'least-privilege/**'],
  outputDir: '../.state/tests',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // Most of them wait for sockets and child processes, so every core takes a worker.
  workers: '100%',
  reporter: 'list',
});
