import type { CalicoRules } from '../rules/calico.ts';
import type { CheckRequest, CheckStatus } from './check.ts';
import { checkRequest } from './l7.ts';
import type { PolicyLayer } from './policy-layer.ts';
import type { View } from './view.ts';

/** What Dikastes beside a pod holds. */
export interface PolicySyncClient {
  readonly inSync: boolean;
  check: (request: CheckRequest) => CheckStatus;
  close: () => void;
}

export interface PolicySyncOptions {
  /** `namespace/name`. */
  pod: string;
  /** From Felix being there until all it knows is received. */
  syncMs: number;
  onChange: (inSync: boolean) => void;
}

/**
 * The stream of policies from Felix to one Dikastes. While Felix does not serve it, Dikastes is not in sync, which
 * its readiness tells, and goes on with the last policies it got (calico `app-policy/syncher`; measured).
 */
export class PolicySync implements PolicySyncClient {
  private readonly layer: PolicyLayer;
  private readonly rules: CalicoRules;
  private readonly options: PolicySyncOptions;
  private readonly stop: () => void;
  /** Of the moment Felix went; absent before the first synchronisation and while in sync. */
  private last: View | undefined;
  private synchronised = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(layer: PolicyLayer, rules: CalicoRules, options: PolicySyncOptions) {
    this.layer = layer;
    this.rules = rules;
    this.options = options;
    this.stop = layer.subscribe(() => this.follow());
    this.follow();
  }

  get inSync(): boolean {
    return this.synchronised;
  }

  check(request: CheckRequest): CheckStatus {
    const { pod } = this.options;
    if (this.synchronised) return checkRequest(this.layer.view, pod, request, this.rules);
    if (this.last === undefined) return this.rules.unsyncedStatus();
    return this.rules.statusWithoutFelix(checkRequest(this.last, pod, request, this.rules));
  }

  close(): void {
    this.stop();
    clearTimeout(this.timer);
  }

  private follow(): void {
    if (this.layer.servesPolicySync) {
      if (!this.synchronised) this.timer ??= setTimeout(() => this.synchronise(), this.options.syncMs);
      return;
    }
    clearTimeout(this.timer);
    this.timer = undefined;
    if (!this.synchronised) return;
    this.last = this.layer.view;
    this.synchronised = false;
    this.options.onChange(false);
  }

  private synchronise(): void {
    this.timer = undefined;
    this.last = undefined;
    this.synchronised = true;
    this.options.onChange(true);
  }
}
