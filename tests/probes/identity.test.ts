import { expect, test } from '@playwright/test';
import { forwardedIdentity } from '../../fixtures/probes/identity.ts';
import { answers, type Canned } from './scripted-route.ts';

const client = 'spiffe://cluster.local/ns/shop/sa/client';
const server = 'spiffe://cluster.local/ns/shop/sa/echo';

/** The echo server's answer, with what the sidecar told it of the peer. */
function echo(...certificates: string[]): Canned {
  const headers = certificates.length === 0 ? {} : { 'x-forwarded-client-cert': certificates };
  return { body: JSON.stringify({ echo: 'alp-conformance', headers }) };
}

test("the peer is the client's identity, not the server's own", async () => {
  const route = answers(echo(`By=${server};Hash=abc;Subject="";URI=${client}`));
  expect(await forwardedIdentity(route)).toBe(client);
});

test('a peer that was named without an identity is none', async () => {
  expect(await forwardedIdentity(answers(echo(`By=${server};Hash=abc;Subject=""`)))).toBe('');
});

test('where no peer was named, as for plaintext, there is none', async () => {
  expect(await forwardedIdentity(answers(echo()))).toBe('');
});

test('no answer is an error, not the lack of a peer', async () => {
  const refused = { stage: 'connect', code: 'ECONNREFUSED', message: '', bytes: 0 } as const;
  await expect(forwardedIdentity(answers(refused))).rejects.toThrow('client -> echo gave no answer');
});
