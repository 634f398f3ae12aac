import { standIn } from './stand-in.ts';

// Plays istioctl on a cluster that has Istio.
await standIn('istioctl', ([verb]) =>
  verb === 'version' ? `${JSON.stringify({ clientVersion: { version: '1.28.10' } })}\n` : '',
);
