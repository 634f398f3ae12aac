import type { Requirement } from './catalogue.ts';
import { laterProfiles } from './selection.ts';

/** `docs/requirements.md`: what is proven as tables, one an area; then the hazards, and what is to be proven later. */
export function requirementsTable(catalogue: readonly Requirement[]): string {
  const proven = catalogue.filter(({ profile }) => profile === undefined);
  const promises = proven.filter(({ hazard }) => hazard !== true);
  const hazards = proven.filter(({ hazard }) => hazard === true);
  const areas = [...new Set(promises.map(({ area }) => area))].sort();
  const sections = [
    '# Requirements',
    'Written by `npm run docs` from `specs/requirements`; change it there.',
    'Core is what the tutorial says and what follows from it, extended the rest that the documentation promises. What is proven on Dikastes needs no cluster.',
    ...areas.flatMap((area) => [
      `## ${area}`,
      table(
        'promise',
        promises.filter((requirement) => requirement.area === area),
      ),
    ]),
    ...section(
      '## Hazards',
      'Documented weaknesses to know of. They are looked for and reported as present or absent, and no release is less conformant for them.',
      'weakness',
      hazards,
    ),
    ...laterProfiles.flatMap((later) =>
      section(
        `## To be proven in the profile ${later}`,
        'Declared, and without a spec yet.',
        'promise',
        catalogue.filter(({ profile }) => profile === later),
      ),
    ),
  ];
  return `${sections.join('\n\n')}\n`;
}

function section(title: string, about: string, what: string, requirements: readonly Requirement[]): string[] {
  return requirements.length === 0 ? [] : [title, about, table(what, requirements)];
}

function table(what: string, requirements: readonly Requirement[]): string {
  return [
    `| id | ${what} | level | proven on | source | remarks |`,
    '| --- | --- | --- | --- | --- | --- |',
    ...requirements.map(row),
  ].join('\n');
}

function row(requirement: Requirement): string {
  const { id, statement, level, bench, source } = requirement;
  const cells = [
    id,
    statement,
    level,
    bench.map((one) => (one === 'dikastes' ? 'Dikastes' : one)).join(', '),
    `${source.document}: ${source.place}`,
    remarksOf(requirement).join('; '),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function remarksOf({ since, until, api, expectations, disputed, needs }: Requirement): string[] {
  return [
    ...Object.entries(since ?? {}).map(([product, version]) => `since ${product} ${version}`),
    ...Object.entries(until ?? {}).map(([product, version]) => `until ${product} ${version}`),
    ...(api ?? []).map(
      (kind) => `only with ${kind === 'api server' ? "Calico's API server" : 'native CRDs'}`,
    ),
    ...(expectations ?? []).map(
      ({ when, expect }) => `${expect}${when === undefined ? ' else' : conditions(when)}`,
    ),
    ...(disputed === undefined ? [] : [`disputed: ${disputed}`]),
    ...needs.map((need) => `needs ${need}`),
  ];
}

type When = NonNullable<NonNullable<Requirement['expectations']>[number]['when']>;

function conditions(when: When): string {
  const parts = Object.entries(when).map(([name, value]) => (name === 'api' ? value : `${name} ${value}`));
  return ` on ${parts.join(' and ')}`;
}
