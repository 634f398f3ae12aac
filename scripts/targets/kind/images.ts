import { wholeName } from '../../bundle/image-name.ts';
import type { Bundle } from '../../bundle/read-bundle.ts';

type Archives = Bundle['archives'];

/** Archives in two heaps: those that hold any of some images, and the others. */
export function withImages(
  archives: Archives,
  wanted: readonly string[],
): { these: string[]; others: string[] } {
  const names = new Set(wanted.map(wholeName));
  const isWanted = ({ images }: Archives[number]) => images.some((image) => names.has(wholeName(image)));
  return {
    these: archives.filter(isWanted).map(({ archive }) => archive),
    others: archives.filter((each) => !isWanted(each)).map(({ archive }) => archive),
  };
}
