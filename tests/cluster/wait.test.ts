import { expect } from '@playwright/test';
import { ForbiddenError } from '../../fixtures/cluster/errors.ts';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { pollFor, WaitError, waitFor } from '../../fixtures/cluster/wait.ts';
import { watchObjects } from '../../fixtures/cluster/watch.ts';
import type { Script } from './fake-api.ts';
import { ample, object, rejection, test } from './fixture.ts';

const path = '/api/v1/namespaces/shop/configmaps';
const maps = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop' };

const map = (name: string, resourceVersion: string, more: Partial<KubeObject> = {}) =>
  object('ConfigMap', name, { ...more, metadata: { name, namespace: 'shop', resourceVersion } });
const listOf =
  (resourceVersion: string, ...names: string[]): Script =>
  (_, answer) =>
    answer.list(
      names.map((name) => map(name, resourceVersion)),
      { resourceVersion },
    );
const events =
  (...sent: [type: string, object: object][]): Script =>
  (_, answer) => {
    for (const [type, object] of sent) answer.event(type, object);
  };
const eventsThenEnd =
  (...sent: [type: string, object: object][]): Script =>
  (_, answer) => {
    answer.response.writeHead(200);
    for (const [type, object] of sent) answer.event(type, object);
    answer.end();
  };

/** Holds as soon as exactly these are there. */
const names =
  (...wanted: string[]) =>
  (objects: KubeObject[]) => {
    const found = objects.map(({ metadata }) => metadata.name).sort();
    return found.join() === [...wanted].sort().join() ? found : undefined;
  };
const options = { timeoutMs: ample, what: 'the maps' };

test('a condition that holds already is answered from the list, without a watch', async ({ api }) => {
  api.on('GET', path, listOf('1', 'a'));
  expect(await waitFor(api.cluster(), maps, names('a'), options)).toEqual(['a']);
  expect(api.seen('GET', path)).toHaveLength(1);
});

test('events bring the set up to date: added, modified, deleted', async ({ api }) => {
  api.onWatch(
    path,
    [listOf('1', 'a', 'b')],
    [
      events(
        ['ADDED', map('c', '2')],
        ['DELETED', map('b', '3')],
        ['MODIFIED', map('a', '4', { data: { done: 'yes' } })],
      ),
    ],
  );
  const seen: string[][] = [];
  const result = await waitFor(
    api.cluster(),
    maps,
    (objects) => {
      seen.push(objects.map(({ metadata }) => metadata.name));
      return objects.find(({ data }) => (data as { done?: string } | undefined)?.done)?.metadata.name;
    },
    options,
  );
  expect(result).toBe('a');
  expect(seen).toEqual([
    ['a', 'b'],
    ['a', 'b', 'c'],
    ['a', 'c'],
    ['a', 'c'],
  ]);
});

test('false, null and undefined all mean not yet; zero and the empty string are results', async ({ api }) => {
  api.onWatch(
    path,
    [listOf('1')],
    [events(['ADDED', map('a', '2')], ['ADDED', map('b', '3')], ['ADDED', map('c', '4')])],
  );
  const answers = [false, null, undefined, 0];
  expect(await waitFor(api.cluster(), maps, () => answers.shift(), options)).toBe(0);
  expect(answers).toHaveLength(0);
});

test('the watch goes on from the list, asks for bookmarks, and is to be ended by the server', async ({
  api,
}) => {
  api.onWatch(path, [listOf('41')], [events(['ADDED', map('a', '42')])]);
  await waitFor(api.cluster(), { ...maps, name: 'a', labelSelector: 'x=y' }, names('a'), options);
  expect(api.seen('GET', path)[1]?.query).toEqual({
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: '41',
    timeoutSeconds: '30',
    fieldSelector: 'metadata.name=a',
    labelSelector: 'x=y',
  });
});

test('a watch that the server ends goes on from its last event or bookmark', async ({ api }) => {
  api.onWatch(
    path,
    [listOf('1')],
    [
      eventsThenEnd(['ADDED', map('a', '2')]),
      eventsThenEnd(['BOOKMARK', { kind: 'ConfigMap', metadata: { resourceVersion: '9' } }]),
      events(['ADDED', map('b', '10')]),
    ],
  );
  await waitFor(api.cluster(), maps, names('a', 'b'), options);
  expect(api.seen('GET', path).map(({ query }) => query.resourceVersion)).toEqual([undefined, '1', '2', '9']);
});

test('a bookmark is not an object', async ({ api }) => {
  const bookmark = { kind: 'ConfigMap', metadata: { resourceVersion: '9' } };
  api.onWatch(path, [listOf('1', 'a')], [events(['BOOKMARK', bookmark], ['ADDED', map('b', '10')])]);
  const sizes: number[] = [];
  await waitFor(
    api.cluster(),
    maps,
    (objects) => {
      sizes.push(objects.length);
      return names('a', 'b')(objects);
    },
    options,
  );
  expect(sizes).toEqual([1, 2]);
});

test('a watch whose connection drops in the middle of an event goes on before that event', async ({
  api,
}) => {
  api.onWatch(
    path,
    [listOf('1')],
    [
      (_, answer) => {
        answer.event('ADDED', map('a', '2'));
        answer.response.write('{"type":"ADDED","object":{"metadata":{"na');
        answer.drop();
      },
      events(['ADDED', map('b', '3')]),
    ],
  );
  expect(await waitFor(api.cluster(), maps, names('a', 'b'), options)).toEqual(['a', 'b']);
  expect(api.seen('GET', path).map(({ query }) => query.resourceVersion)).toEqual([undefined, '1', '2']);
});

test('an event that comes in pieces is put together', async ({ api }) => {
  const line = Buffer.from(`${JSON.stringify({ type: 'ADDED', object: map('größe', '2') })}\n`);
  api.onWatch(
    path,
    [listOf('1')],
    [
      (_, { response }) => {
        // Byte by byte cuts through the encoding of ö and ß.
        const next = (at: number): void => {
          if (at < line.length) response.write(line.subarray(at, at + 1), () => next(at + 1));
        };
        response.writeHead(200);
        next(0);
      },
    ],
  );
  expect(await waitFor(api.cluster(), maps, names('größe'), options)).toEqual(['größe']);
});

test('410 as an ERROR event makes a new list, which forgets what has gone', async ({ api }) => {
  const gone = {
    kind: 'Status',
    status: 'Failure',
    code: 410,
    reason: 'Expired',
    message: 'too old resource version',
  };
  api.onWatch(
    path,
    [listOf('1', 'stale'), listOf('100', 'a')],
    [events(['ERROR', gone]), events(['ADDED', map('b', '101')])],
  );
  expect(await waitFor(api.cluster(), maps, names('a', 'b'), options)).toEqual(['a', 'b']);
  expect(api.seen('GET', path).map(({ query }) => query.resourceVersion)).toEqual([
    undefined,
    '1',
    undefined,
    '100',
  ]);
});

test('410 as the status of the watch makes a new list', async ({ api }) => {
  api.onWatch(
    path,
    [listOf('1'), listOf('100', 'a')],
    [(_, answer) => answer.refuse(410, 'Gone', 'too old')],
  );
  expect(await waitFor(api.cluster(), maps, names('a'), options)).toEqual(['a']);
});

test('a server that is away for a while is waited for', async ({ api }) => {
  api.onWatch(
    path,
    [
      listOf('1'),
      (_, answer) => answer.text('starting', 503),
      (_, answer) => answer.hangUp(),
      listOf('5', 'a'),
    ],
    [(_, answer) => answer.refuse(500, 'InternalError', 'etcd is away')],
  );
  expect(await waitFor(api.cluster(), maps, names('a'), options)).toEqual(['a']);
});

test('a watch that falls silent beyond its end is opened again', async ({ api }) => {
  api.onWatch(
    path,
    [listOf('1')],
    [(_, { response }) => void response.writeHead(200).flushHeaders(), events(['ADDED', map('a', '2')])],
  );
  const sizes: number[] = [];
  const signal = AbortSignal.timeout(ample);
  for await (const objects of watchObjects(api.cluster(), maps, signal, {
    watchSeconds: 1,
    graceSeconds: 0,
  })) {
    sizes.push(objects.length);
    if (objects.length > 0) break;
  }
  expect(sizes).toEqual([0, 1]);
  expect(api.seen('GET', path).map(({ query }) => query.timeoutSeconds)).toEqual([undefined, '1', '1']);
});

test('a server that comes up is waited for from the first list on', async ({ api }) => {
  let asked = 0;
  api.on('GET', path, (request, answer) => {
    asked += 1;
    return asked === 1 ? answer.text('service unavailable', 503) : listOf('1', 'a')(request, answer);
  });
  expect(await waitFor(api.cluster(), maps, names('a'), { ...options, comesUp: true })).toEqual(['a']);
  expect(asked).toBe(2);
});

test('a first list that fails ends the wait at once', async ({ api }) => {
  api.on('GET', path, (_, answer) => answer.text('starting', 503));
  expect(await rejection(waitFor(api.cluster(), maps, names('a'), options))).toMatchObject({ status: 503 });
});

test('what may be listed but not watched ends the wait at once', async ({ api }) => {
  api.onWatch(
    path,
    [listOf('1')],
    [(_, answer) => answer.refuse(403, 'Forbidden', 'User "x" cannot watch resource "configmaps"')],
  );
  const error = await rejection(waitFor(api.cluster(), maps, names('a'), options));
  expect(error).toBeInstanceOf(ForbiddenError);
  expect(error.message).toContain('may not watch configmaps in namespace shop');
});

test('watches that end at once are not opened in a rush', async ({ api }) => {
  api.onWatch(path, [listOf('1')], [eventsThenEnd()]);
  await rejection(waitFor(api.cluster(), maps, names('a'), { ...options, timeoutMs: 1_500 }));
  expect(api.seen('GET', path).length).toBeLessThan(10);
});

test('a time-out says what was awaited and the last state seen', async ({ api }) => {
  const status = {
    phase: 'Pending',
    conditions: [{ type: 'Ready', status: 'False', reason: 'NotYet', message: 'later' }],
  };
  api.onWatch(path, [listOf('1')], [events(['ADDED', map('a', '2', { status })])]);
  const error = await rejection(
    waitFor(api.cluster(), maps, names('b'), { timeoutMs: 1_500, what: 'map b' }),
  );
  expect(error).toBeInstanceOf(WaitError);
  expect(error.message).toBe(
    'Timed out after 1.5 s waiting for map b; last seen: ConfigMap shop/a (Pending, Ready=False NotYet: later)',
  );
});

test('a time-out on a silent list says that nothing was seen', async ({ api }) => {
  api.on('GET', path, () => {});
  const error = await rejection(waitFor(api.cluster(), maps, names('a'), { timeoutMs: 500, what: 'map a' }));
  expect(error.message).toBe('Timed out after 0.5 s waiting for map a; nothing was seen of it');
});

test('a time-out tells of the trouble there was meanwhile', async ({ api }) => {
  api.onWatch(path, [listOf('1')], [(_, answer) => answer.refuse(500, 'InternalError', 'etcd is away')]);
  const error = await rejection(
    waitFor(api.cluster(), maps, names('a'), { timeoutMs: 1_000, what: 'map a' }),
  );
  expect(error.message).toContain('last seen: there was none (meanwhile: etcd is away (500');
});

test('a failure that waiting cannot heal ends the wait with its reason', async ({ api }) => {
  api.onWatch(path, [listOf('1')], [events(['ADDED', map('a', '2')])]);
  const failFast = (objects: KubeObject[]) => (objects.length > 0 ? 'a is wrong' : undefined);
  const error = await rejection(waitFor(api.cluster(), maps, names('b'), { ...options, failFast }));
  expect(error).toBeInstanceOf(WaitError);
  expect(error.message).toBe('Gave up waiting for the maps: a is wrong');
});

test('a condition that throws ends the wait with its own error', async ({ api }) => {
  api.on('GET', path, listOf('1'));
  const thrown = new Error('a mistake in the condition');
  const wait = waitFor(
    api.cluster(),
    maps,
    () => {
      throw thrown;
    },
    options,
  );
  expect(await rejection(wait)).toBe(thrown);
});

test('a wait that has ended leaves no watch open', async ({ api }) => {
  let closed = false;
  api.onWatch(
    path,
    [listOf('1')],
    [
      (_, answer) => {
        answer.response.on('close', () => {
          closed = true;
        });
        answer.event('ADDED', map('a', '2'));
      },
    ],
  );
  await waitFor(api.cluster(), maps, names('a'), options);
  await expect.poll(() => closed, { timeout: ample }).toBe(true);
});

test('polling asks at once and ends with the first result', async () => {
  let asked = 0;
  const result = await pollFor(async () => ++asked === 3 && 'third', {
    intervalMs: 1,
    timeoutMs: ample,
    what: 'x',
  });
  expect(result).toBe('third');
  expect(await pollFor(async () => 'now', { intervalMs: 3_600_000, timeoutMs: ample, what: 'x' })).toBe(
    'now',
  );
});

test('polling that runs out says what it saw last', async () => {
  const poll = pollFor(
    async ({ saw }) => {
      saw('503 no healthy upstream');
      return undefined;
    },
    { intervalMs: 20, timeoutMs: 300, what: 'the shop to answer' },
  );
  const error = await rejection(poll);
  expect(error).toBeInstanceOf(WaitError);
  expect(error.message).toBe(
    'Timed out after 0.3 s waiting for the shop to answer; last seen: 503 no healthy upstream',
  );
});

test('polling ends in time also while the function is still busy', async () => {
  const poll = pollFor(() => new Promise(() => {}), { intervalMs: 20, timeoutMs: 200, what: 'the shop' });
  expect((await rejection(poll)).message).toContain('Timed out after 0.2 s waiting for the shop');
});

test('what a polled function throws ends the polling', async () => {
  const thrown = new Error('no such host');
  let asked = 0;
  const poll = pollFor(
    async () => {
      asked++;
      throw thrown;
    },
    { intervalMs: 1, timeoutMs: ample, what: 'x' },
  );
  expect(await rejection(poll)).toBe(thrown);
  expect(asked).toBe(1);
});
