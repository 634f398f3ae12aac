import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { assembleReport } from '../../reports/assemble.ts';
import { carryOver } from '../../reports/carry-over.ts';
import { reportSchema } from '../../reports/model.ts';
import { renderConsole } from '../../reports/render/console.ts';
import { renderHtml } from '../../reports/render/html.ts';
import { renderMarkdown } from '../../reports/render/markdown.ts';
import { duration, headline, knownInWords } from '../../reports/render/words.ts';
import { renderYaml } from '../../reports/render/yaml.ts';
import { commandOf, repeatCommand } from '../../reports/repeat-command.ts';
import { writeReport } from '../../reports/write.ts';
import {
  conformantReport,
  diagnosedReport,
  edge,
  factsWithHazards,
  run,
  sampleFacts,
  sampleReport,
} from './sample.ts';

function lastLine(text: string): string | undefined {
  return text.trimEnd().split('\n').at(-1);
}

test('YAML holds the whole report, for readers of YAML 1.2 and 1.1', () => {
  const versions = { ...sampleFacts().versions, kubernetes: '1.30', istio: 'no' };
  const report = assembleReport(factsWithHazards({ versions }));
  const text = renderYaml(report);
  expect(reportSchema.parse(parse(text))).toEqual(report);
  expect(parse(text, { version: '1.1' })).toEqual(report);
});

test('the terminal shows the worst first, each failure with how to repeat it', () => {
  const text = renderConsole(sampleReport(), { reportFile: 'out/report.html' });
  expect(text).toContain(
    [
      '✗ HTTP-10 failed  A prefix matches whole path segments only.',
      '    client -> GET /staticfoo',
      '      expected  denied by alp',
      '      seen      allowed (200 from echo; shop/echo-5f7: 200 - via_upstream <b>not markup</b> &amp; "quotes")',
      '    repeat    npm run conformance -- --target existing --context kind-alp --ingress http://172.18.0.3:31380 --requirement HTTP-10',
    ].join('\n'),
  );
  const order = [...text.matchAll(/^[✗?!–] (\S+)/gm)].map(([, id]) => id);
  expect(order).toEqual(['HTTP-10', 'HTTP-01', 'HTTP-02', 'HTTP-07', 'MTLS-02', 'WEB-01']);
  expect(text).toContain(
    '8 requirements: 2 failed, 1 unverified, 2 broken, 1 skipped, 2 passed in 1 min 38 s\n',
  );
  expect(text).toContain('known     Calico >=3.30.0 <3.32.0: Dikastes answers UNKNOWN');
  expect(text).toContain('MTLS-01 passed against a known deviation');
  expect(text).toContain('Report: out/report.html\n');
});

test('the terminal, the summary and the data say where to see what the cluster looked like', () => {
  const report = diagnosedReport();
  const text = renderConsole(report, { reportFile: 'out/report.html' });
  expect(text).toMatch(
    /✗ HTTP-10 failed.*\n(?: {4}.*\n)* {4}look at {3}out\/diagnostics\/HTTP-10\n {4}repeat/,
  );
  expect(text.match(/look at/g)).toHaveLength(2);
  expect(text).toMatch(
    /runbook step "Sidecar injector" failed\n {4}look at {3}out\/diagnostics\/runbook\/Sidecar-injector\n/,
  );
  expect(text).toContain('Report: out/report.html\nDiagnostics: out/diagnostics/run\n');
  expect(renderMarkdown(report)).toContain(
    'Diagnostics beside the report: [Sidecar injector](<diagnostics/runbook/Sidecar-injector/>), [HTTP-10](<diagnostics/HTTP-10/>), [the mesh](<diagnostics/run/>)\n',
  );
  const data = parse(renderYaml(report));
  expect(data.run.diagnosticsFolder).toBe('diagnostics/run');
  expect(reportSchema.parse(data).steps[0]?.diagnosticsFolder).toBe('diagnostics/runbook/Sidecar-injector');
  expect(renderConsole(sampleReport())).not.toMatch(/look at|Diagnostics/);
  expect(renderMarkdown(sampleReport())).not.toContain('Diagnostics');
});

for (const { name, report, last } of [
  { name: 'everything passed', report: conformantReport(), last: 'conformant' },
  {
    name: 'a browser is missing',
    report: conformantReport({ skipped: [{ id: 'WEB-01', reason: 'needs a browser: none is installed' }] }),
    last: 'incomplete',
  },
  {
    name: 'something is broken',
    report: conformantReport({ selected: ['HTTP-01', 'HTTP-02'] }),
    last: 'incomplete',
  },
  {
    name: 'one failed',
    report: conformantReport({ results: [run('HTTP-01', 'failed')], selected: ['HTTP-01'] }),
    last: 'not conformant',
  },
  { name: 'one failed and one is broken', report: sampleReport(), last: 'not conformant, incomplete' },
  {
    name: 'nothing was selected',
    report: conformantReport({ results: [], selected: [] }),
    last: 'incomplete',
  },
]) {
  test(`the last line on the terminal is "${last}" when ${name}`, () => {
    expect(lastLine(renderConsole(report))).toBe(last);
    expect(headline(report).toLowerCase()).toMatch(new RegExp(`^${last.split(',')[0]}: `));
  });
}

test('the last line about the reference mesh says that it is about that', () => {
  const target = { kind: 'reference', about: 'The reference mesh.' } as const;
  expect(lastLine(renderConsole(conformantReport({ target })))).toBe('conformant (the reference mesh)');
});

test('evidence cannot steer the terminal', () => {
  const report = sampleReport({
    results: [
      run('HTTP-01', 'failed', {
        edges: [
          edge('a -> GET /', 'allowed', 'error', {
            evidence: ['\u001b[2J\u001b]0;gone\u0007 \r\nnext\u0008'],
          }),
        ],
      }),
    ],
  });
  const text = renderConsole(report);
  expect(text).toMatch(/seen {6}error \( ?next\)/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
});

test('colours are for terminals that show them, and change no word', () => {
  const plain = renderConsole(sampleReport());
  const coloured = renderConsole(sampleReport(), { colours: true });
  expect(coloured).not.toBe(plain);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain);
});

test('a run on the reference mesh says so in every rendering, and what to run next', () => {
  const report = conformantReport({ target: { kind: 'reference', about: 'The reference mesh.' } });
  for (const text of [renderConsole(report), renderMarkdown(report), renderHtml(report)]) {
    expect(text).toContain('It says nothing about Istio or Calico.');
  }
  expect(renderConsole(report)).toContain(
    'For the real thing: npm run conformance -- --target kind (makes a cluster), or --target existing --context NAME (takes yours)\n',
  );
  expect(renderMarkdown(sampleReport())).not.toContain('reference mesh');
});

test('Markdown is short, and evidence in it is no markup', () => {
  const results = [
    run('HTTP-01', 'failed', {
      edges: [edge('a -> GET /|`x`', 'allowed', '<img src=x> @team [link](http://x)\n# title')],
    }),
  ];
  const text = renderMarkdown(sampleReport({ results }));
  expect(text).toContain('**Not conformant: 1 failed, 6 broken of 8 requirements.**');
  expect(text).toContain(
    '&lt;img src=x&gt; @\u200bteam \\[link\\](http://x) \\# title (a -&gt; GET /\\|\\`x\\`) |',
  );
  expect(text).toContain('| all | 1 | 0 | 6 | 1 | 0 |');
  expect(text.length).toBeLessThan(4_000);
});

test('Markdown leaves what is too much to the report', () => {
  const ids = Array.from({ length: 30 }, (_, index) => `MANY-${String(index).padStart(2, '0')}`);
  const entry = sampleFacts().catalogue[0]!;
  const text = renderMarkdown(
    conformantReport({ results: [], selected: ids, catalogue: ids.map((id) => ({ ...entry, id })) }),
  );
  expect(text).toContain('MANY-24');
  expect(text).not.toContain('MANY-25');
  expect(text).toContain('And 5 more in the report.');
});

test('hazards have a place of their own in every rendering', () => {
  const report = assembleReport(factsWithHazards());
  const console = renderConsole(report);
  expect(console).toContain(
    [
      'Hazards are documented weaknesses to know of. No release is less conformant for them.',
      '▲ HAZ-01 present  An Allow rule with an HTTP clause opens every port on the transport layer.',
      '? HAZ-03 unverified  A pod without a sidecar is not judged at all.',
      '    the control failed, so denials prove nothing',
      '○ HAZ-02 absent  A request that was under way when a policy changed is not judged again.',
      '',
    ].join('\n'),
  );
  expect(console, 'a broken one is a problem like any other').toContain(
    '! HAZ-04 broken  A workload whose Dikastes is gone denies everything.\n    timed out after 30 s\n    repeat    npm run conformance',
  );
  expect(console).toContain('– HAZ-05 skipped  needs pods with IPv6 addresses');
  expect(console).toContain('Hazards: 1 present, 1 unverified, 1 broken, 1 skipped, 1 absent\n');
  const markdown = renderMarkdown(report);
  expect(markdown).toContain('### Hazards\n\nHazards are documented weaknesses');
  expect(markdown).toContain(
    '| HAZ-02 A request that was under way when a policy changed is not judged again. | ○ absent |  |',
  );
  expect(markdown).toContain('| HAZ-05 A policy for IPv4 says nothing of IPv6. | – skipped | needs pods');
  for (const text of [
    renderConsole(sampleReport()),
    renderMarkdown(sampleReport()),
    renderHtml(sampleReport()),
  ])
    expect(text.toLowerCase()).not.toContain('hazard');
});

test('a headline counts no hazard, and says so when there is nothing else', () => {
  const facts = factsWithHazards();
  const only = (id: string) =>
    assembleReport({
      ...facts,
      selected: [id],
      skipped: [],
      results: facts.results.filter(({ requirement }) => requirement === id),
    });
  expect(headline(only('HAZ-01'))).toBe('Incomplete: hazards alone say nothing of conformance.');
  expect(headline(only('HAZ-03'))).toBe(
    'Incomplete: hazards alone say nothing of conformance; 1 hazard unverified.',
  );
  expect(headline(only('HAZ-04'))).toBe('Incomplete: 0 of 1 requirement passed; 1 broken.');
  expect(headline(sampleReport())).toMatch(/ of 8 requirements\.$/);
  expect(headline(assembleReport(facts))).toBe(
    'Not conformant: 2 failed, 1 unverified, 3 broken of 9 requirements.',
  );
});

test('what was carried over from an earlier run is told in every rendering, and marked', () => {
  const first = sampleReport();
  const report = conformantReport({
    carried: carryOver(first, ['MTLS-01']),
    results: [run('HTTP-01', 'passed')],
    selected: ['HTTP-01'],
    run: { ...sampleFacts().run, id: 'second', resumed: first.run.id },
  });
  const sentence = `1 result was carried over from run ${first.run.id}, on the same cluster.`;
  for (const text of [renderConsole(report), renderMarkdown(report), renderHtml(report)]) {
    expect(text).toContain(sentence);
  }
  expect(renderHtml(report).match(/carried over from run/g), 'the sentence, and one row').toHaveLength(2);
  expect(renderYaml(report)).toContain(`from: ${first.run.id}`);
  const nothing = conformantReport({ run: { ...sampleFacts().run, resumed: first.run.id } });
  expect(renderConsole(nothing)).toContain(
    `Run ${first.run.id} was resumed, and nothing of it could be carried over.`,
  );
});

test('a picture that only an earlier report has is named, and not shown', () => {
  const first = sampleReport({
    results: [run('MTLS-01', 'passed', {}, { pictures: [{ name: 'the home page' }] })],
  });
  const report = conformantReport({ carried: carryOver(first, ['MTLS-01']), results: [], selected: [] });
  expect(renderHtml(report)).toContain(`is in the report of the run that took it, ${first.run.id}.`);
  expect(renderHtml(report)).not.toContain('<img');
});

test('the areas that were asked for are told beside the profile', () => {
  const areas = ['tiers', 'http'];
  const report = conformantReport({ run: { ...sampleFacts().run, areas } });
  expect(renderConsole(report)).toContain('profile core, areas http, tiers\n');
  expect(renderMarkdown(report)).toContain('profile core, areas http, tiers');
  expect(renderHtml(report)).toContain('profile core, areas http, tiers');
});

for (const [requirements, words] of [
  [['HTTP-02'], 'only requirement HTTP-02'],
  [['MTLS-01', 'HTTP-02'], 'only requirements HTTP-02, MTLS-01'],
] as const) {
  test(`a run of ${requirements.length} named is told as that, and not as its profile`, () => {
    const report = conformantReport({ run: { ...sampleFacts().run, requirements: [...requirements] } });
    expect(renderConsole(report)).toContain(`, ${words}\n`);
    expect(renderMarkdown(report)).toContain(`| ${words} |`);
    expect(renderHtml(report)).toContain(`<span>${words}</span>`);
    for (const text of [renderConsole(report), renderMarkdown(report)]) {
      expect(text).not.toContain('profile core');
    }
  });
}

test('errors outside the requirements and failed steps show in every rendering', () => {
  const report = sampleReport({
    errors: ['specs/http/methods.spec.ts did not load'],
    steps: [{ title: 'Install Istio', result: 'failed', cause: 'no image for istiod', durationMs: 9 }],
  });
  for (const text of [renderConsole(report), renderMarkdown(report), renderHtml(report)]) {
    expect(text).toContain('did not load');
    expect(text).toContain('Install Istio');
    expect(text).toContain('no image for istiod');
  }
});

test('the command that repeats a requirement keeps the options of the run, but not its selection', () => {
  const { run: facts } = sampleReport();
  const target = { kind: 'existing', about: '' } as const;
  const args = [
    '--profile',
    'extended',
    '--area',
    'http',
    '--resume',
    "/tmp/an earlier run's/report.yaml",
    '--target=existing',
    '--context',
    "prod's",
    '--requirement',
    'INJ-01',
  ];
  const command = commandOf([...args, '--requirement=INJ-02', '--strict']);
  expect(repeatCommand({ run: { ...facts, command }, target }, 'HTTP-02')).toBe(
    `npm run conformance -- --target=existing --context 'prod'\\''s' --strict --requirement HTTP-02`,
  );
});

test('the command that repeats a requirement names the target when the run did not', () => {
  const { run: facts } = sampleReport();
  const target = { kind: 'existing', about: '', context: 'a b' } as const;
  expect(repeatCommand({ run: { ...facts, command: 'npm run conformance' }, target }, 'HTTP-02')).toBe(
    `npm run conformance -- --target existing --context 'a b' --requirement HTTP-02`,
  );
});

test('the command that repeats a requirement on the reference mesh keeps what was asked of it', () => {
  const { run: facts } = sampleReport();
  const target = { kind: 'reference', about: '', context: 'reference' } as const;
  const command = commandOf(['--calico', 'v3.31.7', '--profile', 'tutorial']);
  expect(repeatCommand({ run: { ...facts, command }, target }, 'HTTP-02')).toBe(
    'npm run conformance -- --calico v3.31.7 --requirement HTTP-02',
  );
  expect(repeatCommand({ run: { ...facts, command: commandOf([]) }, target }, 'HTTP-02')).toBe(
    'npm run conformance -- --requirement HTTP-02',
  );
});

for (const [milliseconds, words] of [
  [0, '0 ms'],
  [340.4, '340 ms'],
  [999.6, '1.0 s'],
  [59_949, '59.9 s'],
  [59_951, '1 min 0 s'],
  [125_000, '2 min 5 s'],
  [3_600_000, '1 h 0 min'],
  [5_430_000, '1 h 31 min'],
] as const) {
  test(`${milliseconds} ms are told as ${words}`, () => {
    expect(duration(milliseconds)).toBe(words);
  });
}

test('known deviations are told by their share of what went wrong', () => {
  const only = (...results: ReturnType<typeof run>[]) =>
    sampleReport({ results, selected: [], skipped: [], deviations: sampleFacts().deviations });
  const denied = { edges: [edge('GET /', 'allowed', 'denied by alp')] };
  const leaked = run('HTTP-10', 'failed', { edges: [edge('GET /', 'denied by alp', 'allowed')] });
  const known = run('HTTP-01', 'failed', denied);
  expect(knownInWords(only(leaked))).toBeUndefined();
  expect(knownInWords(only(known))).toBe('The failure is a known deviation of this release.');
  expect(knownInWords(only(known, run('HTTP-02', 'unverified', denied)))).toMatch(/^All/);
  expect(knownInWords(only(known, leaked))).toMatch(/^1 of the 2/);
});

test('writing a report leaves its three files and nothing else, also when one is there', async ({}, testInfo) => {
  const folder = testInfo.outputPath('run', 'report');
  writeReport(conformantReport(), folder);
  const files = writeReport(sampleReport(), folder);
  expect((await readdir(folder)).sort()).toEqual(['report.html', 'report.yaml', 'summary.md']);
  expect(files.html).toBe(join(folder, 'report.html'));
  expect(await readFile(files.yaml, 'utf8')).toBe(renderYaml(sampleReport()));
  expect(await readFile(files.html, 'utf8')).toBe(renderHtml(sampleReport()));
  expect(await readFile(files.markdown, 'utf8')).toBe(renderMarkdown(sampleReport()));
});
