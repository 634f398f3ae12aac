import { Connections } from '../connections.ts';
import type { Program } from '../program.ts';
import { frontEnd } from './front-end.ts';

const defaultPort = 8080;

/** The front end of the shop, for containers of an image that is called `frontend`. */
export const shopProgram: Program = {
  runs: ({ image }) => /(^|\/)frontend(:[^/]*)?(@[^/]*)?$/.test(image),
  start: ({ container, network, log, ready, signal }) => {
    const port = container.ports?.[0]?.containerPort ?? defaultPort;
    const connections = new Connections(signal);
    const serve = frontEnd(log);
    const stop = network.listen(port, (socket) => serve(connections.add(socket)));
    signal.addEventListener('abort', stop, { once: true });
    log(`starting server on :${port}`);
    ready(true);
  },
};
