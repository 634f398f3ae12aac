import type { TestCase } from '@playwright/test/reporter';

/** The descriptions of a test's annotations of one type, each once, in order. */
export function described(test: TestCase, type: string): string[] {
  const all = [...test.annotations, ...test.results.flatMap((result) => result.annotations)];
  const descriptions = all.filter((annotation) => annotation.type === type).map((found) => found.description);
  return [...new Set(descriptions.filter((description) => description !== undefined))];
}
