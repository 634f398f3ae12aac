import { expect } from '@playwright/test';
import { podLogs } from '../../fixtures/cluster/logs.ts';
import { rejection, test } from './fixture.ts';

const container = { namespace: 'shop', pod: 'frontend-1', container: 'istio-proxy' };
const path = '/api/v1/namespaces/shop/pods/frontend-1/log';

test('a log comes back as text', async ({ api }) => {
  api.on('GET', path, (_, answer) => answer.text('{"status":403}\nline two\n'));
  expect(await podLogs(api.cluster(), container)).toBe('{"status":403}\nline two\n');
  expect(api.seen('GET', path)[0]?.query).toEqual({ container: 'istio-proxy' });
});

test('what part of a log is wanted goes to the server', async ({ api }) => {
  api.on('GET', path, (_, answer) => answer.text(''));
  const options = { sinceSeconds: 5, tailLines: 100, previous: true, limitBytes: 4096, timestamps: true };
  await podLogs(api.cluster(), container, options);
  expect(api.seen('GET', path)[0]?.query).toEqual({
    container: 'istio-proxy',
    sinceSeconds: '5',
    tailLines: '100',
    previous: 'true',
    limitBytes: '4096',
    timestamps: 'true',
  });
});

test('a container that has not started is an error in the words of the server', async ({ api }) => {
  const said = 'container "istio-proxy" in pod "frontend-1" is waiting to start: PodInitializing';
  api.on('GET', path, (_, answer) => answer.refuse(400, 'BadRequest', said));
  const error = await rejection(podLogs(api.cluster(), container));
  expect(error).toMatchObject({ status: 400 });
  expect(error.message).toContain('is waiting to start');
});
