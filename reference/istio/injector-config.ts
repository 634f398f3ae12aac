import { parse } from 'yaml';
import type { KubeObject } from '../../fixtures/cluster/objects.ts';

/** What the injector lays over pods: texts by name, and which of them a pod gets that asks for none. */
export interface InjectorConfig {
  templates: Record<string, unknown>;
  defaultTemplates: string[];
}

/** A template that no pod can be made with; the message says why. */
export class TemplateError extends Error {
  override name = 'TemplateError';
}

/**
 * The injector's configuration in the ConfigMap `istio-sidecar-injector`; without one there is no template.
 *
 * @throws TemplateError when it cannot be read.
 */
export function injectorConfigOf(configMap: KubeObject | undefined): InjectorConfig {
  const { config = '' } = (configMap?.data ?? {}) as { config?: string };
  const { templates, defaultTemplates } = (parsed(config, 'configuration') ?? {}) as Partial<InjectorConfig>;
  return { templates: templates ?? {}, defaultTemplates: defaultTemplates ?? ['sidecar'] };
}

/**
 * A template as the part of a pod that it is. Only plain YAML is known here: real templates are Go templates.
 *
 * @throws TemplateError for a template that is not there, has Go's actions in it, or is no part of a pod.
 */
export function templateOf({ templates }: InjectorConfig, name: string): object {
  if (!Object.hasOwn(templates, name)) {
    const known = Object.keys(templates).sort().join(', ');
    throw new TemplateError(`requested template ${JSON.stringify(name)} not found; have ${known}`);
  }
  const text = templates[name];
  if (typeof text !== 'string') throw new TemplateError(`template ${JSON.stringify(name)} is not a text`);
  if (text.includes('{{')) {
    throw new TemplateError(
      `template ${JSON.stringify(name)} is a Go template, and the reference mesh knows plain YAML only`,
    );
  }
  const overlay = parsed(text, `template ${JSON.stringify(name)}`);
  if (typeof overlay !== 'object' || overlay === null || Array.isArray(overlay)) {
    throw new TemplateError(`template ${JSON.stringify(name)} is no part of a pod`);
  }
  return overlay;
}

function parsed(yaml: string, what: string): unknown {
  try {
    return parse(yaml);
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n');
    throw new TemplateError(`${what} is not YAML: ${reason}`);
  }
}
