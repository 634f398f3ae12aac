import type { ServerResponse } from 'node:http';
import { StatusError } from '../store/status-error.ts';

/** Where a stream writes to. */
export interface Sink {
  /** Leaves at once. */
  write: (text: string) => void;
  end: () => void;
}

export interface JsonReply {
  form: 'json';
  code: number;
  body: unknown;
  contentType?: string;
  /** What the client is told beside, which is no reason to refuse. */
  warnings?: readonly string[];
}

/** What the server answers; a value, so that what decides it needs no connection. */
export type Reply =
  | JsonReply
  | { form: 'text'; code: number; text: string; contentType?: string }
  /** Runs until its source ends it or the client is gone, which calls what `start` gave back. */
  | { form: 'stream'; contentType: string; start: (sink: Sink) => () => void };

export function json(body: unknown, code = 200): JsonReply {
  return { form: 'json', code, body };
}

export function text(text: string, code = 200): Reply {
  return { form: 'text', code, text };
}

/** What a path that nobody serves gives, in the words of Go's HTTP server. */
export const pageNotFound: Reply = text('404 page not found\n', 404);

/** The Status that a thrown error becomes; anything but a StatusError is this server's own fault. */
export function refusal(error: unknown): Reply {
  const status = statusErrorOf(error);
  return json(status.toStatus(), status.code);
}

/** The error itself when it is a StatusError, else an InternalError with its message. */
export function statusErrorOf(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`);
}

/** A client that reads this much slower than events come is dropped, as it would hold all of them in memory. */
const mostWaitingBytes = 32 * 1024 * 1024;

/** Sends a reply; a stream goes on after this returns. */
export function send(response: ServerResponse, reply: Reply): void {
  if (reply.form === 'stream') {
    stream(response, reply);
    return;
  }
  const [contentType, body] =
    reply.form === 'json'
      ? [reply.contentType ?? 'application/json', JSON.stringify(reply.body)]
      : [reply.contentType ?? 'text/plain; charset=utf-8', reply.text];
  const warnings = (reply.form === 'json' && reply.warnings) || [];
  if (warnings.length > 0) response.setHeader('warning', warnings.map(warningHeader));
  response.writeHead(reply.code, { 'content-type': contentType, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/**
 * A warning as clients of Kubernetes show it (RFC 7234, section 5.5; code 299 is their only one). A header has room for
 * plain characters only.
 */
function warningHeader(text: string): string {
  const plain = text.replace(/[^ -~]/g, '?').replace(/[\\"]/g, '\\$&');
  return `299 - "${plain}"`;
}

function stream(response: ServerResponse, { contentType, start }: Extract<Reply, { form: 'stream' }>): void {
  if (response.destroyed) return;
  response.writeHead(200, { 'content-type': contentType });
  // Clients take the header for the sign that the stream has begun.
  response.flushHeaders();
  let over = false;
  let stop = () => {};
  response.once('close', () => {
    over = true;
    stop();
  });
  const sink: Sink = {
    write: (text) => {
      if (over) return;
      response.write(text);
      if (response.writableLength > mostWaitingBytes) response.destroy();
    },
    end: () => {
      over = true;
      response.end();
    },
  };
  try {
    stop = start(sink);
  } catch {
    // The status is out, so a broken connection is all that can still say that something went wrong.
    response.destroy();
  }
}
