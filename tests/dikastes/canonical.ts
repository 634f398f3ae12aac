import type { Message } from '../../fixtures/dikastes/protocol/messages.ts';

/**
 * A snapshot of PolicySync in a form in which two are equal exactly when they say the same: whatever order they say
 * it in, and however they call their IP sets, as long as it is one name for one set. Ids of rules are left out,
 * since nobody but Felix reads them, and so is how a policy's own selector is put.
 */
export function canonical(messages: readonly Message[]): unknown {
  const names = new Map<string, string>();
  const named = (ids: readonly string[]) =>
    ids.map((id) => {
      if (!names.has(id)) names.set(id, `set ${names.size + 1}`);
      return names.get(id);
    });
  const told = messages
    .filter((message) => !('ipsetUpdate' in message) && !('inSync' in message))
    .toSorted(bySubject)
    .map((message) =>
      mapped(message, (key, value) => {
        // On the wire a field that is nought is no field; what nobody reads is not compared.
        if (key === 'ruleId' || value === 0) return undefined;
        // Felix keeps a double negation where there were parentheses between.
        if (key === 'originalSelector') return String(value).replaceAll('!!', '');
        return key.endsWith('IpSetIds') || key === 'dstIpPortSetIds' ? named(value as string[]) : value;
      }),
    );
  const sets = messages
    .flatMap((message) => ('ipsetUpdate' in message ? [message.ipsetUpdate] : []))
    .map(({ id, type, members = [] }) => ({
      id: names.get(id) ?? `unused ${id}`,
      type,
      members: members.toSorted(),
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { told, sets };
}

/** What the recorder wrote, with names of fields as `messages.ts` has them. */
export function fromRecorder(recorded: unknown): Message[] {
  return camel(recorded) as Message[];
}

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      // The names in these are data.
      key === 'labels' || key === 'annotations' ? inner : camel(inner),
    ]),
  );
}

function mapped(value: unknown, change: (key: string, value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapped(item, change));
  if (typeof value !== 'object' || value === null) return value;
  // Sorted, so that sets are named in one order whatever the order of the fields.
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.flatMap(([key, inner]) => {
      const changed = change(key, inner);
      return changed === undefined ? [] : [[key, mapped(changed, change)]];
    }),
  );
}

function bySubject(a: Message, b: Message): number {
  const [one, other] = [a, b].map((message) =>
    JSON.stringify(
      Object.entries(message).map(([kind, { id }]) => [kind, Object.entries(id ?? {}).toSorted()]),
    ),
  );
  return one! < other! ? -1 : 1;
}
