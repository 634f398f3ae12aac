import { expect, test } from '@playwright/test';
import { Mesh } from './mesh.ts';
import { admitted, paths, refused } from './paths-rows.ts';

let mesh: Mesh;
test.beforeAll(async () => {
  mesh = await Mesh.start();
});
test.afterAll(() => mesh.close());

for (const [target, path] of paths) {
  test(`${target} reaches Dikastes and the application as ${path}`, async () => {
    mesh.asked.length = 0;
    const { observation, verdict } = await mesh.get('outside', target);
    expect(verdict.name).toBe('allowed');
    expect(JSON.parse(observation.response!.body)).toMatchObject({ target: path });
    expect(mesh.asked).toMatchObject([{ http: { method: 'GET', path } }]);
  });
}

for (const [method, target, status, bytes, details] of refused) {
  test(`${method} ${target} is answered with ${status} by the gateway`, async () => {
    const { observation, client } = await mesh.get('outside', target, { method });
    expect(observation.response).toMatchObject({
      status,
      bodyBytes: bytes,
      headers: { server: ['istio-envoy'] },
    });
    // What could not be parsed has no user agent that the line could be found by.
    const line = client ?? mesh.at('gateway').log.at(-1)!;
    expect(line).toContain(`" ${status} `);
    if (details !== 'http1.codec_error') expect(line).toContain(` ${details} `);
    else expect(line).toMatch(/"- - HTTP\/1.1" 400 DPE http1\.\w+ - "-" 0 11 \d+ - "-" "-" "-" "-" "-" - - /);
  });
}

for (const method of admitted) {
  test(`${method} reaches the application`, async () => {
    expect((await mesh.get('outside', '/', { method })).verdict.name).toBe('allowed');
  });
}
