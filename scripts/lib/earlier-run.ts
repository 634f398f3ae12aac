import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { Run } from '../../fixtures/run.ts';
import { UsageError } from '../../fixtures/usage-error.ts';
import type { ConformanceReport } from '../../reports/model.ts';
import { readReport } from '../../reports/read.ts';
import { parseResults, type RequirementRun } from '../../reports/results.ts';
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
  const folder = dirname(file);
  return { report: withPictures(readReport(file), folder), folder };
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

/** YAML reports leave the pictures out, and the results that they were made from have them. */
function withPictures(report: ConformanceReport, folder: string): ConformanceReport {
  const file = join(folder, 'results.json');
  const results = existsSync(file) ? resultsIn(file) : [];
  const pictures = new Map(results.map(({ requirement, pictures }) => [requirement, pictures]));
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

/** None where they are of another version of the suite: a report is worth carrying over without its pictures. */
function resultsIn(file: string): RequirementRun[] {
  try {
    return parseResults(readFileSync(file, 'utf8')).results;
  } catch {
    return [];
  }
}
