/**
 * A reference mesh as a process: its options are one JSON argument, and one JSON line on standard output says that
 * it is ready. It ends when its standard input does, so that it never outlives whoever started it.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { writeKubeconfig } from './api/kubeconfig.ts';
import { startMesh } from './mesh.ts';

export interface ReferenceOptions {
  /** Where the kubeconfig goes. */
  kubeconfig: string;
  /** A release of Calico whose known deviations are laid over the promise, such as `v3.31.7`. */
  calico?: string;
  /** Where the audit log of its API server goes, an Event of audit.k8s.io/v1 a line; without one none is kept. */
  auditLog?: string;
}

export interface ReferenceReady {
  /** The context in the kubeconfig. */
  context: string;
  /** What the mesh is, in one sentence without its stop. */
  about: string;
  /** Where its gateway listens. */
  ingress: { host: string; port: number };
}

const context = 'reference';

const { kubeconfig, calico, auditLog } = JSON.parse(process.argv[2] ?? '{}') as ReferenceOptions;
if (auditLog !== undefined) writeFileSync(auditLog, '', { mode: 0o600 });
const mesh = await startMesh({
  ...(calico !== undefined && { calico }),
  ...(auditLog !== undefined && {
    audit: (event) => appendFileSync(auditLog, `${JSON.stringify(event)}\n`),
  }),
});
writeKubeconfig(kubeconfig, mesh.api, context);
const ready: ReferenceReady = { context, about: mesh.about, ingress: mesh.ingress };
process.stdout.write(`${JSON.stringify(ready)}\n`);
process.stdin.resume().on('end', () => process.exit(0));
