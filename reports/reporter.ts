import { dirname, join, resolve } from 'node:path';
import type { FullConfig, FullResult, Reporter, Suite, TestError } from '@playwright/test/reporter';
import { writeWhole } from '../fixtures/write-whole.ts';
import { contentOf } from './collect/attachments.ts';
import { firstLine } from './collect/cause.ts';
import { collect } from './collect/collect.ts';

export interface ResultsReporterOptions {
  /**
   * Where `results.json` goes. The report belongs into the same folder, and so do the attachments named `diagnostics/…`,
   * whose paths start there.
   */
  outputFile: string;
  /** Given by Playwright: the folder from which relative paths start. */
  configDir?: string;
}

/**
 * Writes `results.json` (`resultsSchema` of results.ts) at the end of a run.
 *
 * It works alike on a run and in `playwright merge-reports`, because all it knows comes from Playwright's own
 * tree of tests, annotations and attachments. It prints nothing and never changes the run's status: the verb
 * computes that from the merged report.
 */
export default class ResultsReporter implements Reporter {
  readonly #outputFile: string;
  readonly #errors: string[] = [];
  #config: FullConfig | undefined;
  #root: Suite | undefined;

  /** Throws when `outputFile` is missing: a run whose results go nowhere is worth nothing. */
  constructor({ outputFile, configDir = '.' }: Partial<ResultsReporterOptions>) {
    if (outputFile === undefined) {
      throw new Error(
        'The results reporter needs `outputFile`; set it beside the reporter in the Playwright config.',
      );
    }
    this.#outputFile = resolve(configDir, outputFile);
  }

  printsToStdio(): boolean {
    return false;
  }

  onBegin(config: FullConfig, root: Suite): void {
    this.#config = config;
    this.#root = root;
  }

  onError(error: TestError): void {
    this.#errors.push(firstLine(error));
  }

  onEnd({ status }: FullResult): void {
    if (this.#config === undefined || this.#root === undefined) return;
    if (status === 'passed' && onlyListed(this.#root)) return;
    const { results, files } = collect({
      root: this.#root,
      rootDir: this.#config.rootDir,
      status,
      errors: this.#errors,
    });
    for (const { path, attachment } of files) {
      writeWhole(join(dirname(this.#outputFile), path), contentOf(attachment));
    }
    writeWhole(this.#outputFile, `${JSON.stringify(results, null, 2)}\n`);
  }
}

/** `--list` calls reporters as well: tests, a good end, and not one result. */
function onlyListed(root: Suite): boolean {
  const tests = root.allTests();
  return tests.length > 0 && tests.every(({ results }) => results.length === 0);
}
