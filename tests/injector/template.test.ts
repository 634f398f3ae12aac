import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import {
  dikastesImageFor,
  dikastesTemplate,
  templateIn,
  withTemplate,
} from '../../fixtures/injector/template.ts';

interface Container {
  name: string;
  image?: string;
  command?: string[];
  args?: string[];
  livenessProbe?: { exec: { command: string[] } };
  readinessProbe?: { exec: { command: string[] } };
  volumeMounts: { name: string; mountPath: string }[];
}

interface PodSpec {
  initContainers?: Container[];
  containers: Container[];
  volumes: { name: string; csi?: { driver: string }; emptyDir?: object }[];
}

function specOf(image: string, native: boolean): PodSpec {
  return (parse(dikastesTemplate({ image, native })) as { spec: PodSpec }).spec;
}

const own = 'quay.io/calico/dikastes:v3.32.1';
const shared = 'quay.io/calico/calico:v3.33.0';
const socket = { name: 'dikastes-sock', mountPath: '/var/run/dikastes' };

test('a native sidecar is an init container, so its socket is mounted there', () => {
  const { initContainers, containers } = specOf(own, true);
  expect(initContainers).toEqual([{ name: 'istio-proxy', volumeMounts: [socket] }]);
  expect(containers.map(({ name }) => name)).toEqual(['dikastes']);
});

test('any other sidecar has its socket mounted beside Dikastes', () => {
  const { initContainers, containers } = specOf(own, false);
  expect(initContainers).toBeUndefined();
  expect(containers.map(({ name }) => name)).toEqual(['istio-proxy', 'dikastes']);
  expect(containers[0]).toEqual({ name: 'istio-proxy', volumeMounts: [socket] });
});

for (const native of [true, false]) {
  test(`Dikastes shares one socket with the proxy and one with Felix (native sidecar: ${native})`, () => {
    const { containers, volumes } = specOf(own, native);
    const dikastes = containers.at(-1);
    expect(dikastes).toMatchObject({
      image: own,
      args: ['server', '-l', '/var/run/dikastes/dikastes.sock', '-d', '/var/run/felix/nodeagent/socket'],
      volumeMounts: [socket, { name: 'felix-sync', mountPath: '/var/run/felix' }],
    });
    expect(volumes).toEqual([
      { name: 'dikastes-sock', emptyDir: { medium: 'Memory' } },
      { name: 'felix-sync', csi: { driver: 'csi.tigera.io' } },
    ]);
  });
}

test('Dikastes gives up what the Pod Security Standard restricted wants given up, and has no limits', () => {
  const dikastes = specOf(own, true).containers[0];
  expect(dikastes).toMatchObject({
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  });
  expect(dikastes).not.toHaveProperty('resources');
});

test('where every container must have limits, Dikastes has some', () => {
  const { spec } = parse(dikastesTemplate({ image: own, native: true, limits: true })) as { spec: PodSpec };
  expect(spec.containers[0]).toMatchObject({ name: 'dikastes', resources: { limits: { cpu: '1' } } });
});

test('Dikastes of its own image is started and asked for its health as before 3.33', () => {
  const dikastes = specOf(own, true).containers[0];
  expect(dikastes).not.toHaveProperty('command');
  expect(dikastes?.livenessProbe?.exec.command).toEqual(['/healthz', 'liveness']);
  expect(dikastes?.readinessProbe?.exec.command).toEqual(['/healthz', 'readiness']);
});

for (const image of [
  shared,
  'registry.example:5000/mirror/calico@sha256:abc',
  'registry.example/calico:latest',
]) {
  test(`in ${image} Dikastes is a component`, () => {
    const dikastes = specOf(image, true).containers[0];
    const component = ['calico', 'component', 'dikastes'];
    expect(dikastes?.command).toEqual(component);
    expect(dikastes?.livenessProbe?.exec.command).toEqual([...component, 'health', 'liveness']);
    expect(dikastes?.readinessProbe?.exec.command).toEqual([...component, 'health', 'readiness']);
  });
}

const images: [calico: string, image: string][] = [
  ['v3.24.1', 'quay.io/calico/dikastes:v3.24.1'],
  ['v3.32.1', 'quay.io/calico/dikastes:v3.32.1'],
  ['3.32.1', 'quay.io/calico/dikastes:v3.32.1'],
  ['v3.33.0', 'quay.io/calico/calico:v3.33.0'],
  ['v3.33.0-0.dev-12-gabc', 'quay.io/calico/calico:v3.33.0-0.dev-12-gabc'],
  ['v3.100.0', 'quay.io/calico/calico:v3.100.0'],
  ['v4.0.0', 'quay.io/calico/calico:v4.0.0'],
];

for (const [calico, image] of images) {
  test(`with Calico ${calico} goes ${image}`, () => {
    expect(dikastesImageFor(calico)).toBe(image);
  });
}

/** As istioctl writes it, shortened: comments, odd flow lists, and Go templates that only look like YAML. */
const config = `# defaultTemplates defines the default template to use for pods
defaultTemplates: [sidecar]
policy: enabled
alwaysInjectSelector:
  []
injectedAnnotations:
template: "{{ Template_Version_And_Istio_Version_Mismatched_Check_Installation }}"
templates:
  sidecar: |
    {{- define "resources"  }}
      {{- if (isset .ObjectMeta.Annotations \`sidecar.istio.io/proxyCPU\`) }}
          requests:
            cpu: {{ index .ObjectMeta.Annotations \`sidecar.istio.io/proxyCPU\` | quote }} # not a comment
      {{- end }}
    {{- end }}
    spec:
      containers:
      - name: istio-proxy
        args: ["--a-long-argument-list", "that would not fit", "into one line of eighty characters", "at all"]

  # the next one is for gateways
  gateway: |
    spec: {}`;

const template = dikastesTemplate({ image: own, native: true });

test('the template is laid beside the others, which keep every character', () => {
  const patched = withTemplate(config, 'dikastes', template);
  const { templates, ...rest } = parse(config) as { templates: object };
  expect(parse(patched)).toEqual({ ...rest, templates: { ...templates, dikastes: template } });
  expect(templateIn(patched, 'dikastes')).toBe(template);
});

test('the comments and the order of the configuration stay', () => {
  const patched = withTemplate(config, 'dikastes', template);
  expect(patched).toContain('# defaultTemplates defines the default template to use for pods\n');
  expect(patched).toContain('# the next one is for gateways\n');
  const keys = Object.keys(parse(patched) as object);
  expect(keys).toEqual(Object.keys(parse(config) as object));
});

test('a template of that name is replaced', () => {
  const once = withTemplate(config, 'dikastes', 'spec: {}\n');
  expect(withTemplate(once, 'dikastes', template)).toBe(withTemplate(config, 'dikastes', template));
});

test('laying the same template once more changes nothing', () => {
  const once = withTemplate(config, 'dikastes', template);
  expect(withTemplate(once, 'dikastes', template)).toBe(once);
});

for (const old of [
  'policy: enabled\ntemplate: |\n  spec: {}\n',
  'templates:\n  gateway: ""\n',
  'templates: {}\n',
]) {
  test(`a configuration without the template to lay it over is refused: ${JSON.stringify(old)}`, () => {
    expect(() => withTemplate(old, 'dikastes', template)).toThrow('has no template named sidecar');
    expect(templateIn(old, 'sidecar')).toBeUndefined();
  });
}
