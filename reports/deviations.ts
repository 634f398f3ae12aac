import { coerce, satisfies, valid, validRange } from 'semver';
import type { Edge } from '../fixtures/outcome.ts';
import type { ConformanceReport, Deviation } from './model.ts';

type Versions = ConformanceReport['versions'];

/** What is judged: released versions, and how Calico's API is served. */
export interface Released {
  versions: Versions;
  api: ConformanceReport['environment']['calicoApi'];
}

/** How a deviation shows in a probe; what is left out may be anything. */
export interface Sign {
  /** A part of the probe, such as its path. */
  probe?: string;
  /** A verdict that was to come. */
  expected?: string;
  /** The verdict that came. */
  seen: string;
}

/** A deviation of a release from one requirement: an entry of `specs/deviations.yaml`. */
export interface KnownDeviation extends Deviation {
  requirement: string;
  signs: readonly Sign[];
}

/**
 * The known deviation of these versions from a requirement: the first of the list whose range holds the version
 * of its product, and whose API is the one at hand. Pre-releases belong to the range their numbers lie in
 * (`3.32.0-0.dev` to `<3.32.0`). A version that is not known is in no range, and an API that is not known is none.
 *
 * @param edges what was probed where the promise is not kept: a deviation is known only by its signs, and every probe
 * that came out wrong must be one of them. Otherwise a release that is known for one thing could break another unseen.
 * @throws when an entry is wrong, since a mistyped one would never match.
 */
export function deviationOf(
  requirement: string,
  released: Released,
  deviations: readonly KnownDeviation[],
  edges?: readonly Edge[],
): Deviation | undefined {
  const holding = deviations.filter((entry) => entry.requirement === requirement && holds(entry, released));
  const found = edges === undefined ? holding[0] : explaining(holding, edges);
  if (found === undefined) return undefined;
  const { requirement: _, signs: __, ...deviation } = found;
  return deviation;
}

/** The first that explains something, where all of them together explain everything. */
function explaining(holding: readonly KnownDeviation[], edges: readonly Edge[]): KnownDeviation | undefined {
  const wrong = edges.filter(({ ok }) => !ok);
  const explains = ({ signs }: KnownDeviation, edge: Edge) => signs.some((sign) => fits(sign, edge));
  if (!wrong.every((edge) => holding.some((entry) => explains(entry, edge)))) return undefined;
  return holding.find((entry) => wrong.some((edge) => explains(entry, edge)));
}

function fits({ probe = '', expected, seen }: Sign, edge: Edge): boolean {
  return (
    edge.probe.includes(probe) &&
    (expected === undefined || edge.expected.includes(expected)) &&
    edge.seen === seen
  );
}

function holds(
  { requirement, product, versions: range, api: served }: KnownDeviation,
  { versions, api }: Released,
): boolean {
  const name = product.toLowerCase();
  if (!isProduct(name, versions)) {
    const known = Object.keys(versions).join(', ');
    throw new Error(`The deviation of ${requirement} names the product "${product}"; use one of ${known}.`);
  }
  if (validRange(range) === null) {
    throw new Error(`The deviation of ${requirement} has the range "${range}"; write a semver range.`);
  }
  if (served !== undefined && served !== api) return false;
  const version = exactVersion(versions[name]);
  return version !== undefined && satisfies(version, range, { includePrerelease: true });
}

function isProduct(name: string, versions: Versions): name is keyof Versions {
  return Object.hasOwn(versions, name);
}

/** `v1.34.4+k3s1` and `1.30` are versions; `unknown` and digests are not. */
function exactVersion(text: string): string | undefined {
  if (!/^v?\d+(\.\d+)*/.test(text)) return undefined;
  return valid(text, { loose: true }) ?? coerce(text)?.version;
}
