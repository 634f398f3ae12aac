import { expect, test } from '@playwright/test';
import { DikastesError } from '../../fixtures/dikastes/dikastes-error.ts';
import { imageOf, runImage, type StartContainer } from '../../fixtures/dikastes/run-image.ts';

test('until 3.32 Dikastes has an image of its own, then it is a component', () => {
  const own = ['server', '-l', 'dikastes.sock', '-d', 'policy-sync.sock'];
  expect(imageOf('v3.32.1')).toEqual({ image: 'calico/dikastes:v3.32.1', command: own });
  expect(imageOf('v3.33.0')).toEqual({
    image: 'calico/calico:v3.33.0',
    command: ['component', 'dikastes', ...own],
  });
});

test('a container is given the folder, and its log is kept', async () => {
  const asked: Parameters<StartContainer>[0][] = [];
  const running = await runImage('v3.32.1', '/folder', 'mirror/dikastes:v3.32.1', async (options) => {
    asked.push(options);
    options.onLog('level=info msg=up\n');
    return { stop: async () => ({}) as never, ended: Promise.resolve('the end of its log') };
  });
  expect(asked[0]).toMatchObject({ image: 'mirror/dikastes:v3.32.1', folder: '/folder' });
  expect(running.log.lastLines()).toEqual(['level=info msg=up']);
  expect(await running.ended).toBe('the end of its log');
});

test('one that does not start says so with what it logged', async () => {
  const started = runImage('v3.32.1', '/folder', undefined, async ({ onLog }) => {
    onLog('exec format error\n');
    throw new Error('Could not find a working container runtime strategy');
  });
  const error = await started.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DikastesError);
  expect((error as DikastesError).message).toContain(
    'No container of calico/dikastes:v3.32.1 could be started: Could not find a working container',
  );
  expect((error as DikastesError).lastLines).toEqual(['exec format error']);
});
