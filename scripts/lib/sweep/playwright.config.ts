import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { projectRoot } from '../project-root.ts';
import { resultsVariable, workersVariable } from './prove.ts';

/** Specs of policies on Dikastes alone. Nothing is shared between workers: each has a Dikastes of its own. */
export default defineConfig({
  testDir: join(projectRoot, 'specs'),
  testMatch: ['{api,http,policy,tiers,identity,transport}/*.spec.ts', 'tutorial/4-policies.spec.ts'],
  testIgnore: 'policy/connect-timeout.spec.ts',
  outputDir: join(projectRoot, '.state', 'sweep'),
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  timeout: 30_000,
  workers: Number(process.env[workersVariable]),
  metadata: { outcomesOnly: true },
  reporter: [[join(projectRoot, 'reports', 'reporter.ts'), { outputFile: process.env[resultsVariable] }]],
});
