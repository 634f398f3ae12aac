import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { parse } from 'yaml';
import type { Run } from '../../fixtures/run.ts';
import { UsageError } from '../../fixtures/usage-error.ts';
import { type ConformanceReport, reportSchema } from '../../reports/model.ts';
import { type RequirementRun, resultsSchema } from '../../reports/results.ts';
import { projectRoot } from './project-root.ts';

/** A run that has ended and left a report. */
export interface EarlierRun {
  report: ConformanceReport;
  /** Where its report lies, and what the report names beside it. */
  folder: string;
}

/**
 * Finds an earlier run by its id, its folder, the folder of its report, or its `report.yaml`.
 *
 * @throws UsageError when there is none, or it left no report.
 */
export function findEarlierRun(named: string): EarlierRun {
  const file = reportFileOf(named);
  const report = reportSchema.safeParse(parsed(file));
  if (!report.success) throw new UsageError(`--resume: ${file} is no report of this version of the suite.`);
  const folder = dirname(file);
  return { report: withPictures(report.data, folder), folder };
}

function reportFileOf(named: string): string {
  const place = isAbsolute(named) ? named : join(projectRoot, '.state', 'runs', named);
  if (!existsSync(place)) {
    throw new UsageError(
      `--resume: there is no run ${named}; it takes an id below .state/runs, a run's folder or a report.yaml.`,
    );
  }
  if (statSync(place).isFile()) return place;
  const candidates = [
    join(place, 'report.yaml'),
    join(place, 'report', 'report.yaml'),
    ...outputOf(place).map((output) => join(output, 'report.yaml')),
  ];
  const found = candidates.find((candidate) => existsSync(candidate));
  if (found !== undefined) return found;
  throw new UsageError(
    `--resume: ${basename(place)} has left no report to go on with; leave --resume out to judge everything.`,
  );
}

/** A run's reports may have gone elsewhere, and its folder says where. */
function outputOf(folder: string): string[] {
  const file = join(folder, 'run.json');
  return existsSync(file) ? [(JSON.parse(readFileSync(file, 'utf8')) as Run).output] : [];
}

function parsed(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** YAML reports leave the pictures out, and the results that they were made from have them. */
function withPictures(report: ConformanceReport, folder: string): ConformanceReport {
  const file = join(folder, 'results.json');
  const read = resultsSchema.safeParse(existsSync(file) ? parsed(file) : undefined);
  if (!read.success) return report;
  const pictures = new Map(read.data.results.map(({ requirement, pictures }) => [requirement, pictures]));
  const complete = <T extends { id: string; pictures: RequirementRun['pictures'] }>(result: T): T => ({
    ...result,
    pictures: pictures.get(result.id) ?? result.pictures,
  });
  return {
    ...report,
    requirements: report.requirements.map(complete),
    hazards: report.hazards.map(complete),
  };
}
