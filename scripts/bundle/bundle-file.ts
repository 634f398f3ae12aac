import * as z from 'zod';
import { laneSchema } from '../lanes/versions-file.ts';

/** What a bundle says of itself, last of all that is written into it. */
export const bundleFile = 'bundle.yaml';

const held = { file: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/) };

export const bundleSchema = z.strictObject({
  format: z.literal(1),
  /** The platform of the programs and the images. */
  platform: z.string(),
  lane: laneSchema.extend({ name: z.string() }),
  /** Whether the node image was named by a person, in place of the lane's own. */
  nodeGiven: z.boolean(),
  /** The nodes' own image, by the tag that its archive has it under: archives keep no digests. */
  node: z.strictObject({ image: z.string(), ...held }),
  /** The image of the probing pods, one of `images`. */
  agent: z.string(),
  /** What pods run, by whole names; several may be in one file. */
  images: z.array(z.strictObject({ image: z.string(), ...held })),
  /** Calico's files by their path in its repository, at the release that they are of. */
  manifests: z.array(z.strictObject({ path: z.string(), release: z.string(), ...held })),
  boutique: z.strictObject({ version: z.string(), ...held }),
  tools: z.array(z.strictObject({ name: z.enum(['kind', 'istioctl']), version: z.string(), ...held })),
});

export type BundleDescription = z.infer<typeof bundleSchema>;
