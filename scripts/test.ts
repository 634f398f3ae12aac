import { runOwnTests } from './lib/own-tests.ts';
import { verb } from './lib/verb.ts';

// The suite's own tests; arguments go to Playwright.
await verb(() => runOwnTests('tests'));
