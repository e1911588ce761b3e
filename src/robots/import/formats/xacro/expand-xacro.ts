// Expand a xacro: properties, arguments, macros, blocks, includes, conditions and expressions, as ROS's own program does.
import { didYouMean } from "../../../../math/nearest.js";
import { UsageError } from "../../../../math/usage-error.js";
import type { ReadFile } from "../../geometry/triangle-mesh.js";
import { decodeText } from "../decode-text.js";
import { parseXml, type XmlElement } from "../xml.js";
import { mistake } from "../xml-values.js";
import { type Macro, readMacro } from "./macro.js";
import { isTrue } from "./python-values.js";
import { Scope } from "./scope.js";
import { asProperty, beside, NEAR, type Property, XacroNames } from "./xacro-names.js";
import { typed } from "./xacro-text.js";

/** What a xacro is expanded with. */
interface XacroOptions {
  /** Values of arguments, by name; the others have the defaults that the file gives them. */
  readonly args?: ReadonlyMap<string, string>;
  /** Reads the files that it includes and loads; default: there are none. */
  readonly readFile?: ReadFile;
}

/** Where an element stands: names that it sees, and what becomes of `<xacro:attribute>`. */
interface Place {
  readonly macros: Scope<Macro>;
  readonly properties: Scope<Property>;
  readonly attributes: Map<string, string>;
}

/** Elements that are looked at, macros and includes within each other, and files, at most. */
const MOST_ELEMENTS = 200_000;
const MOST_DEPTH = 100;
const MOST_FILES = 300;
/** What no robot is made of, and what often depends on packages that are not there. */
const SKIPPED = new Set(["gazebo", "transmission", "ros2_control"]);

/** Elements that the first xacros had without their prefix, and what tells them from others of the name. */
const BARE: Readonly<Record<string, string>> = {
  ...{ include: "filename", macro: "name", property: "name" },
  ...{ if: "value", unless: "value", insert_block: "name" },
};

/** Whether a document needs to be expanded. */
export function isXacro(element: XmlElement): boolean {
  if (element.name.startsWith("xacro:")) return true;
  for (const [name, value] of element.attributes)
    if (/\$[{(]/.test(value) || (name.startsWith("xacro:") && name !== "xacro:targetNamespace")) return true;
  return element.children.some(isXacro);
}

/**
 * Return the document that the xacro `root`, read from `file`, expands to.
 *
 * Elements of macros and of other files know the line of the main file that brought them in. Throws a UsageError that names file and
 * line of what is wrong, missing or not known, and the command that expands everything.
 */
export function expandXacro(root: XmlElement, file: string, options: XacroOptions = {}): XmlElement {
  return new Expander(file, options).expand(root);
}

class Expander {
  private readonly file: string;
  private readonly names: XacroNames;
  private readonly readFile: ReadFile;
  private readonly given: ReadonlyMap<string, string>;
  private readonly documents = new Map<string, XmlElement>();
  private depth = 0;
  private numElements = 0;
  /** Line of the main file that is being expanded. */
  private mainLine = 0;

  constructor(file: string, { args = new Map(), readFile = () => undefined }: XacroOptions) {
    this.file = file;
    this.readFile = readFile;
    this.given = args;
    this.names = new XacroNames(file, args, readFile);
  }

  expand(root: XmlElement): XmlElement {
    const attributes = new Map<string, string>();
    const place = { macros: new Scope<Macro>(), properties: new Scope<Property>(), attributes };
    const children = this.children(root, place);
    // the root's own attributes may name arguments that its children declare
    const expanded = { ...this.element({ ...root, children: [] }, place), children };
    this.requireDeclared();
    const macros = root.children.filter(({ name }) => name === "xacro:macro");
    if (children.length > 0 || macros.length === 0) return expanded;
    const names = macros.map(({ attributes }) => attributes.get("name")).join(", ");
    throw mistake(root, `it only defines macros (${names}): give the file that calls them`);
  }

  /** Throw where an argument was given that the file does not ask for. */
  private requireDeclared(): void {
    const known = [...this.names.declared];
    for (const name of this.given.keys()) {
      if (known.includes(name)) continue;
      throw new UsageError(
        `${this.file} has no argument "${name}". ${didYouMean(name, known)}It has: ${known.join(", ") || "none"}.`,
      );
    }
  }

  /** An element that is not xacro's own, with its attributes evaluated and its children expanded. */
  private element(node: XmlElement, { macros, properties }: Place): XmlElement {
    const attributes = new Map<string, string>();
    for (const [name, value] of node.attributes)
      if (!name.startsWith("xacro:") && name !== "xmlns:xacro")
        attributes.set(name, this.names.text(value, node, properties));
    const children = SKIPPED.has(node.name) ? [] : this.children(node, { macros, properties, attributes });
    const { mainLine: _, ...own } = node;
    return { ...own, attributes, children, ...(node.file === this.file ? {} : { mainLine: this.mainLine }) };
  }

  private children(node: XmlElement, place: Place): XmlElement[] {
    return node.children.flatMap((child) => {
      this.numElements += 1;
      if (this.numElements > MOST_ELEMENTS)
        throw this.names.problem(child, `it expands to more than ${MOST_ELEMENTS} elements`);
      if (this.depth === 0) this.mainLine = child.line;
      return this.child(child, place);
    });
  }

  private child(node: XmlElement, place: Place): XmlElement[] {
    const name = ownName(node, place.macros);
    if (name === undefined) return [this.element(node, place)];
    switch (name) {
      case "xacro:property":
        this.names.property(node, place.properties);
        return [];
      case "xacro:macro": {
        const macro = readMacro(node);
        place.macros.set(macro.name, macro);
        return [];
      }
      case "xacro:arg":
        this.names.argument(node, place.properties);
        return [];
      case "xacro:if":
      case "xacro:unless": {
        const isKept = this.condition(node, place.properties) === (name === "xacro:if");
        return isKept ? this.children(node, place) : [];
      }
      case "xacro:include":
        return this.include(node, place);
      case "xacro:insert_block":
        return this.block(node, place);
      case "xacro:attribute":
        place.attributes.set(this.attribute(node, "name", place), this.attribute(node, "value", place));
        return [];
      case "xacro:element":
        return [this.element({ ...node, name: this.attribute(node, "xacro:name", place) }, place)];
      case "xacro:call": {
        const attributes = new Map(node.attributes);
        attributes.delete("macro");
        return this.call({ ...node, attributes }, this.attribute(node, "macro", place), place);
      }
      default:
        return this.call(node, name.slice("xacro:".length), place);
    }
  }

  private condition(node: XmlElement, properties: Scope<Property>): boolean {
    const source = this.names.required(node, "value");
    const found = this.names.value(source, node, properties);
    if (typeof found !== "string") return isTrue(found);
    const value = typed(found);
    if (typeof value === "boolean" || typeof value === "bigint") return isTrue(value);
    throw this.names.problem(node, `the condition "${source}" is "${found}", neither true nor false`);
  }

  /** The elements that a call of the macro `name` stands for. */
  private call(node: XmlElement, name: string, place: Place): XmlElement[] {
    const found = this.findMacro(node, name, place);
    const { macro } = found;
    const properties = new Scope(found.properties);
    const missing = new Map(macro.parameters.map((parameter) => [parameter.name, parameter]));
    for (const [key, text] of node.attributes) {
      if (!missing.delete(key))
        throw this.names.problem(node, `the macro "${name}" has no parameter "${key}"`);
      properties.set(key, asProperty(this.names.value(text, node, place.properties)));
    }
    const blocks = this.children(node, { ...place, attributes: new Map() });
    for (const { name: key } of macro.parameters) {
      if (!key.startsWith("*") || !missing.delete(key)) continue;
      const block = blocks.shift();
      if (!block) throw this.names.problem(node, `the macro "${name}" needs a block "${key}"`);
      properties.set(key, { kind: "block", element: block });
    }
    if (blocks[0]) throw this.names.problem(node, `the macro "${name}" has no use for <${blocks[0].name}>`);
    for (const parameter of missing.values()) {
      const { name: key, fallback, isForwarded } = parameter;
      const around = isForwarded ? this.names.find(key, found.properties) : undefined;
      if (around === undefined && fallback === undefined)
        throw this.names.problem(node, `the macro "${name}" lacks its parameter "${key}"`);
      const value = around ?? this.names.value(fallback!, node, found.properties);
      properties.set(key, asProperty(value));
    }
    return this.deeper(node, () =>
      this.children(macro.body, { ...place, macros: new Scope(found.macros), properties }),
    );
  }

  private findMacro(node: XmlElement, name: string, { macros, properties }: Place) {
    const direct = macros.find(name);
    if (direct?.kind === "macro") return { macro: direct, macros, properties };
    const parts = name.split(".");
    let [inMacros, inProperties]: [Scope<Macro>, Scope<Property>] = [macros, properties];
    for (const part of parts.slice(0, -1)) {
      const [space, names] = [inMacros.find(part), inProperties.find(part)];
      if (space?.kind !== "namespace" || names?.kind !== "namespace")
        throw this.names.problem(node, `<${node.name}>: there is no macro "${name}"`);
      [inMacros, inProperties] = [space.macros, names.properties];
    }
    const macro = inMacros.find(parts.at(-1)!);
    if (macro?.kind === "macro") return { macro, macros: inMacros, properties: inProperties };
    throw this.names.problem(node, `<${node.name}>: there is no macro "${name}"`);
  }

  private block(node: XmlElement, place: Place): XmlElement[] {
    const name = this.attribute(node, "name", place);
    const all = place.properties.find(`**${name}`);
    if (all?.kind === "block") return this.deeper(node, () => this.children(all.element, place));
    const one = place.properties.find(`*${name}`);
    if (one?.kind === "block") return this.deeper(node, () => [this.element(one.element, place)]);
    throw this.names.problem(node, `there is no block "${name}"`);
  }

  private include(node: XmlElement, place: Place): XmlElement[] {
    const written = this.attribute(node, "filename", place);
    const name = beside(this.names.files.at(-1)!, written);
    if (this.names.files.includes(name))
      throw this.names.problem(
        node,
        `${written} includes itself: ${[...this.names.files.slice(1), name].join(" -> ")}`,
      );
    const root = this.document(node, name, written);
    if (!root) return [];
    const space = node.attributes.get("ns");
    const { macros, properties } = space === undefined ? place : this.namespace(space, place);
    this.names.files.push(name);
    const children = this.deeper(node, () => this.element(root, { ...place, macros, properties }).children);
    this.names.files.pop();
    return [...children];
  }

  private namespace(name: string, place: Place) {
    const macros = new Scope<Macro>(undefined, true);
    const properties = new Scope(place.properties, true);
    place.macros.set(name, { kind: "namespace", macros });
    place.properties.set(name, { kind: "namespace", properties });
    return { macros, properties };
  }

  /** The root of an included file; undefined where it is not there and need not be. */
  private document(node: XmlElement, name: string, written: string): XmlElement | undefined {
    const known = this.documents.get(name);
    if (known) return known;
    if (this.documents.size >= MOST_FILES)
      throw this.names.problem(node, `it includes more than ${MOST_FILES} files`);
    const bytes = this.readFile(name);
    if (!bytes) {
      if (node.attributes.get("optional") === "true") return undefined;
      throw this.names.problem(
        node,
        `it includes ${written}, which is not found ${NEAR}${this.names.whyMissing(name)}`,
      );
    }
    const root = parseXml(decodeText(bytes, name), name);
    this.documents.set(name, root);
    return root;
  }

  private deeper<Result>(node: XmlElement, run: () => Result): Result {
    if (this.depth >= MOST_DEPTH)
      throw this.names.problem(node, `macros and includes lie more than ${MOST_DEPTH} deep in each other`);
    this.depth += 1;
    const result = run();
    this.depth -= 1;
    return result;
  }

  private attribute(node: XmlElement, attribute: string, { properties }: Place): string {
    return this.names.text(this.names.required(node, attribute), node, properties);
  }
}

/** Name of one of xacro's own elements, with its prefix; undefined for another. */
function ownName({ name, attributes }: XmlElement, macros: Scope<Macro>): string | undefined {
  if (name.startsWith("xacro:")) return name;
  const key = Object.hasOwn(BARE, name) ? BARE[name] : undefined;
  const macro = macros.find(name);
  const isBareCall = macro?.kind === "macro" && macro.body.name === "macro";
  return (key !== undefined && attributes.has(key)) || isBareCall ? `xacro:${name}` : undefined;
}
