// Macros of xacro: their parameters, with defaults, and blocks.
import type { XmlElement } from "../xml.js";
import { mistake } from "../xml-values.js";
import type { Scope } from "./scope.js";

/** A macro, or the macros of a file that was included under a name. */
export type Macro =
  | {
      readonly kind: "macro";
      readonly name: string;
      readonly body: XmlElement;
      readonly parameters: readonly Parameter[];
    }
  | { readonly kind: "namespace"; readonly macros: Scope<Macro> };

/** A parameter; the name of a block begins with "*" (the element), or with "**" (what is in it). */
export interface Parameter {
  readonly name: string;
  /** Text to evaluate where a call gives none. */
  readonly fallback?: string;
  /** Whether the property of the same name around the call goes before the fallback. */
  readonly isForwarded: boolean;
}

const PARAMETER =
  /^\s*([^\s:=]+?)\s*:?=\s*(\^\|?)?(\$\{[^}]*\}|\$\([^)]*\)|(?:'[^']*'|"[^"]*"|[^\s'"])+|)(?:\s+|$)/;
const BARE = /^\s*(\S+)/;
const MOST_LENGTH = 10_000;

/** Read a `<xacro:macro>`. */
export function readMacro(element: XmlElement): Extract<Macro, { readonly kind: "macro" }> {
  const name = (element.attributes.get("name") ?? "").replace(/^xacro:/, "");
  if (name === "" || name === "call" || name.includes("."))
    throw mistake(element, `a macro cannot be called "${name}"`);
  return { kind: "macro", name, body: element, parameters: readParameters(element) };
}

function readParameters(element: XmlElement): Parameter[] {
  let rest = element.attributes.get("params") ?? "";
  if (rest.length > MOST_LENGTH) throw mistake(element, "the params of the macro are too long");
  const parameters: Parameter[] = [];
  while (rest.trim() !== "") {
    const full = PARAMETER.exec(rest);
    if (full) {
      const [whole, name, forward, fallback] = full;
      const isForwarded = forward !== undefined;
      parameters.push({
        name: name!,
        isForwarded,
        ...(fallback || !isForwarded ? { fallback: fallback! } : {}),
      });
      rest = rest.slice(whole.length);
    } else {
      const [whole, name] = BARE.exec(rest)!;
      parameters.push({ name: name!, isForwarded: false });
      rest = rest.slice(whole.length);
    }
  }
  return parameters;
}
