import { runOwnTests } from './lib/own-tests.ts';
import { verb } from './lib/verb.ts';

// What the reference mesh is held to; arguments go to Playwright.
await verb(() => runOwnTests('tests/fidelity'));
