import { lookFor } from '../../fixtures/probes/hazard.ts';
import { bytes, control, expect, GET, requirement } from '../../fixtures/test.ts';

requirement('AVL-05', async ({ witness }) => {
  await expect(await witness.route('plain', 'plain')).toDecide([[GET('/'), 'allowed', control]]);
  const signs = { present: 'filter error', absent: 'allowed' } as const;
  await lookFor(await witness.route('client', 'echo'), [GET('/')], signs);
  await lookFor(await witness.route('client', 'echo', { port: 'tcp-echo' }), [bytes('hello')], signs);
});

// The same as above, from the other side: what is a nuisance to operators is what everybody else relies on.
requirement('AVL-08', async ({ witness }) => {
  await expect(await witness.route('plain', 'plain')).toDecide([[GET('/'), 'allowed', control]]);
  await expect(await witness.route('client', 'echo')).toDecide([[GET('/'), 'filter error']]);
  await expect(await witness.route('client', 'echo', { port: 'tcp-echo' })).toDecide([
    [bytes('hello'), 'filter error'],
  ]);
});
