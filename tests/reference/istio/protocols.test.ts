import { expect, test } from '@playwright/test';
import { parseDuration } from '../../../reference/istio/duration.ts';
import { istioRules } from '../../../reference/rules/istio.ts';

const ports: [port: { name?: string; appProtocol?: string }, protocol: string][] = [
  [{ name: 'http' }, 'http'],
  [{ name: 'http-web' }, 'http'],
  [{ name: 'HTTP2-x' }, 'http2'],
  [{ name: 'grpc' }, 'http2'],
  [{ name: 'grpc-web' }, 'http2'],
  [{ name: 'tcp-echo' }, 'tcp'],
  [{ name: 'https' }, 'tcp'],
  [{ name: 'web' }, 'auto'],
  [{ name: 'httpbin' }, 'auto'],
  [{}, 'auto'],
  [{ name: 'http', appProtocol: 'tcp' }, 'tcp'],
  [{ name: 'web', appProtocol: 'kubernetes.io/h2c' }, 'http2'],
  [{ name: 'web', appProtocol: 'grpc' }, 'http2'],
  [{ name: 'h2c' }, 'auto'],
];

for (const [port, protocol] of ports) {
  test(`a port with ${JSON.stringify(port)} speaks ${protocol}`, () => {
    expect(istioRules.protocolOfPort({ port: 80, ...port })).toBe(protocol);
  });
}

test('durations are read as Istio writes them', () => {
  const read = ['1s', '500ms', '1m30s', '1.5s', '0s', '10', 's', ''].map(parseDuration);
  expect(read).toEqual([1_000, 500, 90_000, 1_500, 0, undefined, undefined, undefined]);
});
