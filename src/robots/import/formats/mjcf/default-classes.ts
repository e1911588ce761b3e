// Default classes: attributes that elements of a kind have where they do not say otherwise.
import { didYouMean } from "../../../../math/nearest.js";
import { UsageError } from "../../../../math/usage-error.js";
import type { XmlElement } from "../xml.js";
import { mistake } from "../xml-values.js";
import { ROTATIONS } from "./poses.js";

/** Attributes by kind of element. */
type ClassAttributes = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Attributes of several numbers of which an element may give the first ones only and inherit the rest. */
const PARTIAL = new Set(["size", "gear", "friction", "gainprm", "biasprm", "dynprm"]);
/** All actuators share one set of defaults, whatever they are called. */
const ACTUATORS = [
  ...["general", "motor", "position", "velocity", "intvelocity", "damper"],
  ...["cylinder", "muscle", "adhesion", "dcmotor", "plugin"],
] as const;

/** Whether an element is an actuator. */
export function isActuator({ name }: XmlElement): boolean {
  return ACTUATORS.some((known) => known === name);
}

/** The default classes of a file. */
export class DefaultClasses {
  private readonly classes = new Map<string, ClassAttributes>([["main", new Map()]]);
  /** Elements about actuators of each class, outermost first. */
  private readonly actuators = new Map<string, readonly XmlElement[]>([["main", []]]);

  /** Read all top `<default>` elements of the file. */
  constructor(sections: readonly XmlElement[]) {
    for (const section of sections) this.read(section, "main");
  }

  /** Return `element` with what its class gives; `childClass` is that of the bodies around it, `kind` its name in classes. */
  apply(element: XmlElement, childClass?: string, kind = element.name): XmlElement {
    const inherited = this.classes.get(this.classOf(element, childClass))!.get(kind);
    return inherited ? { ...element, attributes: merged(inherited, element.attributes) } : element;
  }

  /** Return the elements that say what an actuator is, one after the other, the actuator itself last. */
  actuatorElements(element: XmlElement): readonly XmlElement[] {
    return [...this.actuators.get(this.classOf(element))!, element];
  }

  /** Throw a UsageError where `element` names a class that is not there. */
  check(element: XmlElement, name: string): void {
    if (this.classes.has(name)) return;
    const names = [...this.classes.keys()];
    throw new UsageError(
      `${element.file}:${element.line}: there is no default class "${name}". ${didYouMean(name, names)}` +
        `It has: ${names.join(", ")}.`,
    );
  }

  private classOf(element: XmlElement, childClass = "main"): string {
    const name = element.attributes.get("class") ?? childClass;
    this.check(element, name);
    return name;
  }

  /** Read a `<default>` element, which `parent` gives what it does not say. */
  private read(section: XmlElement, parent: string | undefined, isTop = true): void {
    const name = section.attributes.get("class") ?? (isTop ? "main" : undefined);
    if (!name) throw mistake(section, "a <default> inside another one lacks class");
    if (isTop && name !== "main") {
      throw mistake(section, `the outermost <default> is the class "main", not "${name}"`);
    }
    if (!isTop && this.classes.has(name)) {
      throw mistake(section, `there are two default classes "${name}"`);
    }
    const attributes = new Map(this.classes.get(parent!)!);
    const actuators = [...this.actuators.get(parent!)!];
    for (const child of section.children) {
      if (child.name === "default") continue;
      if (isActuator(child)) actuators.push(child);
      const before = attributes.get(child.name) ?? new Map<string, string>();
      attributes.set(child.name, merged(before, child.attributes));
    }
    this.classes.set(name, attributes);
    this.actuators.set(name, actuators);
    for (const child of section.children) if (child.name === "default") this.read(child, name, false);
  }
}

/** Attributes `own`, and those of `inherited` that they leave open. */
function merged(
  inherited: ReadonlyMap<string, string>,
  own: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const result = new Map(inherited);
  if (ROTATIONS.some((way) => own.has(way))) for (const way of ROTATIONS) result.delete(way);
  for (const [key, value] of own) {
    const before = inherited.get(key);
    result.set(key, before !== undefined && PARTIAL.has(key) ? overlaid(before, value) : value);
  }
  return result;
}

function overlaid(before: string, value: string): string {
  const given = value.trim().split(/\s+/);
  return [...given, ...before.trim().split(/\s+/).slice(given.length)].join(" ");
}
