import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from '@playwright/test';
import { UsageError } from '../../fixtures/usage-error.ts';
import { readReport } from '../../reports/read.ts';
import { renderYaml } from '../../reports/render/yaml.ts';
import { conformantReport } from './sample.ts';

const whole = renderYaml(conformantReport());

test('a report is read as it was written', ({}, info) => {
  const file = info.outputPath('report.yaml');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, whole);
  expect(readReport(file)).toEqual(conformantReport());
});

const others: [what: string, text: string | undefined, sentence: RegExp][] = [
  ['that is not there', undefined, /^The report \S+\/report\.yaml cannot be read \(ENOENT\)\.$/],
  ['that is something else', 'kind: Pod\n', /report\.yaml is no report of a conformance run\.$/],
  ['that is no YAML', '{ broken', /report\.yaml is no report of a conformance run\.$/],
  [
    'of another version',
    whole.replace('alp-conformance/v1alpha1', 'alp-conformance/v2'),
    /is a report of alp-conformance\/v2, and this version of the suite reads alp-conformance\/v1alpha1: use the one that made it\.$/,
  ],
  [
    'that was cut short',
    'apiVersion: alp-conformance/v1alpha1\nkind: ConformanceReport\n',
    /is not as a report of alp-conformance\/v1alpha1 is: run: .+\.$/,
  ],
];

for (const [what, text, sentence] of others) {
  test(`a file ${what} is told in one line`, ({}, info) => {
    const file = info.outputPath('report.yaml');
    mkdirSync(dirname(file), { recursive: true });
    if (text !== undefined) writeFileSync(file, text);
    const read = () => readReport(file);
    expect(read).toThrow(UsageError);
    expect(read).toThrow(sentence);
  });
}
