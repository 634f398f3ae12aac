import { expectRefusals, type Flaw } from '../../fixtures/policies/expect-refusals.ts';
import { requirement } from '../../fixtures/test.ts';

const http = { methods: ['GET'], paths: [{ exact: '/' }] };

requirement('API-01', async ({ policy, cluster, run }) => {
  const egress = (rule: object) => ({ types: ['Egress'], ingress: undefined, egress: [rule] });
  await expectRefusals(
    [{ what: 'an HTTP clause in an egress rule', spec: egress({ action: 'Allow', http }), field: 'http' }],
    { policy, cluster, run },
  );
});

requirement('API-02', async ({ policy, cluster, run }) => {
  const flaws = ['Deny', 'Log', 'Pass'].map((action) => ({
    what: `an HTTP clause in a rule of ${action}`,
    spec: ingress({ action, http }),
    field: 'http',
  }));
  await expectRefusals(flaws, { policy, cluster, run });
});

requirement('API-03', async ({ policy, cluster, run }) => {
  const flaws = ['UDP', 'SCTP', 17].map((protocol) => ({
    what: `an HTTP clause in a rule for protocol ${protocol}`,
    spec: ingress({ action: 'Allow', protocol, http }),
    field: 'protocol',
  }));
  await expectRefusals(flaws, { policy, cluster, run });
});

requirement('API-04', async ({ policy, cluster, run }) => {
  const flaws: Flaw[] = [
    withPath('a path that is both exact and prefix', { exact: '/a', prefix: '/a' }),
    withPath('a path that is neither exact nor prefix', {}),
    withPath('an exact path without a slash in front', { exact: 'a' }),
    withPath('a prefix without a slash in front', { prefix: 'a/' }),
    withPath('a path with a query', { exact: '/a?b=c' }),
    withPath('a path with a fragment', { prefix: '/a#b' }),
    withPath('a path with a space', { exact: '/a b' }),
    {
      what: 'a method that is listed twice',
      spec: ingress({ action: 'Allow', http: { methods: ['GET', 'POST', 'GET'] } }),
      field: 'methods',
    },
  ];
  await expectRefusals(flaws, { policy, cluster, run });
});

requirement('API-07', async ({ policy, cluster, run }) => {
  const flaws: Flaw[] = [
    { what: 'an unknown field of a rule', spec: ingress({ action: 'Allow', htttp: http }), field: 'htttp' },
    {
      what: 'an unknown field of a path',
      spec: ingress({ action: 'Allow', http: { paths: [{ regex: '/.*' }] } }),
      field: 'regex',
    },
    {
      what: 'methods that are no list',
      spec: ingress({ action: 'Allow', http: { methods: 'GET' } }),
      field: 'methods',
    },
    { what: 'an order that is no number', spec: { order: 'first' }, field: 'order' },
    { what: 'an action in lower case', spec: ingress({ action: 'allow' }), field: 'action' },
  ];
  await expectRefusals(flaws, { policy, cluster, run });
});

requirement('API-08', async ({ policy, cluster, run }) => {
  const source = (entity: object) => ingress({ action: 'Allow', source: entity });
  const flaws: Flaw[] = [
    { what: 'half an operator in its selector', spec: { selector: "app = 'nobody'" }, field: 'selector' },
    { what: 'an open quote in its selector', spec: { selector: "app == 'nobody" }, field: 'selector' },
    {
      what: 'an unknown function in the selector of a source',
      spec: source({ selector: 'having(app)' }),
      field: 'selector',
    },
    {
      what: 'an open bracket in the namespace selector of a source',
      spec: source({ namespaceSelector: '(has(app)' }),
      field: 'namespaceSelector',
    },
  ];
  await expectRefusals(flaws, { policy, cluster, run });
});

requirement('API-09', async ({ policy, cluster, run }) => {
  const methods = Array.from({ length: 20 }, (_, index) => `METHOD${index}`);
  const paths = Array.from({ length: 20 }, (_, index) => {
    const path = `/${index}`.padEnd(1024, 'x');
    return index % 2 === 0 ? { exact: path } : { prefix: path };
  });
  const allowing = (http: object) => ingress({ action: 'Allow', http });
  const flaws: Flaw[] = [
    { what: '21 methods', spec: allowing({ methods: [...methods, 'GET'], paths }), field: 'methods' },
    { what: '21 paths', spec: allowing({ methods, paths: [...paths, { prefix: '/' }] }), field: 'paths' },
    {
      what: 'an exact path of 1,025 characters',
      spec: allowing({ paths: [{ exact: '/'.padEnd(1025, 'x') }] }),
      field: 'exact',
    },
    {
      what: 'a prefix of 1,025 characters',
      spec: allowing({ paths: [{ prefix: '/'.padEnd(1025, 'x') }] }),
      field: 'prefix',
    },
  ];
  await expectRefusals(flaws, { policy, cluster, run }, allowing({ methods, paths }));
});

function ingress(rule: object): Flaw['spec'] {
  return { ingress: [rule] };
}

function withPath(what: string, path: object): Flaw {
  return { what, spec: ingress({ action: 'Allow', http: { paths: [path] } }), field: 'paths' };
}
