// Elements of a COLLADA document, found by name and by id.
import type { XmlElement } from "../formats/xml.js";

/** List the children of `parent` that are called `name`; none where there is no parent. */
export function childrenOf(parent: XmlElement | undefined, name: string): XmlElement[] {
  return parent?.children.filter((element) => element.name === name) ?? [];
}

/** Return the first child by the first name, its first child by the second name and so on; undefined where one is not there. */
export function firstOf(parent: XmlElement | undefined, ...names: readonly string[]): XmlElement | undefined {
  let found = parent;
  for (const name of names) found = found?.children.find((element) => element.name === name);
  return found;
}

/** Return all elements that have an id, by it. */
export function withId(root: XmlElement): ReadonlyMap<string, XmlElement> {
  const ids = new Map<string, XmlElement>();
  const waiting = [root];
  for (let element = waiting.pop(); element; element = waiting.pop()) {
    const id = element.attributes.get("id");
    if (id !== undefined) ids.set(id, element);
    waiting.push(...element.children);
  }
  return ids;
}

/** Read the numbers that an element holds; none where there is no element. */
export function numbersOf(element: XmlElement | undefined): Float64Array {
  const text = element?.text.trim() ?? "";
  return text === "" ? new Float64Array(0) : Float64Array.from(text.split(/\s+/), Number);
}
