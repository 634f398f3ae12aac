import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PodAccess } from '../cluster/pod-access.ts';
import { StatusError } from '../store/status-error.ts';
import { channel, endedWith, failedWith, frame, inputOf } from './exec-protocol.ts';
import type { ExecRequest } from './exec-request.ts';

/** The part of a WebSocket that a session needs. */
export interface ExecSocket {
  protocol: string;
  send: (data: Buffer) => void;
  close: (code: number) => void;
  on(event: 'message', listener: (message: Buffer) => void): unknown;
  on(event: 'close' | 'error', listener: () => void): unknown;
}

/**
 * One command that runs for a client. It begins before the client is connected, so that what the API server knows to
 * be wrong can still be refused with a status of HTTP; what it writes until then waits.
 */
export class ExecSession {
  private readonly stdin = new PassThrough();
  private readonly gone = new AbortController();
  private readonly ended: Promise<object>;
  private waiting: Buffer[] = [];
  private socket: ExecSocket | undefined;

  private constructor(pods: PodAccess, request: ExecRequest) {
    const { namespace, pod, container, command } = request;
    const writer = (stream: number, wanted: boolean) => (chunk: string | Buffer) => {
      if (wanted && chunk.length > 0) this.send(frame(stream, chunk));
    };
    const stdout = writer(channel.stdout, request.stdout);
    const stderr = request.tty ? stdout : writer(channel.stderr, request.stderr);
    if (!request.stdin) this.stdin.end();
    const streams = { stdin: this.stdin, stdout, stderr, signal: this.gone.signal };
    this.ended = pods.exec(namespace, pod, container, command, streams).then(endedWith);
  }

  /**
   * A command that the node cannot start is no refusal: the API server has accepted the client's connection before it
   * asks the node (kubernetes `apiserver/pkg/util/proxy/translatinghandler.go` and `streamtranslator.go`).
   *
   * @throws StatusError, below 500, for what is refused at once.
   */
  static async start(pods: PodAccess, request: ExecRequest): Promise<ExecSession> {
    const session = new ExecSession(pods, request);
    let refusal: StatusError | undefined;
    session.ended.catch((error: unknown) => {
      if (error instanceof StatusError && error.code < 500) refusal = error;
    });
    await nextTurn();
    if (refusal !== undefined) throw refusal;
    return session;
  }

  /** Connects the client; the session ends the connection when the command has ended. */
  connect(socket: ExecSocket): void {
    this.socket = socket;
    socket.on('message', (message) => {
      const input = inputOf(message, socket.protocol);
      if (input === 'end') this.stdin.end();
      else if (input !== undefined && this.stdin.writable) this.stdin.write(input.data);
    });
    socket.on('close', () => this.abandon());
    // The close that follows says all there is to know.
    socket.on('error', () => {});
    for (const data of this.waiting) socket.send(data);
    this.waiting = [];
    void this.ended.catch(failedWith).then((status) => {
      this.send(frame(channel.status, JSON.stringify(status)));
      socket.close(1000);
    });
  }

  /** The client is gone: the command reads the end of its input and is told. */
  abandon(): void {
    this.socket = undefined;
    this.stdin.end();
    this.gone.abort();
  }

  private send(data: Buffer): void {
    if (this.gone.signal.aborted) return;
    if (this.socket === undefined) this.waiting.push(data);
    else this.socket.send(data);
  }
}
