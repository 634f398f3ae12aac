import type { CalicoRules } from '../rules/calico.ts';
import { felixConfigurationKey, type ObjectSource, policyKinds } from './objects.ts';
import type { Layer } from './policy.ts';
import { Replica } from './replica.ts';
import { type View, ViewBuilder } from './view.ts';

/** What one layer knows of the cluster; made anew when it is asked for after a change. */
export class PolicyLayer {
  private readonly replica: Replica;
  private readonly builder: ViewBuilder;
  private readonly rules: CalicoRules;
  private readonly listeners = new Set<() => void>();
  private current: View | undefined;

  /** @param delayMs how long a change of an object takes to get here. */
  constructor(layer: Layer, source: ObjectSource, rules: CalicoRules, delayMs: number) {
    this.rules = rules;
    this.builder = new ViewBuilder(rules);
    this.replica = new Replica(source, {
      delayMs,
      takes: ({ type, key }) => !Object.hasOwn(policyKinds, key) || rules.takesChange(type, layer),
      onChange: () => {
        this.current = undefined;
        for (const listener of this.listeners) listener();
      },
    });
  }

  get view(): View {
    this.current ??= this.builder.build(this.replica.list);
    return this.current;
  }

  /** Whether Felix is told to serve Dikastes. */
  get servesPolicySync(): boolean {
    const configuration = this.replica.find(felixConfigurationKey, 'default');
    return this.rules.servesPolicySync((configuration?.spec ?? {}) as { policySyncPathPrefix?: string });
  }

  /** Calls a listener after each change; gives back what ends that. */
  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    this.replica.close();
    this.listeners.clear();
  }
}
