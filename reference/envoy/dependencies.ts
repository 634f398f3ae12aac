import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { CheckRequest, CheckResult } from '../calico/check.ts';
import type { Asking, Traffic } from '../istio/envoy-filter.ts';
import type { PortProtocol } from '../istio/ports.ts';
import type { Route, RoutedRequest } from '../istio/route.ts';
import type { Identity } from '../network/certificates.ts';
import type { acceptSecure } from '../network/secure.ts';
import type { EnvoyRules } from '../rules/envoy.ts';

interface Destination {
  address: string;
  port: number;
}

/** What istiod tells a proxy, asked anew whenever it is needed. */
export interface ControlPlane {
  inboundMode: (pod: KubeObject, port: number) => 'STRICT' | 'PERMISSIVE' | 'DISABLE';
  asksDikastes: (pod: KubeObject, traffic: Traffic) => Asking;
  logsAccess: (pod: KubeObject) => boolean;
  gatewayPorts: (pod: KubeObject) => { port: number; serverPort: number }[];
  routeAtGateway: (pod: KubeObject, serverPort: number, request: RoutedRequest) => Route;
  routeFromSidecar: (pod: KubeObject, destination: Destination, request: RoutedRequest | undefined) => Route;
  protocolOf: (pod: KubeObject, port: number) => PortProtocol;
  outboundProtocol: (destination: Destination) => PortProtocol;
  /** What it has told the proxy, in the sections of Envoy's config dump. */
  configDump: (pod: KubeObject) => object[];
  /** The name of an inbound port's route, such as `frontend.default.svc.cluster.local:80/*`. */
  inboundOperation?: (pod: KubeObject, port: number) => string | undefined;
}

/** How the Dikastes beside a pod, given as `namespace/name`, is asked. */
export interface Authorizer {
  ask: (pod: string, request: CheckRequest) => CheckResult;
}

export interface EnvoyDependencies {
  istiod: ControlPlane;
  dikastes: Authorizer;
  /** Signs for the proxies, by the SPIFFE URI of their pods' service accounts. */
  identities: { issue: (uri: string) => Promise<Identity> };
  rules: EnvoyRules;
  /** Decides about the certificate of a client. */
  judgePeer: Parameters<typeof acceptSecure>[1]['judgePeer'];
  /** What the long time-outs are multiplied by. */
  timeScale: number;
  /** Tells of any change that istiod's answers may depend on; gives back what stops it. */
  watch: (listener: () => void) => () => void;
  /** Where a proxy must reach istiod before it serves; nowhere when absent. */
  discovery?: { host: string; port: number };
  /** How many worker threads a proxy has; 2 when absent (Istio, `concurrency`). */
  workers?: number;
}
