import { type ClusterOptions, readOptions, type Verb } from '../options.ts';

const decisions: Verb = {
  name: 'npm run bench -- decisions',
  description:
    'Counts how many requests one pod gets decided in a second: on the reference mesh that comes with the suite, on a kind cluster that it makes, or on a cluster of yours, which is put back at the end.',
  targets: ['reference', 'kind', 'existing'],
  // What is proven, by whom and how fast is given, and there is no report.
  without: [
    ...(['profile', 'area', 'requirement', 'resume', 'list', 'strict', 'output'] as const),
    ...(['seed', 'workers', 'browser', 'install', 'meshCa', 'dikastes', 'envoy'] as const),
  ],
};

/**
 * Reads the command line of `bench -- decisions`: the options of `conformance` that say where, and on what.
 *
 * @returns undefined when help was asked for and has been printed.
 * @throws UsageError with one sentence, for whatever does not make sense.
 */
export function readDecisionsOptions(argv: readonly string[]): ClusterOptions | undefined {
  const options = readOptions(argv, decisions);
  if (options === undefined) return undefined;
  // A run is made for some requirement; this one needs what is counted: policies and a sandbox.
  return { ...(options as ClusterOptions), requirement: ['HTTP-02'], workers: 1 };
}
