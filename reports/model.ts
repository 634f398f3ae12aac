import * as z from 'zod';
import { outcomes } from '../fixtures/outcome.ts';

/**
 * The report of one run, `alp-conformance/v1alpha1`: the one model from which every rendering is made.
 *
 * Its JSON Schema is published as `reports/schema/conformance-report.v1alpha1.json`. Lists have a fixed order
 * (requirements by id, steps and phases as they ran, everything else by name), so that two reports of the same
 * facts are the same text.
 */

const milliseconds = z.number().nonnegative();
const timestamp = z.iso.datetime().describe('ISO 8601, UTC');

export const edgeSchema = z.object({
  probe: z.string().describe('origin -> METHOD target'),
  expected: z.array(z.string()),
  seen: z.string(),
  control: z.boolean().describe('the allowed probe that gives the denials beside it their meaning'),
  ok: z.boolean(),
  evidence: z.array(z.string()),
  totalMs: milliseconds,
});

export const measurementSchema = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.enum(['ms', 'count']),
});

const calicoApi = z.enum(['api server', 'native crds', 'unknown']);

export const deviationSchema = z.object({
  product: z.string(),
  versions: z.string().describe('semver range of the releases that break the promise'),
  api: calicoApi
    .exclude(['unknown'])
    .exactOptional()
    .describe("how Calico's API is served where the promise is broken; either way when absent"),
  link: z.url({ protocol: /^https?$/ }),
  summary: z.string(),
});

/** What a report tells of everything that was judged: what it is, and, after its outcome, what was seen. */
const identity = {
  id: z.string().regex(/^[A-Z0-9]+-\d{2}$/),
  statement: z.string(),
  area: z.string(),
  level: z.enum(['core', 'extended']),
  source: z.object({ document: z.string(), place: z.string() }),
};
const evidence = {
  from: z
    .string()
    .exactOptional()
    .describe('the earlier run that this result was carried over from; of this run when absent'),
  cause: z.string().optional(),
  durationMs: milliseconds,
  waitedMs: milliseconds
    .default(0)
    .describe('how much of it went by while the mesh took its course, which nobody could have spared'),
  edges: z.array(edgeSchema),
  measurements: z.array(measurementSchema),
  pictures: z.array(
    z.object({
      name: z.string(),
      pngBase64: z.base64().optional().describe('left out of the YAML rendering; the HTML page has it'),
    }),
  ),
  diagnostics: z.array(z.string()).describe('files beside the report, relative to it'),
  diagnosticsFolder: z
    .string()
    .exactOptional()
    .describe(
      'the folder, relative to the report, of what the cluster looked like when it failed; absent when it did not',
    ),
};

export const requirementResultSchema = z.object({
  ...identity,
  outcome: z.enum(outcomes),
  known: deviationSchema
    .optional()
    .describe('the deviation of a release that this outcome was expected from'),
  unseen: deviationSchema
    .optional()
    .describe('a known deviation of this release that did not occur although it was looked for: news'),
  ...evidence,
});

/** What is told of a hazard: whether the weakness is there, or why nobody knows. */
export const hazardOutcomes = ['present', 'absent', 'unverified', 'broken', 'skipped'] as const;

export const hazardResultSchema = z.object({
  ...identity,
  outcome: z.enum(hazardOutcomes).describe('whether the weakness that the statement tells of is there'),
  ...evidence,
});

export const stepResultSchema = z.object({
  title: z.string(),
  /** `present`: the cluster already had it; `not run`: a step before it failed. */
  result: z.enum(['applied', 'present', 'failed', 'not run']),
  cause: z.string().optional(),
  durationMs: milliseconds,
  diagnostics: z
    .array(z.string())
    .optional()
    .describe('files beside the report that tell more of a failed step, relative to it'),
  diagnosticsFolder: z
    .string()
    .exactOptional()
    .describe('the folder, relative to the report, of what the cluster looked like when the step failed'),
});

export const totalsSchema = z.object({
  passed: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  unverified: z.int().nonnegative(),
  broken: z.int().nonnegative(),
  skipped: z.int().nonnegative(),
});

/** The version of what a report says, and how. */
export const apiVersion = 'alp-conformance/v1alpha1';

export const reportSchema = z
  .object({
    apiVersion: z.literal(apiVersion),
    kind: z.literal('ConformanceReport'),
    run: z.object({
      id: z.string(),
      started: timestamp,
      finished: timestamp,
      suiteVersion: z.string(),
      suiteRevision: z
        .string()
        .describe(
          'git commit of the suite, or "unknown"; and, where that is not what ran, a digest of its files',
        ),
      profile: z.string(),
      areas: z.array(z.string()).default([]).describe('the areas that were asked for; empty for all'),
      requirements: z.array(z.string()).describe('what was asked for by id; empty for the whole profile'),
      seed: z.int().nonnegative().optional().describe('what generated cases were drawn by'),
      resumed: z
        .string()
        .exactOptional()
        .describe('the earlier run whose results were carried over, so that only the rest was judged'),
      command: z.string(),
      errors: z
        .array(z.string())
        .optional()
        .describe('what went wrong outside any requirement or step, such as a file that did not load'),
      diagnosticsFolder: z
        .string()
        .exactOptional()
        .describe(
          "the folder, relative to the report, of the mesh's own state and logs; absent when nothing failed",
        ),
    }),
    target: z.object({
      kind: z.enum(['reference', 'kind', 'existing', 'dikastes']),
      about: z.string().describe('what the results speak of, in one sentence'),
      context: z.string().optional(),
      ingress: z.string().optional(),
    }),
    versions: z.object({
      kubernetes: z.string(),
      calico: z.string(),
      istio: z.string(),
      dikastes: z.string(),
      boutique: z.string(),
    }),
    environment: z.object({
      calicoApi,
      dataPlane: z
        .enum(['iptables', 'nftables', 'bpf', 'unknown'])
        .default('unknown')
        .describe('what Felix enforces with'),
      nodes: z.array(
        z.object({
          name: z.string(),
          kubelet: z.string(),
          kernel: z.string(),
          os: z.string(),
          runtime: z.string(),
        }),
      ),
      images: z.array(
        z.object({
          container: z.string().describe('namespace/workload/container'),
          image: z.string(),
          imageId: z
            .string()
            .describe('as the kubelet reports it; with a digest where the runtime knows one'),
        }),
      ),
    }),
    result: z.object({
      conformant: z
        .boolean()
        .describe(
          'complete, and something passed, and nothing that applies to these versions failed or is unverified; hazards have no say',
        ),
      complete: z
        .boolean()
        .describe(
          'something was judged, nothing was broken, no hazard is unverified, and nothing was skipped for want of a means (a cause that starts with "needs ")',
        ),
      exitStatus: z.int(),
      totals: totalsSchema.describe('without hazards, but for broken ones'),
      byArea: z.record(z.string(), totalsSchema),
    }),
    steps: z.array(stepResultSchema),
    phases: z
      .array(
        z.object({
          name: z.string(),
          startedMs: milliseconds
            .optional()
            .describe('since the run began; some phases go on beside others, or within them'),
          durationMs: milliseconds,
        }),
      )
      .describe('where the time went, in the order in which they began'),
    requirements: z.array(requirementResultSchema),
    hazards: z
      .array(hazardResultSchema)
      .default([])
      .describe(
        'documented weaknesses to know of, present or absent: no release is less conformant for them',
      ),
    cluster: z.object({
      restored: z.enum(['restored', 'kept', 'incomplete']),
      notes: z.array(z.string()),
      fingerprint: z
        .object({
          hash: z.string().describe('of the versions, the API, the nodes, the suite and what is told here'),
          cluster: z.string().describe('the uid of namespace kube-system'),
          dikastesImage: z.string(),
        })
        .exactOptional()
        .describe(
          'what tells this cluster in this state from any other; a later run resumes only on the same',
        ),
    }),
  })
  .describe('What a run of alp-conformance saw, requirement by requirement.');

export type ConformanceReport = z.infer<typeof reportSchema>;
export type RequirementResult = z.infer<typeof requirementResultSchema>;
export type HazardResult = z.infer<typeof hazardResultSchema>;
export type Deviation = z.infer<typeof deviationSchema>;
export type StepResult = z.infer<typeof stepResultSchema>;
export type Totals = z.infer<typeof totalsSchema>;
