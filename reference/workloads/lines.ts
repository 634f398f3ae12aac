import { StringDecoder } from 'node:string_decoder';

/** The lines of a stream of UTF-8, without their ends. */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let unread = '';
  for await (const chunk of chunks) {
    const lines = (unread + decoder.write(chunk)).split('\n');
    unread = lines.pop() ?? '';
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  if (unread !== '') yield unread;
}
