import type { JsonObject } from '../../store/json.ts';
import { badRequest, unsupportedMediaType } from '../../store/status-error.ts';
import { type FieldType, type Message, messages } from './messages.ts';
import { type WireField, wireFields } from './wire.ts';

type Value = WireField['value'];

const magic = Buffer.from('k8s\0');

/**
 * The object in a body of type `application/vnd.kubernetes.protobuf`, which newer kubectl sends for `kubectl create
 * namespace` and its like. Real servers know every kind; here only kinds and fields of `messages` can be read, and
 * anything else is refused rather than lost.
 *
 * @throws StatusError 400 for what is no such body, 415 for what it cannot read.
 */
export function decodeProtobuf(body: Buffer): JsonObject {
  try {
    return unwrapped(body);
  } catch (error) {
    if (error instanceof RangeError)
      throw badRequest(`the body of the request is no protobuf: ${error.message}`);
    throw error;
  }
}

/** An envelope says what the message in it is (k8s.io/apimachinery `pkg/runtime`, `Unknown`). */
function unwrapped(body: Buffer): JsonObject {
  if (!body.subarray(0, magic.length).equals(magic)) throw new RangeError('it does not begin as one');
  const envelope = [...wireFields(body.subarray(magic.length))];
  const typeMeta = bytesOf(envelope.find(({ number }) => number === 1)?.value);
  const raw = bytesOf(envelope.find(({ number }) => number === 2)?.value);
  const [apiVersion, kind] = [1, 2].map((part) =>
    bytesOf([...wireFields(typeMeta)].find(({ number }) => number === part)?.value).toString(),
  );
  const message = messages[kind ?? ''];
  if (message === undefined) throw unreadable(`${kind}`);
  return { apiVersion, kind, ...objectOf(message, raw, `${kind}`) };
}

function objectOf(message: Message, bytes: Buffer, what: string): JsonObject {
  const object: JsonObject = {};
  for (const { number, value } of wireFields(bytes)) {
    const field = message[number];
    if (field === 'unread') continue;
    if (field === undefined) {
      // Go writes many fields also when they are empty.
      if (isEmpty(value)) continue;
      throw unreadable(`field ${number} of ${what}`);
    }
    const [name, type] = field;
    if (isUnset(type, value)) continue;
    object[name] = merged(object[name], type, value, name);
  }
  return object;
}

function merged(before: unknown, type: FieldType, value: Value, name: string): unknown {
  if (type === 'map of string' || type === 'map of bytes') {
    const entry = [...wireFields(bytesOf(value))];
    const part = (wanted: number) => bytesOf(entry.find(({ number }) => number === wanted)?.value);
    const text = part(2).toString(type === 'map of bytes' ? 'base64' : 'utf8');
    return { ...(before as JsonObject | undefined), [part(1).toString()]: text };
  }
  if (typeof type === 'object' && 'list' in type) {
    return [...((before as unknown[] | undefined) ?? []), single(type.list, value, name)];
  }
  return single(type, value, name);
}

function single(
  type: Exclude<FieldType, { list: unknown } | `map of ${string}`>,
  value: Value,
  name: string,
): unknown {
  if (type === 'integer') return Number(value);
  if (type === 'boolean') return value === 1n;
  if (type === 'bytes') return bytesOf(value).toString('base64');
  if (type === 'string') return bytesOf(value).toString();
  return objectOf(messages[type.message] ?? {}, bytesOf(value), name);
}

/** Go writes texts and switches also where nobody set them; numbers that may be left out it leaves out. */
function isUnset(type: FieldType, value: Value): boolean {
  if (type === 'boolean') return value === 0n;
  return (type === 'string' || type === 'bytes') && bytesOf(value).length === 0;
}

/** Whether a field that is not known says anything. */
function isEmpty(value: Value): boolean {
  if (typeof value === 'bigint') return value === 0n;
  // A message of which every field is empty is empty itself, and so is no text.
  try {
    return [...wireFields(value)].every((field) => isEmpty(field.value));
  } catch {
    return false;
  }
}

function bytesOf(value: Value | undefined): Buffer {
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}

function unreadable(what: string) {
  return unsupportedMediaType(
    `${what} cannot be read from protobuf here; send JSON or YAML, as "kubectl apply -f" does`,
  );
}
