import type { Requirement } from './catalogue.ts';

/** `docs/requirements.md`: the catalogue as tables, one an area. */
export function requirementsTable(catalogue: readonly Requirement[]): string {
  const areas = [...new Set(catalogue.map(({ area }) => area))].sort();
  const sections = areas.map((area) => {
    const rows = catalogue.filter((requirement) => requirement.area === area).map(row);
    return [
      `## ${area}`,
      '',
      '| id | promise | level | source | remarks |',
      '| --- | --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
  });
  return `# Requirements\n\nWritten by \`npm run docs\` from \`specs/requirements\`; change it there.\n\n${sections.join('\n\n')}\n`;
}

function row({ id, statement, level, source, since, until, disputed, needs }: Requirement): string {
  const remarks = [
    ...Object.entries(since ?? {}).map(([product, version]) => `since ${product} ${version}`),
    ...Object.entries(until ?? {}).map(([product, version]) => `until ${product} ${version}`),
    ...(disputed === undefined ? [] : [`disputed: ${disputed}`]),
    ...needs.map((need) => `needs ${need}`),
  ];
  const cells = [id, statement, level, `${source.document}: ${source.place}`, remarks.join('; ')];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
