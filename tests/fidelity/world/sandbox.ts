import { askForDikastes } from '../../../fixtures/injector/ask.ts';
import {
  accessLogging,
  agentDeployment,
  agentFiles,
  agentService,
  namespace,
} from '../../../fixtures/sandbox/manifests.ts';
import { allAvailable } from '../../../reference/readiness.ts';
import type { World } from './world.ts';

export const meshNamespace = 'alp-fidelity-0';
export const outsideNamespace = `${meshNamespace}-plain`;

/** Any image with Node; it is not looked into here. */
export const agentImage = 'node:24-alpine';

/** What one worker of a run owns (`fixtures/sandbox/sandbox.ts`), under a name of its own. */
export async function openSandbox(world: World): Promise<void> {
  const annotations = askForDikastes('1.28.10');
  for (const object of [
    namespace(meshNamespace, { 'istio-injection': 'enabled' }),
    namespace(outsideNamespace),
    agentFiles(meshNamespace),
    agentFiles(outsideNamespace),
    accessLogging('access-log', meshNamespace),
    agentService('echo', meshNamespace, 'echo'),
    agentService('client', meshNamespace, 'client'),
    agentService('plain', outsideNamespace, 'plain'),
    agentDeployment({ name: 'echo', namespace: meshNamespace, image: agentImage, annotations }),
    agentDeployment({ name: 'client', namespace: meshNamespace, image: agentImage, annotations }),
    agentDeployment({ name: 'plain', namespace: outsideNamespace, image: agentImage }),
  ]) {
    world.apply(object);
  }
  await allAvailable(world.mesh.store);
}
