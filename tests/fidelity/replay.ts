import { isDeepStrictEqual } from 'node:util';
import { Changes } from './changes.ts';
import { deeds } from './deeds.ts';
import { judge } from './evidence.ts';
import { factOf } from './facts.ts';
import { Held } from './held.ts';
import { expectedOf } from './outcomes.ts';
import { paced } from './pace.ts';
import { hasTwoWays, type Probe, parseProbe } from './probe.ts';
import { placeOf, requestOf, routeOf } from './routes.ts';
import type { Row, Step, Table } from './rows.ts';
import { patienceMs, TcpTalk, tryTcp } from './tcp.ts';
import { differencesBetween, toldOf, tookOf } from './told.ts';
import { warmUp } from './warm-up.ts';
import type { World } from './world/world.ts';

/** Where the mesh does otherwise than the recording. */
export interface Difference {
  /** The table, the row and the probe. */
  where: string;
  what: string;
}

/** Notes what is different at a probe, if anything is. */
type Note = (probe: string, ...what: readonly string[]) => void;

/** Does what a row says and compares what is seen; whatever was changed is taken back. */
export async function replay(world: World, table: Table, row: Row): Promise<Difference[]> {
  const found: Difference[] = [];
  const note: Note = (probe, ...what) => {
    if (what.length > 0) found.push({ where: `${table.name}: ${row.row}: ${probe}`, what: what.join('; ') });
  };
  const steps: Step[] = [row, ...(row.later ?? [])];
  const changes = new Changes(world, table.selector);
  const undo: (() => Promise<void>)[] = [];
  const held = row.held === undefined ? undefined : await Held.open(world, row.held);
  try {
    world.setMeshMode(row.mesh ?? 'STRICT');
    await world.settled();
    // Where nothing is in the way, it makes no difference whether a connection was open.
    if (steps.some(({ given, deed }) => given !== undefined || deed !== undefined)) {
      note('before', ...(await warmUp(world, probesOf(steps))));
    }
    for (const step of steps) {
      take(step, changes, note);
      await world.settled();
      if (step.deed !== undefined) undo.push(await deeds[step.deed]!(world));
      await world.settled();
      await see(world, step, held, note);
    }
  } finally {
    held?.close();
    for (const back of undo.toReversed()) await back();
    changes.undo();
    world.setMeshMode('STRICT');
    await world.settled();
  }
  return found;
}

/** Changes the objects of a step, and compares what the API says and stores. */
function take({ remove = [], given = [], refused, stored = {} }: Step, changes: Changes, note: Note): void {
  for (const name of remove) changes.remove(name);
  const refusal = changes.give(given);
  const fits = refused === undefined ? refusal === undefined : refusal?.includes(refused) === true;
  if (!fits) {
    note('given', `refused with "${refusal}", recorded "${refused}"`);
  }
  for (const [name, fields] of Object.entries(stored)) {
    const spec = changes.specOf(name);
    for (const [field, value] of Object.entries(fields)) {
      if (isDeepStrictEqual(spec[field], value)) continue;
      note(`stored ${name}`, `${field} is ${JSON.stringify(spec[field])}, recorded ${JSON.stringify(value)}`);
    }
  }
}

/** All probes of some steps, for the warm way and the cold one each. */
function probesOf(steps: readonly Step[]): Probe[] {
  return steps.flatMap(({ seen = {} }) =>
    Object.entries(seen).flatMap(([text, outcome]) => {
      const probe = parseProbe(text);
      return probe === undefined ? [] : split(probe, String(outcome)).map(([one]) => one);
    }),
  );
}

/** A probe for a warm proxy and one for a cold one, where the row tells of both together. */
function split(probe: Probe, outcome: string): [Probe, string][] {
  const [warm = '', cold = warm] = outcome.split(' / ');
  // The gateway was always warm, unless told otherwise.
  const both = probe.origin === 'gateway' ? warm !== cold : hasTwoWays(probe);
  if (!both || probe.heat !== undefined) return [[probe, outcome]];
  return [
    [{ ...probe, heat: 'warm' }, warm],
    [{ ...probe, heat: 'cold' }, cold],
  ];
}

async function see(world: World, { seen = {} }: Step, held: Held | undefined, note: Note): Promise<void> {
  const lanes = new Map<string, (() => Promise<void>)[]>();
  for (const [text, value] of Object.entries(seen)) {
    const outcome = String(value);
    const probe = parseProbe(text);
    if (probe === undefined) {
      const said = text === 'held connection' ? await lives(held) : await factOf(world, text);
      if (said !== outcome) note(text, `${said}, recorded ${outcome}`);
      continue;
    }
    for (const [one, expected] of split(probe, outcome)) {
      const told = one.heat === undefined ? text : `${text} (${one.heat})`;
      const lane = `${one.origin} ${one.heat} ${one.http === undefined ? text : ''}`;
      const work = async () => {
        note(told, ...(await compare(world, one, expected)));
      };
      lanes.set(lane, [...(lanes.get(lane) ?? []), work]);
    }
  }
  // One after the other where they share connections, as they were measured.
  await Promise.all(
    [...lanes.values()].map(async (lane) => {
      for (const work of lane) await work();
    }),
  );
}

async function lives(held: Held | undefined): Promise<string> {
  const answered = await held?.answers(8);
  return answered === 8 ? 'lives on' : `answered ${answered} of 8 times`;
}

function compare(world: World, probe: Probe, outcome: string): Promise<string[]> {
  if (probe.http !== undefined) return compareHttp(world, probe, outcome);
  return probe.payload === undefined
    ? compareConnecting(world, probe, outcome)
    : compareTcp(world, probe, probe.payload, outcome);
}

async function compareConnecting(world: World, probe: Probe, outcome: string): Promise<string[]> {
  const { host } = await routeOf(world, probe);
  const talk = new TcpTalk(placeOf(world, probe), { host, port: probe.port });
  const seen = (await talk.stands(patienceMs)) ? 'open' : 'dropped';
  talk.close();
  return seen === outcome ? [] : [`${seen}, recorded ${outcome}`];
}

async function compareTcp(world: World, probe: Probe, payload: string, outcome: string): Promise<string[]> {
  const { host } = await routeOf(world, probe);
  const target = { host, port: probe.port };
  const began = performance.now();
  const { result: seen, pace } = await paced(world.timeScale, () =>
    tryTcp(placeOf(world, probe), target, payload, world.timeScale),
  );
  const ms = performance.now() - began;
  const differences: string[] = [];
  const [words = ''] = outcome.split(' by ');
  if (seen !== words) differences.push(`${seen}, recorded ${outcome}`);
  const took = tookOf(outcome === 'silence' ? ms / pace : ms);
  const expected = outcome === 'silence' ? 'time-out' : 'instant';
  if (took !== expected) differences.push(`took ${took}, recorded ${expected}`);
  if (outcome === 'closed' && !serverLogged(world, '"- - -" 0 UAEX ext_authz_denied')) {
    differences.push('the access log does not say why');
  }
  return differences;
}

async function compareHttp(world: World, probe: Probe, outcome: string): Promise<string[]> {
  const route = await routeOf(world, probe);
  const [words = '', unnamed] = outcome.split(' without ');
  const { result, pace } = await judge(route, [requestOf(probe)], world.timeScale);
  const [judged] = result;
  const told = toldOf(judged!, judged!.verdict.name, pace);
  const differences = differencesBetween(expectedOf(probe, words), told);
  const body = judged!.observation.response?.body ?? '';
  if (unnamed !== undefined && body.includes('x-forwarded-client-cert')) {
    differences.push('the server names an identity, recorded none');
  }
  if (words === '503 wrong version' && !serverLogged(world, '400 DPE http1.codec_error')) {
    differences.push('the access log of the server does not say why');
  }
  return differences;
}

/** Whether one of the last lines of the server's access log has this text, for what has no id of a probe. */
function serverLogged(world: World, text: string): boolean {
  return world.accessLogs('srv', 'echo', 20).some((log) => log.text.includes(text));
}
