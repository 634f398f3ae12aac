import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { currentRun, playwrightFolder, runVariable } from './fixtures/run.ts';

// Listing needs no run; running does, and the fixtures say so.
const run = process.env[runVariable] === undefined ? undefined : currentRun();
const browser = run?.browser;

/**
 * `runbook` walks the tutorial; the verb runs it first and on its own, because a requirement that fails between
 * two steps must not keep the later ones from being judged, as a failed Playwright dependency would.
 * `tutorial` then proves the shop, in order; the rest runs beside it, each worker in its own sandbox.
 */
export default defineConfig({
  testDir: 'specs',
  outputDir: run === undefined ? '.state/playwright' : playwrightFolder(run),
  timeout: 90_000,
  // A requirement is never retried into green.
  retries: 0,
  forbidOnly: true,
  workers: run?.workers ?? 1,
  use: {
    ...(browser !== undefined && { launchOptions: { executablePath: browser } }),
    viewport: { width: 1280, height: 900 },
    trace: 'off',
  },
  // Allure's reporter takes part live, since it cannot read merged blobs (it wants a project's output folder).
  reporter:
    run === undefined
      ? 'list'
      : [
          ['blob'],
          ['./scripts/lib/progress-reporter.ts'],
          ['allure-playwright', { resultsDir: join(run.output, 'allure-results'), suiteTitle: false }],
        ],
  projects: [
    { name: 'runbook', testMatch: 'runbook/*.spec.ts' },
    // What waits out a connect time-out of half a minute starts first, so that the others run beside it.
    { name: 'slow', testMatch: 'policy/connect-timeout.spec.ts' },
    // One worker: its tests change what holds for the one shop.
    { name: 'tutorial', testMatch: 'tutorial/*.spec.ts', workers: 1 },
    {
      name: 'sandbox',
      testMatch:
        '{injection,mtls,policy,http,api,tiers,identity,transport,availability,isolation,generated}/*.spec.ts',
      testIgnore: 'policy/connect-timeout.spec.ts',
      fullyParallel: true,
    },
  ],
});
