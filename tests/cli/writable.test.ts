import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { UsageError } from '../../fixtures/usage-error.ts';
import { checkWritable } from '../../scripts/lib/writable.ts';

test('what can be written is left as it is', ({}, info) => {
  const file = info.outputPath('recording');
  mkdirSync(dirname(file), { recursive: true });
  checkWritable('--record', file);
  expect(existsSync(file)).toBe(false);
  writeFileSync(file, 'an earlier one');
  checkWritable('--record', file);
  expect(readFileSync(file, 'utf8')).toBe('an earlier one');
});

test('what cannot be written is wrong usage', ({}, info) => {
  const file = info.outputPath('recording');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'an earlier one');
  for (const [other, code] of [
    [dirname(file), 'EISDIR'],
    [join(file, 'below'), 'ENOTDIR'],
    [join(`${file}s`, 'below'), 'ENOENT'],
  ] as const) {
    const check = () => checkWritable('--record', other);
    expect(check).toThrow(UsageError);
    expect(check).toThrow(
      `--record ${other} is not a file that can be written to (${code}): name another one.`,
    );
  }
});
