import { parse } from 'yaml';
import { dikastesResources } from '../../fixtures/injector/template.ts';
import { legacyInjectorPath, manifestOf } from '../downloads/manifests.ts';

/**
 * Calico's patched injector configuration, with the image of Dikastes that goes with the cluster's Calico: the
 * shipped file names a floating tag in the early releases, and the wire format between Felix and Dikastes
 * changed in 3.32.
 */
export async function legacyConfig(calico: string, image: string, limits: boolean): Promise<string> {
  const { data } = parse(await manifestOf({ calico }, legacyInjectorPath)) as { data: { config: string } };
  return withDikastes(data.config, image, limits);
}

/** The configuration with another image of Dikastes, and with limits where it must have them. */
export function withDikastes(config: string, image: string, limits: boolean): string {
  return config.replaceAll(/^( *)image: \S*\/?calico\/dikastes:\S+/gm, (_, indent: string) =>
    [`image: ${image}`, ...(limits ? [`resources: ${flow(dikastesResources)}`] : [])]
      .map((line) => indent + line)
      .join('\n'),
  );
}

/** On one line of YAML, without two braces in a row, which Go templates are told by. */
function flow(value: object): string {
  return JSON.stringify(value).replaceAll(/[{}]/g, ' $& ').trim();
}
