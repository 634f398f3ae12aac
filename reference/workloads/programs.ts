import { agentProgram } from './agent.ts';
import { idleProgram } from './idle.ts';
import type { Program } from './program.ts';
import { shopProgram } from './shop/program.ts';

/** What a node can run besides the mesh's own sidecars and gateways. */
export const programs: readonly Program[] = [agentProgram, shopProgram, idleProgram];
