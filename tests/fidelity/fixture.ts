import { test as base } from '@playwright/test';
import { World } from './world/world.ts';

/** One world for all tests of a worker; each test leaves it as it found it. */
export const test = base.extend<object, { world: World }>({
  world: [
    async ({}, use) => {
      const world = await World.start();
      await use(world);
      await world.close();
    },
    { scope: 'worker' },
  ],
});

export { expect } from '@playwright/test';
