import { expect } from '@playwright/test';
import type { Observation, ProbeRequest } from '../../../fixtures/agent/protocol.ts';
import { agentPod } from '../objects.ts';
import { failure, test } from './fixture.ts';

test.beforeEach(({ run }) => run(agentPod('echo', { injected: true })));

test('a command gives its output and its exit status', async ({ $, namespace }) => {
  const [info, usage, unknown] = await Promise.all([
    $`kubectl exec echo -c istio-proxy -- pilot-agent request GET server_info`,
    $`kubectl exec echo -- node /agent/agent.ts probe --wrong`,
    $`kubectl exec deploy/absent -- true`,
  ]);
  expect(info).toMatchObject({ status: 0, stderr: '' });
  expect(JSON.parse(info.stdout)).toMatchObject({
    state: 'LIVE',
    node: { id: expect.stringContaining(namespace) },
  });
  expect(usage.status).toBe(2);
  expect(usage.stderr).toMatch(/^Unknown option '--wrong'.*\ncommand terminated with exit code 2$/);
  expect(unknown.status).toBe(1);
});

test('a command gets its standard input, and output while it still reads', async ({ $ }) => {
  const { stdout: host } = await $`kubectl get pod echo -o jsonpath={.status.podIP}`;
  const probes = ['one', 'two'].map(
    (id): ProbeRequest => ({
      id,
      host,
      port: 8080,
      protocol: 'http/1.1',
      http: { method: 'GET', target: `/${id}` },
      connectTimeoutMs: 1000,
      timeoutMs: 1000,
    }),
  );
  const batch = [...probes, { end: true, parallel: 1 }].map((line) => `${JSON.stringify(line)}\n`).join('');
  const { status, stdout, stderr } = await $.given(batch)`kubectl exec -i echo -- node /agent/agent.ts probe`;
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const seen = stdout.split('\n').map((line) => JSON.parse(line) as Observation);
  expect(seen.map(({ id, response }) => [id, response?.status])).toEqual([
    ['one', 200],
    ['two', 200],
  ]);
});

test('the end of standard input is heard', async ({ $ }) => {
  const { status, stderr } = await $`kubectl exec -i echo -- node /agent/agent.ts probe`;
  expect(status).toBe(2);
  expect(stderr).toMatch(/^Line 1: the input ended before /);
});

test('what cannot be run is refused in words', async ({ $ }) => {
  const [container, pod, program] = await Promise.all([
    $`kubectl exec echo -c absent -- true`,
    $`kubectl exec absent -- true`,
    $`kubectl exec echo -- bash -c true`,
  ]);
  expect(container).toEqual(
    failure('Error from server (BadRequest): container absent is not valid for pod echo'),
  );
  expect(pod).toEqual(failure('Error from server (NotFound): pods "absent" not found'));
  expect(program).toMatchObject({ status: 1, stdout: '' });
  expect(program.stderr).toMatch(
    /^error: Internal error occurred: .*exec: "bash": executable file not found/,
  );
});
