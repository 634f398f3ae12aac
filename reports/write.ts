import { join } from 'node:path';
import { writeWhole } from '../fixtures/write-whole.ts';
import type { ConformanceReport } from './model.ts';
import { renderHtml } from './render/html.ts';
import { renderMarkdown } from './render/markdown.ts';
import { renderYaml } from './render/yaml.ts';

/** The files that make up a written report. */
export interface ReportFiles {
  yaml: string;
  html: string;
  markdown: string;
}

/**
 * Writes `report.yaml`, `report.html` and `summary.md` into a folder, which is made where needed. Each file is
 * replaced as a whole. The folder is the one of `results.json`, as links to diagnostics are relative to it.
 */
export function writeReport(report: ConformanceReport, folder: string): ReportFiles {
  const files: ReportFiles = {
    yaml: join(folder, 'report.yaml'),
    html: join(folder, 'report.html'),
    markdown: join(folder, 'summary.md'),
  };
  // All are rendered before the first is written, so that a rendering that fails leaves no mixed report.
  const texts = { yaml: renderYaml(report), html: renderHtml(report), markdown: renderMarkdown(report) };
  writeWhole(files.yaml, texts.yaml);
  writeWhole(files.html, texts.html);
  writeWhole(files.markdown, texts.markdown);
  return files;
}
