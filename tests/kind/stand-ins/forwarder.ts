import { createConnection, createServer } from 'node:net';

// Passes on whatever connects, and says when it listens.
const { from, to } = JSON.parse(process.argv[2] as string);
createServer((socket) => {
  const onward = createConnection(to);
  socket.pipe(onward).pipe(socket);
  socket.on('error', () => onward.destroy());
  onward.on('error', () => socket.destroy());
}).listen(from, () => process.stdout.write('ready\n'));
process.stdout.on('error', () => {});
