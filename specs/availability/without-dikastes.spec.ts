import { bytes, control, expect, GET, requirement } from '../../fixtures/test.ts';

requirement('AVL-05', async ({ witness }) => {
  await expect(await witness.route('plain', 'plain')).toDecide([[GET('/'), 'allowed', control]]);
  await expect(await witness.route('client', 'echo')).toDecide([[GET('/'), 'filter error']]);
  await expect(await witness.route('client', 'echo', { port: 'tcp-echo' })).toDecide([
    [bytes('hello'), 'filter error'],
  ]);
});
