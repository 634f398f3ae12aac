import { relative } from 'node:path';
import type { ConformanceReport } from '../../reports/model.ts';
import { renderConsole } from '../../reports/render/console.ts';
import { writeReport } from '../../reports/write.ts';

/** Writes a report into a folder, and its end to the terminal. */
export function tell(report: ConformanceReport, output: string): void {
  const { html } = writeReport(report, output);
  const text = renderConsole(report, {
    reportFile: relative(process.cwd(), html),
    colours: process.stdout.isTTY ?? false,
  });
  process.stdout.write(`\n${text}\n`);
}
