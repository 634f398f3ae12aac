import type { NetworkInterface } from '../../../reference/network/interface.ts';

export const bannerPort = 9002;
export const banner = 'banner-first server\n';
/** What it says to whatever it hears. */
export const bannerReply = 'heard\n';

/** Serves a protocol in which the server speaks first. */
export function serveBanner(network: NetworkInterface): void {
  network.listen(bannerPort, (socket) => {
    socket.on('error', () => {});
    socket.write(banner);
    socket.on('data', () => socket.write(bannerReply));
    socket.once('end', () => socket.end());
  });
}
