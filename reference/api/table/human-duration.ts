/** The largest age shown in each form, in seconds, and the form. */
const forms: readonly { below: number; units: readonly [Unit] | readonly [Unit, Unit] }[] = [
  { below: 120, units: ['s'] },
  { below: 600, units: ['m', 's'] },
  { below: 10_800, units: ['m'] },
  { below: 28_800, units: ['h', 'm'] },
  { below: 172_800, units: ['h'] },
  { below: 691_200, units: ['d', 'h'] },
  { below: 63_072_000, units: ['d'] },
  { below: 252_288_000, units: ['y', 'd'] },
];

const seconds = { s: 1, m: 60, h: 3_600, d: 86_400, y: 31_536_000 } as const;
type Unit = keyof typeof seconds;

/**
 * A duration as kubectl shows ages: two units while the larger one counts few, one unit beyond
 * (k8s.io/apimachinery `pkg/util/duration`). `0s` for the future up to a second, `<invalid>` beyond.
 */
export function humanDuration(milliseconds: number): string {
  const whole = Math.trunc(milliseconds / 1000);
  if (whole < -1) return '<invalid>';
  if (whole < 0) return '0s';
  const { units } = forms.find(({ below }) => whole < below) ?? { units: ['y'] as const };
  const [large, small] = units;
  const count = Math.floor(whole / seconds[large]);
  const rest = small === undefined ? 0 : Math.floor((whole % seconds[large]) / seconds[small]);
  return rest === 0 ? `${count}${large}` : `${count}${large}${rest}${small}`;
}

/** The time since a timestamp (RFC 3339); `<unknown>` when there is none. */
export function ageOf(timestamp: string | undefined | null, now: number): string {
  return typeof timestamp === 'string' ? humanDuration(now - Date.parse(timestamp)) : '<unknown>';
}
