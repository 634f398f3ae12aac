/** What the decision to inject is made on. */
export interface InjectionCandidate {
  namespace: string;
  namespaceLabels: Readonly<Record<string, string>>;
  podLabels: Readonly<Record<string, string>>;
  podAnnotations: Readonly<Record<string, string>>;
  hostNetwork: boolean;
  /** What `istio.io/rev` may ask for the injector by: its revision or tag; its default one when absent. */
  askedBy?: string;
  /** Whether labels that name no revision ask for it too; they do when absent. */
  byDefault?: boolean;
}

/** Whether a pod asks for a sidecar or forbids it. */
export const injectLabel = 'sidecar.istio.io/inject';

/** Which templates a pod wants in place of the default ones. */
export const templatesAnnotation = 'inject.istio.io/templates';

/** The revision of Istio that the mesh runs, and which labels may ask for by name. */
export const revision = 'default';
