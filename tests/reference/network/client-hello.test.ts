import { expect, test } from '@playwright/test';
import { openingOf, peekClientHello } from '../../../reference/network/client-hello.ts';
import type { VirtualSocket } from '../../../reference/network/interface.ts';
import { clientAndServer, connected, helloBytes, settled, text } from './harness.ts';

/** The hello in records of so many bytes each. */
function fragmented(hello: Buffer, size: number): Buffer {
  const content = hello.subarray(5);
  const records: Buffer[] = [];
  for (let at = 0; at < content.length; at += size) {
    const piece = content.subarray(at, at + size);
    records.push(Buffer.from([0x16, 3, 1, piece.length >> 8, piece.length & 0xff]), piece);
  }
  return Buffer.concat(records);
}

test('a hello tells the protocols and the name, however it is cut', async () => {
  const hello = await helloBytes({ ALPNProtocols: ['istio-http/1.1', 'istio'], servername: 'srv.ms' });
  const told = { kind: 'tls', alpn: ['istio-http/1.1', 'istio'], servername: 'srv.ms' };
  expect(openingOf(hello)).toEqual(told);
  expect(openingOf(fragmented(hello, 50))).toEqual(told);
  expect(openingOf(Buffer.concat([hello, Buffer.from('more')]))).toEqual(told);
  for (let length = 0; length < hello.length; length += 1) {
    expect(openingOf(hello.subarray(0, length)), `${length} bytes`).toBeUndefined();
  }
  expect(openingOf(await helloBytes({}))).toEqual({ kind: 'tls', alpn: [] });
});

const openings: [title: string, bytes: Buffer, kind: string][] = [
  ['one letter', Buffer.from('G'), 'plaintext'],
  ['a record of no TLS', Buffer.from([0x16, 9]), 'plaintext'],
  ['another message', Buffer.from('160301000402000000', 'hex'), 'tls'],
  ['a hello that is cut short within', Buffer.from('1603010005010000010000', 'hex'), 'tls'],
];
for (const [title, bytes, kind] of openings) {
  test(`${title} is taken for ${kind}`, () => {
    expect(openingOf(bytes)).toMatchObject({ kind });
  });
}

test('what was looked at is still there, and flows', async () => {
  const { client, server } = clientAndServer();
  for (const ended of [false, true]) {
    const [near, far] = await connected(client, server);
    near.write('GET / ');
    if (ended) near.end('rest');
    expect(await peekClientHello(far)).toEqual({ kind: 'plaintext' });
    // A second look sees the same.
    expect(await peekClientHello(far)).toEqual({ kind: 'plaintext' });
    if (!ended) near.end('rest');
    expect(await text(far)).toBe('GET / rest');
  }
});

test('a hello in pieces is waited for', async () => {
  const hello = await helloBytes({ ALPNProtocols: ['istio'] });
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  const peeking = peekClientHello(far);
  for (const byte of hello) {
    near.write(Buffer.from([byte]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await peeking).toEqual({ kind: 'tls', alpn: ['istio'] });
  near.end();
  expect(Buffer.from(await text(far)).length).toBeGreaterThan(0);
});

const endings: [title: string, how: (near: VirtualSocket) => void][] = [
  ['ends', (near) => void near.end()],
  ['ends within the hello', (near) => void near.end(Buffer.from([0x16, 3, 1]))],
  ['is reset', (near) => near.reset()],
];
for (const [title, how] of endings) {
  test(`a connection that ${title} says nothing`, async () => {
    const { client, server } = clientAndServer();
    const [near, far] = await connected(client, server);
    how(near);
    expect(await peekClientHello(far)).toEqual({ kind: 'ended' });
    await settled();
    expect(await peekClientHello(far)).toEqual({ kind: 'ended' });
  });
}

test('a silent client is waited for as long as wanted', async () => {
  const { client, server } = clientAndServer();
  const [near, far] = await connected(client, server);
  expect(await peekClientHello(far, 5)).toEqual({ kind: 'silent' });
  near.end('late');
  expect(await text(far)).toBe('late');
});
