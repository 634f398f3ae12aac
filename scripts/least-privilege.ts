import { runOwnTests } from './lib/own-tests.ts';
import { verb } from './lib/verb.ts';

// Whole runs with no more rights than the manifests grant; arguments go to Playwright.
await verb(() => runOwnTests('tests/least-privilege'));
