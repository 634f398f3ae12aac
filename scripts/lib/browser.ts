import { delimiter, join } from 'node:path';
import { chromium } from '@playwright/test';
import { execa } from 'execa';
import { UnfitError } from '../targets/preflight.ts';
import { isExecutable } from './is-executable.ts';
import { playwrightCli } from './playwright-cli.ts';

const names = ['google-chrome-stable', 'google-chrome', 'chromium', 'chromium-browser'];
const macApplications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * The browser of a run. Where none is found, one is installed when that was asked for, and always in CI, where
 * nobody is there to ask.
 *
 * @returns undefined when there is none; what needs one is then skipped.
 * @throws UnfitError when it was asked for and could not be installed.
 */
export async function browserFor(options: {
  browser?: string;
  install?: boolean;
}): Promise<string | undefined> {
  const found = findBrowser(options.browser);
  const inCi = (process.env.CI ?? '') !== '';
  if (found !== undefined || !(options.install || inCi)) return found;
  process.stdout.write('Installing a browser ...\n');
  const { exitCode, all } = await execa(process.execPath, [playwrightCli, 'install', 'chromium'], {
    reject: false,
    all: true,
  });
  const installed = findBrowser();
  if (exitCode === 0 && installed !== undefined) return installed;
  const why = /Error: .*/.exec(all)?.[0] ?? `status ${exitCode}`;
  const sentence = `No browser could be installed (${why}): install Chrome or Chromium yourself.`;
  if (options.install) throw new UnfitError(sentence);
  process.stdout.write(`${sentence}\n`);
  return undefined;
}

/** A browser to run: the one given, else Playwright's own where it was installed, else a Chrome or Chromium. */
export function findBrowser(given?: string): string | undefined {
  if (given !== undefined) return given;
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return [chromium.executablePath(), ...onPath, ...macApplications].find(isExecutable);
}
