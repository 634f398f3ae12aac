import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, nothingLeft, test } from '../fixture.ts';

// Processes take seconds to start on a busy machine.
test.describe.configure({ timeout: 120_000 });

test('a machine with all that a kind cluster needs is fit, and nothing was made or kept', async ({
  workshop,
}) => {
  const { status, stdout, stderr } = await workshop.doctor();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('  ✓ Docker 28.0.0 answers\n');
  expect(stdout).toContain("  ✓ Docker's ports are this machine's\n");
  expect(stdout).toContain('  ✓ kind v0.33.0 is on your PATH');
  expect(stdout).toContain('  ✓ istioctl 1.28.10 is on your PATH');
  expect(stdout.split('\n').at(-1)).toBe('fit, next: npm run conformance -- --target kind');
  expect(workshop.left()).toEqual(nothingLeft);
  expect(workshop.files()).toEqual([]);
});

test('what a run would refuse, doctor says in the same words', async ({ workshop }) => {
  workshop.world.engine = { ServerVersion: '28.0.0', MemTotal: 2 * 1024 ** 3, OSType: 'windows' };
  const doctor = await workshop.doctor();
  const run = await workshop.conformance();
  expect({ doctor: doctor.status, run: run.status }).toEqual({ doctor: 3, run: 3 });
  const sentences = run.stderr.split('\n');
  expect(sentences).toHaveLength(2);
  const screen = doctor.stdout.replaceAll(/\s+/g, ' ');
  for (const sentence of sentences) {
    const [found, todo] = sentence.replace(/\.$/, '').split(': ');
    expect(screen).toContain(`✗ ${found} → ${todo}`);
  }
  expect(doctor.stdout.split('\n').at(-1)).toMatch(/^2 things are missing; .+: npm run doctor$/);
});

test('a bundle is looked into, and left where it is', async ({ workshop }) => {
  const folder = join(workshop.folder, 'bundle');
  workshop.bundle(folder);
  workshop.without('kind');
  const whole = await workshop.doctor('--bundle', folder);
  expect(whole).toMatchObject({ status: 0, stderr: '' });
  expect(whole.stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /✓ The bundle in \S+ is whole, and of this lane ✓ kind v0\.33\.0 is in the bundle/,
  );
  expect(whole.stdout.split('\n').at(-1)).toBe(
    `fit, next: npm run conformance -- --target kind --bundle ${folder}`,
  );
  writeFileSync(join(folder, 'images', 'calico.tar'), 'something else');
  const spoiled = await workshop.doctor('--bundle', folder);
  expect(spoiled).toMatchObject({ status: 3, stderr: '' });
  expect(spoiled.stdout.replaceAll(/\s+/g, ' ')).toMatch(
    /✗ images\/calico\.tar in the bundle \S+ has SHA-256 /,
  );
});

test('an address that is taken is named', async ({ workshop, mesh: _ }) => {
  const { port } = workshop.world.mesh.ingress;
  const { status, stdout } = await workshop.doctor('--ingress', `http://127.0.0.1:${port}`);
  expect(status).toBe(3);
  expect(stdout).toContain(`  ✗ Something listens on 127.0.0.1:${port} already\n    → name another address`);
});
