import { runOwnTests } from './lib/own-tests.ts';
import { verb } from './lib/verb.ts';

// Whole runs on a reference mesh that is broken on purpose; arguments go to Playwright.
await verb(() => runOwnTests('tests/sabotage'));
