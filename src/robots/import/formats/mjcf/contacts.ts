// Which links of the robot never touch each other: pairs that are excluded, and pairs whose bits do not match.
import type { XmlElement } from "../xml.js";
import { childrenOf, textOf } from "../xml-values.js";
import type { MjcfGeom } from "./geoms.js";

/** With more links their pairs are not compared: they would be millions. */
const MOST_LINKS = 300;

/** Return the names of the geoms that contact pairs name. */
export function pairedGeoms(sections: readonly XmlElement[]): ReadonlySet<string> {
  return new Set(
    sections
      .flatMap((section) => childrenOf(section, "pair"))
      .flatMap(({ attributes }) => [attributes.get("geom1") ?? "", attributes.get("geom2") ?? ""]),
  );
}

/** Return the pairs of links that never touch; `touching` are the geoms of each link. */
export function neverTouching(
  sections: readonly XmlElement[],
  touching: ReadonlyMap<string, readonly MjcfGeom[]>,
): [string, string][] {
  const pairs = new Map<string, [string, string]>();
  const add = (a: string, b: string) => void pairs.set([a, b].toSorted().join("\n"), [a, b]);
  for (const exclude of sections.flatMap((section) => childrenOf(section, "exclude"))) {
    const [a, b] = [textOf(exclude, "body1"), textOf(exclude, "body2")];
    if (touching.has(a) && touching.has(b)) add(a, b);
  }
  const solid = [...touching].filter(([, geoms]) => geoms.length > 0);
  if (solid.length > MOST_LINKS) return [...pairs.values()];
  const paired = contactPairs(sections, touching);
  const bits = solid.map(([, geoms]) => ({
    contype: geoms.reduce((all, { contype }) => all | contype, 0),
    conaffinity: geoms.reduce((all, { conaffinity }) => all | conaffinity, 0),
  }));
  for (const [k, [a]] of solid.entries()) {
    for (let l = k + 1; l < solid.length; l++) {
      const [b] = solid[l]!;
      const touch = (bits[k]!.contype & bits[l]!.conaffinity) | (bits[l]!.contype & bits[k]!.conaffinity);
      if (touch === 0 && !paired.has(`${a}\n${b}`) && !paired.has(`${b}\n${a}`)) add(a, b);
    }
  }
  return [...pairs.values()];
}

/** Pairs of links whose geoms a contact pair names. */
function contactPairs(
  sections: readonly XmlElement[],
  touching: ReadonlyMap<string, readonly MjcfGeom[]>,
): ReadonlySet<string> {
  const linkOf = new Map(
    [...touching].flatMap(([link, geoms]) =>
      geoms.flatMap(({ name }) => (name ? [[name, link] as const] : [])),
    ),
  );
  return new Set(
    sections
      .flatMap((section) => childrenOf(section, "pair"))
      .map(
        ({ attributes }) =>
          `${linkOf.get(attributes.get("geom1") ?? "")}\n${linkOf.get(attributes.get("geom2") ?? "")}`,
      ),
  );
}
