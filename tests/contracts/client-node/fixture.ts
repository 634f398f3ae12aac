import {
  ApiException,
  CoreV1Api,
  KubeConfig,
  type PatchStrategy,
  setHeaderOptions,
  type V1Status,
} from '@kubernetes/client-node';
import { test as base, context } from '../fixture.ts';

/** Tests of @kubernetes/client-node as its documentation shows it, rather than as the suite uses it. */
export const test = base.extend<{ config: KubeConfig; core: CoreV1Api }>({
  config: async ({ kubeconfig }, use) => use(loaded(kubeconfig)),
  core: async ({ config }, use) => use(config.makeApiClient(CoreV1Api)),
});

export function loaded(kubeconfig: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  config.setCurrentContext(context);
  return config;
}

/** Makes a call a patch of one kind. */
export function as(strategy: PatchStrategy) {
  return setHeaderOptions('Content-Type', strategy);
}

/** The status that a call is refused with. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ code: number; reason: string; message: string }> {
  const error = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(error instanceof ApiException)) throw new Error('The call was not refused', { cause: error });
  const { reason, message } = JSON.parse(String(error.body)) as V1Status;
  return { code: error.code, reason: reason ?? '', message: message ?? '' };
}
