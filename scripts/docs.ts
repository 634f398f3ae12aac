import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { deviationsTable } from '../fixtures/oracle/deviations-table.ts';
import { schemaFile, schemaText } from '../reports/write-schema.ts';
import { loadCatalogue } from '../specs/catalogue.ts';
import { requirementsTable } from '../specs/requirements-table.ts';
import { parseCommandLine } from './lib/command-line.ts';
import { projectRoot } from './lib/project-root.ts';
import { verb } from './lib/verb.ts';

await verb(async () => {
  const program = new Command('npm run docs').description(
    'Writes what is generated: the tables of requirements and of deviations, and the schema of the report.',
  );
  if (!parseCommandLine(program, process.argv.slice(2))) return 0;
  writeFileSync(join(projectRoot, 'docs', 'requirements.md'), requirementsTable(loadCatalogue()));
  writeFileSync(join(projectRoot, 'docs', 'deviations.md'), deviationsTable());
  writeFileSync(schemaFile, schemaText());
  return 0;
});
