import { fits, type Looked, note, unfit } from '../targets/checks/check.ts';
import { failed } from '../targets/checks/failed.ts';
import { checkGiven } from '../targets/kind/materials.ts';
import { type FindOptions, type FoundTool, toolAtHand } from '../tools/find-tool.ts';
import { ToolError } from '../tools/tool-error.ts';
import type { ToolName } from '../tools/tools.ts';

/**
 * Where a run would have a program from.
 *
 * @param version the lane's.
 * @param given the person's own.
 * @throws UsageError when that is of another version.
 */
export async function lookAtProgram(
  name: ToolName,
  version: string,
  given: string | undefined,
  bundle: FindOptions['bundle'],
  options: FindOptions = {},
): Promise<Looked> {
  if (given !== undefined) {
    try {
      await checkGiven(name, version, given);
    } catch (error) {
      if (error instanceof ToolError) return { name, ...failed(name, error) };
      throw error;
    }
    return { name, ...fits(`${given} does for ${name} ${version}`) };
  }
  const found = await toolAtHand(name, version, { ...options, bundle });
  if (found.path !== undefined) {
    return { name, ...fits(`${name} ${found.version} ${places[found.from]} (${found.path})`) };
  }
  if (found.release === undefined) return { name, ...unfit(found.why('is not at hand'), found.todo) };
  return {
    name,
    ...note(found.why('will be downloaded'), `where there is no way to the network, ${found.todo}`),
  };
}

const places: Record<FoundTool['from'], string> = {
  PATH: 'is on your PATH',
  bundle: 'is in the bundle',
  cache: 'was downloaded before',
  download: 'was downloaded',
};
