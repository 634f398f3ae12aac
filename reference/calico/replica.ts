import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import { type ListObjects, type ObjectEvent, type ObjectSource, placeOf, watchedKinds } from './objects.ts';

export interface ReplicaOptions {
  /** How long a change takes to get here. */
  delayMs: number;
  /** Which changes get here at all. */
  takes: (event: ObjectEvent) => boolean;
  /** Called when changes have got here. */
  onChange: () => void;
}

/** One layer's own copy of the objects that Calico watches, each change of which reaches it after a delay. */
export class Replica {
  private readonly objects = new Map<string, Map<string, KubeObject>>();
  private readonly underWay: { at: number; event: ObjectEvent }[] = [];
  private readonly options: ReplicaOptions;
  private readonly stops: (() => void)[];
  private timer: NodeJS.Timeout | undefined;

  constructor(source: ObjectSource, options: ReplicaOptions) {
    this.options = options;
    for (const key of watchedKinds) {
      this.objects.set(key, new Map(source.list(key).map((object) => [placeOf(object), object])));
    }
    this.stops = watchedKinds.map((key) => source.subscribe(key, (event) => this.expect(event)));
  }

  readonly list: ListObjects = (key) => this.objects.get(key)?.values() ?? [];

  find(key: string, place: string): KubeObject | undefined {
    return this.objects.get(key)?.get(place);
  }

  close(): void {
    for (const stop of this.stops) stop();
    clearTimeout(this.timer);
  }

  private expect(event: ObjectEvent): void {
    if (!this.options.takes(event)) return;
    this.underWay.push({ at: performance.now() + this.options.delayMs, event });
    this.timer ??= setTimeout(() => this.receive(), this.options.delayMs);
  }

  private receive(): void {
    this.timer = undefined;
    const now = performance.now();
    const late = this.underWay.findIndex(({ at }) => at > now);
    const arrived = this.underWay.splice(0, late < 0 ? this.underWay.length : late);
    for (const { event } of arrived) this.apply(event);
    const [next] = this.underWay;
    if (next !== undefined) this.timer = setTimeout(() => this.receive(), next.at - now);
    if (arrived.length > 0) this.options.onChange();
  }

  private apply({ type, key, object }: ObjectEvent): void {
    const ofKind = this.objects.get(key)!;
    if (type === 'DELETED') ofKind.delete(placeOf(object));
    else ofKind.set(placeOf(object), object);
  }
}
