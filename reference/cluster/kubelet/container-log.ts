import type { LogQuery } from '../pod-access.ts';

interface Line {
  /** Milliseconds since the epoch. */
  at: number;
  text: string;
}

const most = 2 * 1024 * 1024;

/** What one run of a container has logged: the last 2 MiB of it. */
export class ContainerLog {
  private lines: Line[] = [];
  private size = 0;
  private readonly followers = new Set<(line: Line) => void>();
  private readonly ends = new Set<() => void>();
  private ended = false;

  write(text: string): void {
    const at = Date.now();
    for (const part of text.replace(/\n$/, '').split('\n')) this.add({ at, text: part });
  }

  /** The container ended. */
  end(): void {
    this.ended = true;
    for (const end of this.ends) end();
    this.followers.clear();
    this.ends.clear();
  }

  read({ sinceSeconds, tailLines, limitBytes, timestamps = false }: LogQuery): string {
    const since = sinceSeconds === undefined ? -Infinity : Date.now() - sinceSeconds * 1000;
    const first = this.lines.findLastIndex(({ at }) => at < since) + 1;
    const from = tailLines === undefined ? first : Math.max(first, this.lines.length - tailLines);
    const text = this.lines
      .slice(from)
      .map((line) => format(line, timestamps))
      .join('');
    if (limitBytes === undefined) return text;
    return Buffer.from(text).subarray(0, limitBytes).toString('utf8');
  }

  /** Passes on each line from now on; `end` is called when there will be none any more, at once if that is so. */
  follow({ timestamps = false }: LogQuery, write: (text: string) => void, end: () => void): () => void {
    if (this.ended) {
      end();
      return () => {};
    }
    const follower = (line: Line) => write(format(line, timestamps));
    this.followers.add(follower);
    this.ends.add(end);
    return () => {
      this.followers.delete(follower);
      this.ends.delete(end);
    };
  }

  private add(line: Line): void {
    this.lines.push(line);
    this.size += line.text.length + 1;
    if (this.size > most) this.cut();
    for (const follower of this.followers) follower(line);
  }

  // A quarter at a time: what is cut off one by one moves all the others each time.
  private cut(): void {
    let dropped = 0;
    let index = 0;
    while (dropped < most / 4 && index < this.lines.length - 1) {
      dropped += this.lines[index]!.text.length + 1;
      index += 1;
    }
    this.lines = this.lines.slice(index);
    this.size -= dropped;
  }
}

function format({ at, text }: Line, timestamps: boolean): string {
  return timestamps ? `${new Date(at).toISOString().replace('Z', '000000Z')} ${text}\n` : `${text}\n`;
}
