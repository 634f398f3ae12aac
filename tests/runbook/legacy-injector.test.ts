import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { withDikastes } from '../../scripts/runbook/legacy-injector.ts';

/** As Calico's file has it, shortened: a Go template in a text. */
const config = `templates:
  sidecar: |
    spec:
      containers:
      - name: istio-proxy
        image: "{{ .ProxyImage }}"
      - name: dikastes
        image: calico/dikastes:master
        args: ["server"]
`;
const image = 'registry.example/calico/dikastes:v3.24.1';

function dikastesIn(text: string): unknown {
  const { templates } = parse(text) as { templates: { sidecar: string } };
  const { spec } = parse(templates.sidecar) as { spec: { containers: { name: string }[] } };
  return spec.containers.find(({ name }) => name === 'dikastes');
}

test('the image is replaced, wherever it came from', () => {
  expect(dikastesIn(withDikastes(config, image, false))).toEqual({
    name: 'dikastes',
    image,
    args: ['server'],
  });
  const quay = config.replace('calico/dikastes', 'quay.io/calico/dikastes');
  expect(withDikastes(quay, image, false)).toBe(withDikastes(config, image, false));
});

test('limits stand beside it where there must be some, and make no Go template', () => {
  const patched = withDikastes(config, image, true);
  expect(dikastesIn(patched)).toMatchObject({ image, resources: { limits: { cpu: '1', memory: '256Mi' } } });
  expect(patched.match(/\{\{/g)).toHaveLength(1);
});
