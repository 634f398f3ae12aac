/** A Deployment of Online Boutique, and the port that its Service of the same name leads to. */
export interface Component {
  name: string;
  /** Of the Service, under this name; Istio reads the protocol from the name. */
  port: { name: string; port: number; containerPort: number };
  /** When it isn't the component's own image of the shop's release. */
  image?: string;
}

/** The components of Online Boutique (its architecture page and Kubernetes manifests), but for its load generator. */
export const components: readonly Component[] = [
  { name: 'adservice', port: grpc(9555) },
  { name: 'cartservice', port: grpc(7070) },
  { name: 'checkoutservice', port: grpc(5050) },
  { name: 'currencyservice', port: grpc(7000) },
  { name: 'emailservice', port: { ...grpc(5000), containerPort: 8080 } },
  { name: 'paymentservice', port: grpc(50051) },
  { name: 'productcatalogservice', port: grpc(3550) },
  { name: 'recommendationservice', port: grpc(8080) },
  {
    name: 'redis-cart',
    port: { name: 'tcp-redis', port: 6379, containerPort: 6379 },
    image: 'redis:alpine',
  },
  { name: 'shippingservice', port: grpc(50051) },
  { name: 'frontend', port: { name: 'http', port: 80, containerPort: 8080 } },
];

function grpc(port: number): Component['port'] {
  return { name: 'grpc', port, containerPort: port };
}
