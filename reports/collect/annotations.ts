import type { TestCase } from '@playwright/test/reporter';

/** Marks a test that proves a requirement; its description is the requirement's id. */
export const requirementAnnotation = 'requirement';
/** Marks a test that performs a step of the runbook; its description is the step's title. */
export const stepAnnotation = 'runbook step';

/** The descriptions of a test's annotations of one type, each once, in order. */
export function described(test: TestCase, type: string): string[] {
  const all = [...test.annotations, ...test.results.flatMap((result) => result.annotations)];
  const descriptions = all.filter((annotation) => annotation.type === type).map((found) => found.description);
  return [...new Set(descriptions.filter((description) => description !== undefined))];
}
