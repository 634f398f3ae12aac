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

export const deviationSchema = z.object({
  product: z.string(),
  versions: z.string().describe('semver range of the releases that break the promise'),
  link: z.url({ protocol: /^https?$/ }),
  summary: z.string(),
});

export const requirementResultSchema = z.object({
  id: z.string().regex(/^[A-Z0-9]+-\d{2}$/),
  statement: z.string(),
  area: z.string(),
  level: z.enum(['core', 'extended']),
  source: z.object({ document: z.string(), place: z.string() }),
  outcome: z.enum(outcomes),
  known: deviationSchema
    .optional()
    .describe('the deviation of a release that this outcome was expected from'),
  unseen: deviationSchema
    .optional()
    .describe('a known deviation of this release that did not occur although it was looked for: news'),
  cause: z.string().optional(),
  durationMs: milliseconds,
  edges: z.array(edgeSchema),
  measurements: z.array(measurementSchema),
  pictures: z.array(
    z.object({
      name: z.string(),
      pngBase64: z.base64().optional().describe('left out of the YAML rendering; the HTML page has it'),
    }),
  ),
  diagnostics: z.array(z.string()).describe('files beside the report, relative to it'),
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
});

export const totalsSchema = z.object({
  passed: z.int().nonnegative(),
  failed: z.int().nonnegative(),
  unverified: z.int().nonnegative(),
  broken: z.int().nonnegative(),
  skipped: z.int().nonnegative(),
});

export const reportSchema = z
  .object({
    apiVersion: z.literal('alp-conformance/v1alpha1'),
    kind: z.literal('ConformanceReport'),
    run: z.object({
      id: z.string(),
      started: timestamp,
      finished: timestamp,
      suiteVersion: z.string(),
      suiteRevision: z.string().describe('git commit of the suite, or "unknown"'),
      profile: z.string(),
      requirements: z.array(z.string()).describe('what was asked for by id; empty for the whole profile'),
      command: z.string(),
      errors: z
        .array(z.string())
        .optional()
        .describe('what went wrong outside any requirement or step, such as a file that did not load'),
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
      calicoApi: z.enum(['api server', 'native crds', 'unknown']),
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
        .describe('complete, and every requirement that applies to these versions passed'),
      complete: z
        .boolean()
        .describe(
          'something was proven, nothing was broken, and nothing was skipped for want of a means (a cause that starts with "needs ")',
        ),
      exitStatus: z.int(),
      totals: totalsSchema,
      byArea: z.record(z.string(), totalsSchema),
    }),
    steps: z.array(stepResultSchema),
    phases: z.array(z.object({ name: z.string(), durationMs: milliseconds })).describe('where the time went'),
    requirements: z.array(requirementResultSchema),
    cluster: z.object({
      restored: z.enum(['restored', 'kept', 'incomplete']),
      notes: z.array(z.string()),
    }),
  })
  .describe('What a run of alp-conformance saw, requirement by requirement.');

export type ConformanceReport = z.infer<typeof reportSchema>;
export type RequirementResult = z.infer<typeof requirementResultSchema>;
export type Deviation = z.infer<typeof deviationSchema>;
export type StepResult = z.infer<typeof stepResultSchema>;
export type Totals = z.infer<typeof totalsSchema>;
