// Assumptions that are the same for several joints or links, told once.

/** Names that are listed, at most. */
const MOST_NAMES = 8;

/** Return the sentences in order, those that differ only in the joint or link that they begin with as one: `joint "a" (also "b") ...`. */
export function groupAssumptions(sentences: readonly string[]): string[] {
  const groups = new Map<
    string,
    { readonly kind: string; readonly names: string[]; readonly rest: string }
  >();
  for (const sentence of sentences) {
    const [, kind = "", name = "", rest = sentence] = /^(joint|link) ("[^"]*")(.*)$/s.exec(sentence) ?? [];
    const key = `${kind}\n${rest}`;
    const group = groups.get(key) ?? { kind, names: [], rest };
    if (!group.names.includes(name)) group.names.push(name);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ kind, names, rest }) => {
    const [first, ...others] = names;
    if (kind === "") return rest;
    const surplus = others.length > MOST_NAMES ? ` and ${others.length - MOST_NAMES} more` : "";
    const also = others.length > 0 ? ` (also ${others.slice(0, MOST_NAMES).join(", ")}${surplus})` : "";
    return `${kind} ${first}${also}${rest}`;
  });
}
