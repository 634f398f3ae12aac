import { statusErrorOf } from './reply.ts';

/** The streams of the exec protocol, by the first byte of each frame (remotecommand v4 and v5). */
export const channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

/** The subprotocols that are spoken. v5 differs from v4 by the close frame. */
export const protocols: ReadonlySet<string> = new Set(['v5.channel.k8s.io', 'v4.channel.k8s.io']);

export function frame(stream: number, data: string | Buffer): Buffer {
  return Buffer.concat([Buffer.of(stream), typeof data === 'string' ? Buffer.from(data) : data]);
}

/** What a frame of the client means; undefined for what changes nothing, such as the size of a terminal. */
export type Input = { data: Buffer } | 'end' | undefined;

/** @param protocol the one agreed on: before v5 there is no close frame. */
export function inputOf(message: Buffer, protocol: string): Input {
  if (message[0] === channel.stdin) return { data: message.subarray(1) };
  const closes = protocol === 'v5.channel.k8s.io' && message[0] === channel.close;
  return closes && message[1] === channel.stdin ? 'end' : undefined;
}

/** The status frame's content for a command that ended with an exit status. */
export function endedWith(exitCode: number): object {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

/** The status frame's content for a command that could not be run. */
export function failedWith(error: unknown): object {
  return statusErrorOf(error).toStatus();
}
