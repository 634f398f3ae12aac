import type { KubeObject } from '../../fixtures/cluster/objects.ts';
import type { CalicoRules } from '../rules/calico.ts';
import { type Connection, permits } from './l4.ts';
import { type ObjectSource, placeOf } from './objects.ts';
import { PolicyLayer } from './policy-layer.ts';
import { PolicySync, type PolicySyncClient } from './policy-sync.ts';

export interface CalicoOptions {
  /** How long a change takes until it is in force at L4 and at L7; 15 when absent. */
  propagationMs?: number;
  /** The same for one layer alone: on a cluster, too, now the one is ahead and now the other. */
  l4PropagationMs?: number;
  l7PropagationMs?: number;
  /** How long Dikastes takes to synchronise once Felix serves it; 5 when absent. */
  syncMs?: number;
}

/** Calico of a whole cluster: Felix, which decides about connections, and what it tells each Dikastes. */
export class Calico {
  private readonly rules: CalicoRules;
  private readonly l4: PolicyLayer;
  private readonly l7: PolicyLayer;
  private readonly syncMs: number;

  constructor(
    source: ObjectSource,
    rules: CalicoRules,
    {
      propagationMs = 15,
      l4PropagationMs = propagationMs,
      l7PropagationMs = propagationMs,
      syncMs = 5,
    }: CalicoOptions = {},
  ) {
    this.rules = rules;
    this.syncMs = syncMs;
    this.l4 = new PolicyLayer('L4', source, rules, l4PropagationMs);
    this.l7 = new PolicyLayer('L7', source, rules, l7PropagationMs);
  }

  /** Whether Felix lets a new connection through; when it does not, the SYN is dropped. */
  permits(connection: Connection): boolean {
    return permits(this.l4.view, connection, this.rules);
  }

  /**
   * Connects the Dikastes of a pod to Felix.
   *
   * @param onChange told when it gets in sync and when it no longer is; it begins out of sync.
   */
  sync(pod: KubeObject, onChange: (inSync: boolean) => void): PolicySyncClient {
    return new PolicySync(this.l7, this.rules, { pod: placeOf(pod), syncMs: this.syncMs, onChange });
  }

  /** Calls a listener whenever a change is in force at one of the layers; gives back what ends that. */
  changed(listener: () => void): () => void {
    const stops = [this.l4.subscribe(listener), this.l7.subscribe(listener)];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** Forgets the cluster; nothing is told to anyone any more. */
  close(): void {
    this.l4.close();
    this.l7.close();
  }
}
