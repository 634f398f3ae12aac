import { stringify } from 'yaml';
import type { ConformanceReport } from '../model.ts';

/**
 * The report as YAML, all of it but the pictures, which would drown the rest. The text is the same for the same
 * report, and a YAML 1.1 reader (most tools around Kubernetes) reads the same values as a YAML 1.2 reader.
 */
export function renderYaml(report: ConformanceReport): string {
  const requirements = report.requirements.map(withoutPictures);
  const hazards = report.hazards.map(withoutPictures);
  return stringify(
    { ...report, requirements, hazards },
    {
      compat: 'yaml-1.1',
      aliasDuplicateObjects: false,
      // Folding would break log lines in unlucky places.
      lineWidth: 0,
    },
  );
}

function withoutPictures<T extends { pictures: { name: string }[] }>(result: T) {
  return { ...result, pictures: result.pictures.map(({ name }) => ({ name })) };
}
