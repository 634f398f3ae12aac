import {
  kubernetesOfCalico,
  kubernetesOfIstio,
  legacyIstio,
  type Range,
  templatesSince,
  undecided,
} from './compatibility.ts';
import { compareLines } from './line.ts';

/** Lines of the three that must go together. */
export interface Lines {
  kubernetes: string;
  calico: string;
  istio: string;
}

const calicos = Object.keys(kubernetesOfCalico);
const istios = Object.keys(kubernetesOfIstio);
const kubernetes = [
  ...new Set(
    [...Object.values(kubernetesOfCalico), ...Object.values(kubernetesOfIstio)].flatMap(({ from, to }) =>
      between(Number(from.split('.')[1]), Number(to.split('.')[1])).map((minor) => `1.${minor}`),
    ),
  ),
].sort(compareLines);

export const within = (line: string, { from, to }: Range): boolean =>
  compareLines(line, from) >= 0 && compareLines(line, to) <= 0;

/** Whether there is a documented way to inject Dikastes of a line of Calico by a line of Istio. */
export function injects(istio: string, calico: string): boolean {
  return istio === legacyIstio || compareLines(calico, templatesSince) >= 0;
}

/** All lines that go together. */
const sound: Lines[] = calicos.flatMap((calico) =>
  istios
    .filter((istio) => injects(istio, calico))
    .flatMap((istio) =>
      kubernetes
        .filter(
          (line) => within(line, kubernetesOfCalico[calico]!) && within(line, kubernetesOfIstio[istio]!),
        )
        .map((line) => ({ kubernetes: line, calico, istio })),
    ),
);

/**
 * Of all lines that go together, those with the fewest lines between them and the ones asked for; none of Calico's
 * undecided ones, unless it was asked for.
 */
export function nearest(asked: Lines): Lines {
  const distance = (lines: Lines) =>
    steps(kubernetes, asked.kubernetes, lines.kubernetes) +
    steps(calicos, asked.calico, lines.calico) +
    steps(istios, asked.istio, lines.istio);
  // Of several that are as near, the newest.
  return sound
    .filter(({ calico }) => calico === asked.calico || !undecided.includes(calico))
    .reduceRight((best, lines) => (distance(lines) < distance(best) ? lines : best));
}

function steps(all: readonly string[], from: string, to: string): number {
  const place = (line: string) => all.filter((each) => compareLines(each, line) < 0).length;
  return Math.abs(place(from) - place(to));
}

function between(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
