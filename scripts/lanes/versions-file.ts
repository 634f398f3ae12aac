import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readHandEdited } from '../../fixtures/hand-edited.ts';
import { projectRoot } from '../lib/project-root.ts';

export const versionsFile = join(projectRoot, 'versions.yaml');

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256');
const tagged = z.string().regex(/^v\d+\.\d+\.\d+([-.][\w.-]+)?$/, 'is no release such as v3.32.1');
const bare = z.string().regex(/^\d+\.\d+\.\d+([-.][\w.-]+)?$/, 'is no release such as 1.28.10');
const image = z
  .string()
  .regex(/^[\w.-]+(:\d+)?(\/[\w.-]+)*:[\w.-]+(@sha256:[0-9a-f]{64})?$/, 'is no image with a tag');

export const laneSchema = z.strictObject({
  kubernetes: tagged,
  node: image,
  calico: tagged,
  istio: bare,
  kind: tagged,
  api: z.enum(['native crds', 'api server']),
  install: z.enum(['manifest', 'operator']),
  ipFamily: z.enum(['ipv4', 'ipv6', 'dual']).default('ipv4'),
  dataPlane: z.enum(['iptables', 'nftables']).default('iptables'),
  outcomes: z.literal('control').optional(),
});

const versionsSchema = z.strictObject({
  boutique: z.strictObject({ version: z.string(), url: z.url(), sha256 }),
  legacyInjector: z.record(z.string(), sha256),
  agent: image,
  lanes: z.record(z.string(), laneSchema),
  manifests: z.strictObject({ calico: z.record(z.string(), z.record(z.string(), sha256)) }),
  tools: z.strictObject({
    kind: z.record(z.string(), z.record(z.string(), sha256)),
    istioctl: z.record(z.string(), z.record(z.string(), sha256)),
  }),
});

/** The names and pinned versions of everything that a run may need from elsewhere. */
export type Versions = z.infer<typeof versionsSchema>;

/** The pinned versions of `versions.yaml`. */
export function pinnedVersions(): Versions {
  return parseVersions(readFileSync(versionsFile, 'utf8'));
}

/** @throws UsageError with one sentence that names the place of each problem. */
export function parseVersions(text: string): Versions {
  return readHandEdited('versions.yaml', text, versionsSchema);
}
