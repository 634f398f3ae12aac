/*
 * A program in the place of Envoy, as far as one sees it start: it listens, and says where on its administration
 * interface. Whoever connects to its listener is its end.
 */
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { files } from '../../fixtures/dikastes/envoy/bootstrap.ts';

const listener = createServer(() => {
  process.stderr.write('[critical] Caught Segmentation fault\n');
  process.exit(7);
});
listener.listen(0, '127.0.0.1', () => {
  const { port } = listener.address() as AddressInfo;
  const statuses = [{ local_address: { socket_address: { address: '127.0.0.1', port_value: port } } }];
  createHttpServer(({ url }, response) => {
    response.end(url === '/ready' ? 'LIVE\n' : JSON.stringify({ listener_statuses: statuses }));
  }).listen(files.admin);
});
