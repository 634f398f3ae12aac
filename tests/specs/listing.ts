import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** A test as `playwright test --list` shows it. */
export interface Listed {
  title: string;
  /** Relative to `specs`. */
  file: string;
  project: string;
  tags: string[];
  /** The ids of the requirements that it is annotated with. */
  requirements: string[];
}

interface Suite {
  file: string;
  specs: {
    title: string;
    tags: string[];
    tests: { projectName: string; annotations: { type: string; description?: string }[] }[];
  }[];
  suites?: Suite[];
}

const cli = createRequire(import.meta.url).resolve('@playwright/test/cli');
const root = join(import.meta.dirname, '..', '..');

/**
 * All tests of a real configuration, collected by the real command line, without any run.
 *
 * @param config relative to the project; its own when absent.
 */
export function listSpecs(config = 'playwright.config.ts'): Listed[] {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(PW|PLAYWRIGHT|TEST_|ALP_|NODE_OPTIONS$|FORCE_COLOR$)/.test(name),
  );
  const listing = execFileSync(process.execPath, [cli, 'test', '-c', config, '--list', '--reporter=json'], {
    cwd: root,
    env: Object.fromEntries(inherited),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return (JSON.parse(listing) as { suites: Suite[] }).suites.flatMap(testsIn);
}

function testsIn({ file, specs, suites = [] }: Suite): Listed[] {
  const own = specs.flatMap(({ title, tags, tests }) =>
    tests.map(({ projectName, annotations }) => ({
      title,
      file,
      project: projectName,
      tags,
      requirements: annotations.flatMap(({ type, description }) =>
        type === 'requirement' && description !== undefined ? [description] : [],
      ),
    })),
  );
  return [...own, ...suites.flatMap(testsIn)];
}
