import { Duplex, duplexPair } from 'node:stream';
import { expect, test } from '@playwright/test';
import { Incoming } from '../../fixtures/agent/incoming.ts';

function settled(stream: Duplex): Promise<void> {
  return new Promise((resolve) => stream.once('close', resolve));
}

test('a stream that broke before anyone read it still says why', async () => {
  const stream = new Duplex({ read() {}, write() {} });
  stream.on('error', () => {}).destroy(new Error('why'));
  await settled(stream);
  await expect(new Incoming(stream).chunk()).rejects.toThrow('why');
});

test('a stream that was torn down before anyone read it is a reset', async () => {
  const stream = new Duplex({ read() {}, write() {} });
  stream.destroy();
  await settled(stream);
  await expect(new Incoming(stream).chunk()).rejects.toThrow('torn down');
});

test('a stream that ended before anyone read it is at its end', async () => {
  const [near, far] = duplexPair();
  far.end();
  await near.resume().toArray();
  expect(await new Incoming(near).chunk()).toBeUndefined();
});

test('what came before the end is read first', async () => {
  const [near, far] = duplexPair();
  const incoming = new Incoming(near);
  far.end('one\r\ntwo');
  expect(await incoming.line(10)).toBe('one');
  expect(await incoming.startsWith('two')).toBe(true);
  await expect(incoming.line(10)).rejects.toThrow('while more was due');
  expect((await incoming.chunk())?.toString()).toBe('two');
  expect(await incoming.chunk()).toBeUndefined();
  expect(incoming.received).toBe(8);
});

test('a line that is too long is malformed before it ends', async () => {
  const [near, far] = duplexPair();
  far.write('x'.repeat(11));
  await expect(new Incoming(near).line(10)).rejects.toThrow('A line is longer than 10 bytes.');
});

test('waiting for a while ends when nothing came', async () => {
  const [near] = duplexPair();
  expect(await new Incoming(near).ready(1)).toBe(false);
});
