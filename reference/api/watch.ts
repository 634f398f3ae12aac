import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { Store, StoreEvent } from '../store/store.ts';
import { type Sink, statusErrorOf } from './reply.ts';
import type { Selection } from './selection.ts';
import { seenBy } from './watch-event.ts';
import type { WatchOptions } from './watch-options.ts';

export interface WatchOutput {
  /** How an object goes out: in the version asked for, or as a row of a table. */
  represent: (object: KubeObject) => unknown;
  /** A bookmark's object. */
  bookmark: (metadata: object) => unknown;
  /** Milliseconds between bookmarks. */
  bookmarkMs: number;
}

/** What a timer can count to. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Tells a sink of every change of what is selected, one JSON object a line, until its time is over or it is
 * stopped. A revision that is no longer remembered ends it with an ERROR event of status 410.
 *
 * @returns what stops it.
 */
export function watch(
  store: Store,
  selection: Selection,
  options: WatchOptions,
  { represent, bookmark, bookmarkMs }: WatchOutput,
  sink: Sink,
): () => void {
  const tell = (type: string, object: unknown) => sink.write(`${JSON.stringify({ type, object })}\n`);
  let told = options.after ?? store.revision;
  const onEvent = (event: StoreEvent) => {
    // The log may hold events that subscribers are yet to be told of.
    if (event.revision <= told) return;
    told = event.revision;
    const seen = seenBy(selection, event);
    if (seen !== undefined) tell(seen.type, represent(seen.object));
  };
  const mark = (annotations?: Record<string, string>) => {
    const resourceVersion = String(Math.max(told, store.revision));
    tell(
      'BOOKMARK',
      bookmark({ resourceVersion, creationTimestamp: null, ...(annotations && { annotations }) }),
    );
  };

  try {
    if (options.after === undefined) {
      for (const object of store.list(selection.key, selection.namespace).filter(selection.matches)) {
        tell('ADDED', represent(object));
      }
      if (options.marksEndOfState) mark({ 'k8s.io/initial-events-end': 'true' });
    } else {
      for (const event of store.since(options.after)) onEvent(event);
    }
  } catch (error) {
    tell('ERROR', statusErrorOf(error).toStatus());
    sink.end();
    return () => {};
  }

  const unsubscribe = store.subscribe(selection.key, onEvent);
  const bookmarks = options.bookmarks ? setInterval(mark, bookmarkMs) : undefined;
  const stop = () => {
    unsubscribe();
    clearInterval(bookmarks);
    clearTimeout(expiry);
  };
  const expire = () => {
    stop();
    // The next watch then goes on from here, however long ago the last event was.
    if (options.bookmarks) mark();
    sink.end();
  };
  const { timeoutSeconds } = options;
  const expiry =
    timeoutSeconds === undefined
      ? undefined
      : setTimeout(expire, Math.min(timeoutSeconds * 1000, longestTimerMs));
  return stop;
}
