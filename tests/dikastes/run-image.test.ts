import { expect } from '@playwright/test';
import { DikastesError } from '../../fixtures/dikastes/dikastes-error.ts';
import { imageOf, runImage, type StartContainer } from '../../fixtures/dikastes/run-image.ts';
import { test } from './stand-ins.ts';
import { allowPath, ask, workload, world } from './world.ts';

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

const causes: [message: string, told: string][] = [
  [
    'Could not find a working container runtime strategy',
    'no container engine answers here (Docker, or whatever DOCKER_HOST names).',
  ],
  ['(HTTP code 404) no such container - manifest unknown: not known ', 'manifest unknown: not known.'],
];

for (const [message, told] of causes) {
  test(`one that does not start says "${told}" and what it logged`, async () => {
    const started = runImage('v3.32.1', '/folder', undefined, async ({ onLog }) => {
      onLog('exec format error\n');
      throw new Error(message);
    });
    const error = await started.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DikastesError);
    expect((error as DikastesError).message).toBe(
      `No container of calico/dikastes:v3.32.1 could be started: ${told} The last it logged:\n  exec format error`,
    );
    expect((error as DikastesError).lastLines).toEqual(['exec format error']);
  });
}

test.describe('a real image', () => {
  const pattern = process.env.ALP_DIKASTES_IMAGE;
  const release = 'v3.32.1';
  const image = pattern?.replaceAll('{version}', release);

  test.beforeEach(({}, info) => {
    const wanted = 'ALP_DIKASTES_IMAGE names no images of Dikastes: give it a name with {version} in it';
    info.skip(image === undefined, wanted);
  });

  test('runs by its sockets alone, and decides', async ({ start }) => {
    const dikastes = await start({ image, release });
    await dikastes.enforce([...world, allowPath('p', '/a')], workload);
    expect(await dikastes.check([ask('GET', '/a'), ask('GET', '/b')])).toEqual(['OK', 'PERMISSION_DENIED']);
  });

  test('that ends says how, and what it logged', async ({ folder }) => {
    const engine = await runImage(release, folder, image);
    await engine.stop();
    expect(await engine.ended).toBe('status 0');
    expect(engine.log.all()).toContain('Got signal: terminated');
  });

  test('that cannot be had is told in one sentence', async ({ start }) => {
    // Nothing listens on this port of the engine's machine, and no other machine is asked.
    const started = start({ image: `localhost:1/dikastes:${release}`, release });
    await expect(started).rejects.toThrow(
      /^No container of localhost:1\/dikastes:v3\.32\.1 could be started: [^\n]*\.$/,
    );
  });
});
