/** What of the project a copy needs to run its verbs; packages are linked. */
export const suiteParts = [
  'scripts',
  'fixtures',
  'specs',
  'reports',
  'reference',
  'package.json',
  'playwright.config.ts',
  'versions.yaml',
];

/** How a verb ended that ran as a process of its own. */
export interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}
