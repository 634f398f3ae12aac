import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { wireOf } from '../../fixtures/dikastes/protocol/wire.ts';
import { toPolicySync } from '../../fixtures/dikastes/translate/translate.ts';
import { canonical, fromRecorder } from './canonical.ts';
import type { Scenario } from './scenarios.ts';

interface Recorded extends Scenario {
  messages: unknown[];
}

const folder = join(import.meta.dirname, 'recorded');
const files = readdirSync(folder).filter((name) => name.startsWith('felix-streams-'));

test('two releases are recorded, one of each wire format', () => {
  const wires = files.map((name) => wireOf(releaseOf(name)));
  expect(wires.sort()).toEqual(['3.32', 'before 3.32']);
});

for (const file of files) {
  const release = releaseOf(file);
  const recorded = gunzipSync(readFileSync(join(folder, file)))
    .toString('utf8')
    .trim()
    .split('\n');

  test(`says the same as Felix ${release} in ${recorded.length} scenarios`, () => {
    expect(recorded.length).toBeGreaterThanOrEqual(200);
    for (const [index, line] of recorded.entries()) {
      const { objects, workload, messages } = JSON.parse(line) as Recorded;
      const translated = toPolicySync(objects, workload, release);
      expect(canonical(translated), `scenario ${index + 1}`).toEqual(canonical(fromRecorder(messages)));
    }
  });
}

function releaseOf(file: string): string {
  return /-(v\d+\.\d+\.\d+)\./.exec(file)?.[1] ?? '';
}
