/*
 * Makes the recordings that `translate.test.ts` compares with:
 *
 *   node tests/dikastes/record.ts RECORDER TAG [COUNT]
 *
 * RECORDER is a program of one's own around Felix's calculation graph of the release TAG: it reads scenarios, one
 * JSON object a line, and writes for each what Felix sends the workload's Dikastes, as one JSON array a line.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { wireOf } from '../../fixtures/dikastes/protocol/wire.ts';
import { scenario } from './scenarios.ts';

const [recorder, tag, count = '320'] = process.argv.slice(2);
if (recorder === undefined || tag === undefined) throw new Error('usage: record.ts RECORDER TAG [COUNT]');
const scenarios = Array.from({ length: Number(count) }, (_, index) => scenario(index + 1, wireOf(tag)));
const { stdout } = await execa(recorder, ['-batch'], {
  input: scenarios.map((one) => `${JSON.stringify(one)}\n`).join(''),
});
const lines = stdout.split('\n').map((line, index) => {
  const messages: unknown = JSON.parse(line);
  if (!Array.isArray(messages)) throw new Error(`scenario ${index + 1}: ${line}`);
  return JSON.stringify({ ...scenarios[index], messages });
});
const file = join(import.meta.dirname, 'recorded', `felix-streams-${tag}.ndjson.gz`);
writeFileSync(file, gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
