import { defineConfig } from '@playwright/test';

/**
 * What the reference mesh is held to: recordings of real clusters and binaries, and other people's clients. They
 * are more than a unit test may take, so `npm test` leaves them out: `npm run fidelity`.
 */
export default defineConfig({
  testDir: '..',
  testMatch: ['fidelity/*.test.ts', 'contracts/**/*.test.ts'],
  outputDir: '../../.state/fidelity',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // Many replay hundreds of probes one after the other, which a busy machine is slow at.
  timeout: 120_000,
  workers: '100%',
  reporter: 'list',
});
