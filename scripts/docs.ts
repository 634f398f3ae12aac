import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deviationsTable } from '../fixtures/oracle/deviations-table.ts';
import { schemaFile, schemaText } from '../reports/write-schema.ts';
import { loadCatalogue } from '../specs/catalogue.ts';
import { requirementsTable } from '../specs/requirements-table.ts';
import { projectRoot } from './lib/project-root.ts';

// Writes what is generated: the tables of requirements and of deviations, and the schema of the report.
writeFileSync(join(projectRoot, 'docs', 'requirements.md'), requirementsTable(loadCatalogue()));
writeFileSync(join(projectRoot, 'docs', 'deviations.md'), deviationsTable());
writeFileSync(schemaFile, schemaText());
