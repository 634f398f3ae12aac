import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { bounded } from '../../fixtures/diagnostics/bounded.ts';

const bytes = (text: string) => Buffer.byteLength(text);
const note = /\n\[\.\.\. (\d+) bytes were cut here \.\.\.\]\n/;

test('what fits is left as it is, to the byte', () => {
  expect(bounded('ä'.repeat(500), 1000)).toBe('ä'.repeat(500));
  expect(bounded('ä'.repeat(500), 999)).not.toBe('ä'.repeat(500));
});

test('of a long log the first and the last lines are kept, whole, and more of the last', () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}`);
  const [head = '', , tail = ''] = bounded(lines.join('\n'), 1000).split(note);
  expect(lines).toEqual(expect.arrayContaining(head.split('\n')));
  expect(lines).toEqual(expect.arrayContaining(tail.split('\n')));
  expect([head.startsWith('line 0\n'), tail.endsWith('\nline 999')]).toEqual([true, true]);
  expect(tail.length).toBeGreaterThan(head.length);
});

test('however much there is of whatever characters, the bound holds, and what was cut is told to the byte', () => {
  const text = fc
    .array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.constant('\n')), { maxLength: 60 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 600 }), (whole, most) => {
      const kept = bounded(whole, most);
      expect(bytes(kept)).toBeLessThanOrEqual(most);
      if (kept === whole || kept === '') return;
      const [head = '', cut = '', tail = ''] = kept.split(note);
      expect(whole.startsWith(head)).toBe(true);
      expect(whole.endsWith(tail)).toBe(true);
      expect(bytes(head) + bytes(tail) + Number(cut)).toBe(bytes(whole));
    }),
    { numRuns: 2_000 },
  );
});
