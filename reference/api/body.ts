import { parse } from 'yaml';
import { isObject, type JsonObject } from '../store/json.ts';
import { badRequest, unsupportedMediaType } from '../store/status-error.ts';
import { decodeProtobuf } from './protobuf/decode.ts';
import type { ApiRequest } from './request.ts';

const patchTypes = {
  'application/merge-patch+json': 'merge',
  'application/json-patch+json': 'json',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
} as const;
export type PatchType = (typeof patchTypes)[keyof typeof patchTypes];

const formats: Readonly<Record<string, (body: Buffer) => unknown>> = {
  'application/json': (body) => readJson(body.toString()),
  'application/yaml': (body) => readYaml(body.toString()),
  'application/vnd.kubernetes.protobuf': decodeProtobuf,
};

/**
 * The object in a request's body, JSON, YAML or protobuf; JSON where no content type is given.
 *
 * @throws StatusError 415 for other content types, 400 for what cannot be read or is no object.
 */
export function objectIn(request: ApiRequest): JsonObject {
  const read = formats[mediaType(request) || 'application/json'];
  if (read === undefined) throw unsupported(Object.keys(formats));
  const value = read(request.body);
  if (!isObject(value)) throw badRequest('the body of the request is not an object');
  return value;
}

/**
 * The patch in a request's body, of the kind its content type names.
 *
 * @throws StatusError 415 for other content types, 400 for what cannot be read.
 */
export function patchIn(request: ApiRequest): { type: PatchType; body: unknown } {
  const accepted = Object.entries(patchTypes);
  const type = accepted.find(([name]) => name === mediaType(request))?.[1];
  if (type === undefined) throw unsupported(accepted.map(([name]) => name));
  const text = request.body.toString();
  return { type, body: type === 'apply' ? readYaml(text) : readJson(text) };
}

function mediaType({ headers }: ApiRequest): string {
  return headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '';
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`the body of the request is not JSON: ${messageOf(error)}`);
  }
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw badRequest(`the body of the request is not YAML: ${messageOf(error)}`);
  }
}

function unsupported(accepted: string[]) {
  return unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}
