import { accessLogs } from './access-logs.ts';
import { automaticSidecarInjection } from './automatic-sidecar-injection.ts';
import { ingressAddress } from './ingress-address.ts';
import { installingIstio } from './installing-istio.ts';
import { pauseLoadGenerator } from './load-generator.ts';
import { microservicesDemo } from './microservices-demo.ts';
import { peerAuthentication } from './peer-authentication.ts';
import { policySync } from './policy-sync.ts';
import { routingTheTraffic } from './routing-the-traffic.ts';
import { sandboxes } from './sandboxes.ts';
import { serviceMeshAuthorization } from './service-mesh-authorization.ts';
import { sidecarInjector } from './sidecar-injector.ts';
import type { Step } from './step.ts';

/** The tutorial in its own order. */
export const runbook: readonly Step[] = [
  microservicesDemo,
  pauseLoadGenerator,
  installingIstio,
  accessLogs,
  peerAuthentication,
  policySync,
  sidecarInjector,
  serviceMeshAuthorization,
  routingTheTraffic,
  ingressAddress,
  automaticSidecarInjection,
  sandboxes,
];
