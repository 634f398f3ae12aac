import { fileURLToPath } from 'node:url';

/** Playwright's command line, to be run with Node; wherever npm has put the package. */
export const playwrightCli = fileURLToPath(import.meta.resolve('@playwright/test/cli'));
