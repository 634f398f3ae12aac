import { Writable } from 'node:stream';
import { expect, test } from '@playwright/test';
import { printerTo } from '../../fixtures/agent/printer.ts';

/** A stream, and the pieces that were written to it. */
function sink() {
  const pieces: string[] = [];
  const stream = new Writable({
    write: (piece: Buffer, _encoding, done) => {
      pieces.push(piece.toString());
      done();
    },
  });
  return { stream, pieces };
}

test('lines that come together, or soon after one another, are one piece', async () => {
  const { stream, pieces } = sink();
  const print = printerTo(stream);
  void print('one');
  await new Promise(setImmediate);
  await print('two');
  expect(pieces).toEqual(['one\ntwo\n']);
  await print('three');
  expect(pieces).toEqual(['one\ntwo\n', 'three\n']);
});

test('an urgent line takes along what was held, and waits for nothing', async () => {
  const { stream, pieces } = sink();
  const print = printerTo(stream);
  const held = print('one');
  const urgent = print('end', true);
  expect(pieces).toEqual(['one\nend\n']);
  await Promise.all([held, urgent]);
});

test('much is written at once', async () => {
  const { stream, pieces } = sink();
  const print = printerTo(stream);
  const line = 'x'.repeat(1000);
  await Promise.all(Array.from({ length: 40 }, () => print(line)));
  expect(pieces.map(({ length }) => length)).toEqual([17_017, 17_017, 6_006]);
});
