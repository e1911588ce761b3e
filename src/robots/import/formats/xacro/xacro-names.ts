// Names that a xacro gives: properties, arguments, and what its expressions may call; and the files that they speak of.
import { optionText, UsageError } from "../../../../math/usage-error.js";
import type { ReadFile } from "../../geometry/triangle-mesh.js";
import { decodeText } from "../decode-text.js";
import type { XmlElement } from "../xml.js";
import { BUILTINS, MATH, pythonFunction, pythonNamespace } from "./python-functions.js";
import { str, type Value } from "./python-values.js";
import type { Scope } from "./scope.js";
import { evaluateText, typed } from "./xacro-text.js";
import { yamlValues } from "./yaml-values.js";

/** A property: a value, a text that is evaluated where it is first asked for, or a block. */
export type Property =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "text"; readonly text: string; readonly element: XmlElement; isOpen: boolean }
  | { readonly kind: "block"; readonly element: XmlElement }
  | { readonly kind: "namespace"; readonly properties: Scope<Property> };

/** Where files are looked for. */
export const NEAR = "in the robot's folder and packages, which no link may lead out of";
const MOST_EVALUATED = 10_000_000;

/** Names of one xacro while it is expanded, and texts evaluated with them. */
export class XacroNames {
  /** Files that are being read, as names from the main file's folder; the main file is "". */
  readonly files: string[] = [""];
  /** Arguments that the file asks for. */
  readonly declared = new Set<string>();
  /** Characters of texts that were evaluated. */
  private evaluated = 0;
  private readonly file: string;
  private readonly args: Map<string, string>;
  private readonly readFile: ReadFile;

  constructor(file: string, given: ReadonlyMap<string, string>, readFile: ReadFile) {
    this.file = file;
    this.args = new Map(given);
    this.readFile = readFile;
  }

  /** Read a `<xacro:arg>`. */
  argument(node: XmlElement, properties: Scope<Property>): void {
    const name = this.required(node, "name");
    this.declared.add(name);
    const fallback = node.attributes.get("default");
    if (!this.args.has(name) && fallback !== undefined)
      this.args.set(name, this.text(fallback, node, properties));
  }

  /** Read a `<xacro:property>`. */
  property(node: XmlElement, properties: Scope<Property>): void {
    const name = this.text(this.required(node, "name"), node, properties);
    const { attributes } = node;
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) || name.startsWith("__"))
      throw this.problem(node, `"${name}" cannot be the name of a property`);
    const fallback = attributes.get("default");
    const text = attributes.get("value") ?? fallback;
    if (attributes.get("remove") === "true") properties.remove(name);
    else if (text === undefined) properties.set(`**${name}`, { kind: "block", element: node });
    else if (fallback === undefined || !properties.find(name)) this.define(name, text, node, properties);
  }

  private define(name: string, text: string, node: XmlElement, properties: Scope<Property>): void {
    const { attributes } = node;
    const scope = attributes.get("scope");
    const isLazy = scope === undefined && !/^(false|0)$/i.test(attributes.get("lazy_eval") ?? "");
    const target =
      scope === "global" ? properties.top : scope === "parent" ? callerOf(properties) : properties;
    const value = isLazy ? text : this.value(text, node, properties);
    // what is evaluated where it is asked for is read twice, so that quotes make no text of a number
    const literal = isLazy ? asProperty(asProperty(value).value) : asProperty(value);
    const isOpen = isLazy && typeof literal.value === "string" && literal.value.includes("$");
    target.set(
      name,
      isOpen ? { kind: "text", text: String(literal.value), element: node, isOpen: false } : literal,
    );
  }

  /** An attribute that must be there. */
  required(node: XmlElement, attribute: string): string {
    const value = node.attributes.get(attribute);
    if (value !== undefined) return value;
    throw this.problem(node, `<${node.name}> lacks ${attribute}`);
  }

  /** The text that an attribute evaluates to. */
  text(source: string, node: XmlElement, properties: Scope<Property>): string {
    return str(this.value(source, node, properties));
  }

  /** The value that an attribute evaluates to. */
  value(source: string, node: XmlElement, properties: Scope<Property>): Value {
    if (!source.includes("$")) return source;
    this.evaluated += source.length;
    if (this.evaluated > MOST_EVALUATED)
      throw this.problem(node, `its expressions have more than ${MOST_EVALUATED / 1e6} million characters`);
    try {
      return evaluateText(source, {
        lookup: (name) => this.find(name, properties) ?? this.global(name),
        args: this.args,
        folder: folderOf(this.files.at(-1)!),
      });
    } catch (error) {
      if (error instanceof UsageError) throw error;
      throw this.problem(node, (error as Error).message);
    }
  }

  /** The value of a property; undefined where there is none. */
  find(name: string, properties: Scope<Property>): Value | undefined {
    const holder = properties.holderOf(name);
    const property = holder?.find(name);
    if (!holder || !property || property.kind === "block") return undefined;
    if (property.kind === "value") return property.value;
    if (property.kind === "namespace") {
      const inside = property.properties;
      return { kind: "namespace", get: (key: string) => this.find(key, inside) };
    }
    if (property.isOpen) throw this.problem(property.element, `the property "${name}" is defined by itself`);
    property.isOpen = true;
    const found = this.value(property.text, property.element, holder);
    const resolved = asProperty(found);
    holder.set(name, resolved);
    return resolved.value;
  }

  private global(name: string): Value | undefined {
    if (name === "math") return pythonNamespace(MATH);
    if (name === "python") return pythonNamespace(BUILTINS);
    if (name === "xacro") return pythonNamespace(this.ownFunctions());
    return BUILTINS.get(name) ?? MATH.get(name) ?? (name === "load_yaml" ? this.loadYaml() : undefined);
  }

  private ownFunctions(): ReadonlyMap<string, Value> {
    return new Map<string, Value>([
      ["load_yaml", this.loadYaml()],
      ["arg", pythonFunction(([name]) => this.args.get(str(name ?? "")) ?? null)],
      ["dotify", pythonFunction(([value]) => value ?? null)],
      ["abs_filename", pythonFunction(([name]) => beside(this.files.at(-1)!, str(name ?? "")))],
      ["message", pythonFunction(() => "")],
      ["warning", pythonFunction(() => "")],
      ["error", pythonFunction(() => "")],
      ["print_location", pythonFunction(() => "")],
      [
        "fatal",
        pythonFunction((words) => {
          throw new Error(words.map(str).join(" "));
        }),
      ],
      [
        "tokenize",
        pythonFunction(([text]) =>
          str(text ?? "")
            .split(/[,; ]/)
            .filter(Boolean),
        ),
      ],
    ]);
  }

  private loadYaml(): Value {
    return pythonFunction(([asked]) => {
      const name = beside(this.files.at(-1)!, str(asked ?? ""));
      const bytes = this.readFile(name);
      if (!bytes) throw new Error(`the file ${name} is not found ${NEAR}${this.whyMissing(name)}`);
      return yamlValues(decodeText(bytes, name));
    });
  }

  /** What may be the reason that a file is not found. */
  whyMissing(name: string): string {
    const packageName = /^package:\/\/([^/]+)/.exec(name)?.[1];
    const [argument, value] =
      [...this.args].find(
        ([key, text]) => this.declared.has(key) && text.length > 1 && name.includes(text),
      ) ?? [];
    if (argument !== undefined)
      return `; is the argument "${argument}" right, which is "${value}" (${optionText("arg", `${argument}:=VALUE`)})?`;
    return packageName === undefined ? "" : `; is the package "${packageName}" beside the robot's?`;
  }

  /** The error that says what is wrong at an element, and what expands everything. */
  problem({ file, line }: XmlElement, message: string): UsageError {
    return new UsageError(
      `${file}:${line}: ${message}. What armgym does not expand, ROS does: xacro ${this.file} > robot.urdf`,
    );
  }
}

/** The property that a value makes: a text may be a number or a truth value. */
export function asProperty(value: Value): Extract<Property, { readonly kind: "value" }> {
  return { kind: "value", value: typeof value === "string" ? propertyValue(value) : value };
}

/** What a property is whose text needs no evaluation: a number, a truth value, or the text without its quotes. */
function propertyValue(text: string): Value {
  return text.includes("_") && !text.startsWith("'") ? text : typed(text);
}

/** The properties around the call of a macro. */
function callerOf(properties: Scope<Property>): Scope<Property> {
  let scope = properties.parent ?? properties;
  if (!properties.isNamespace) while (scope.isNamespace && scope.parent) scope = scope.parent;
  return scope;
}

/** The name of a file that `from` names, as seen from the main file. */
export function beside(from: string, name: string): string {
  if (/^(?:[a-z]+:\/\/|[/\\])/i.test(name)) return name.replace(/^file:\/\/(?=package:)/, "");
  const folder = folderOf(from);
  const whole = folder === "" ? name : `${folder}/${name}`;
  const scheme = /^[a-z]+:\/\/[^/]+/.exec(whole)?.[0] ?? "";
  const parts: string[] = [];
  for (const part of whole.slice(scheme.length).split("/")) {
    if (part === "." || part === "") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return scheme === "" ? parts.join("/") : `${scheme}/${parts.join("/")}`;
}

function folderOf(name: string): string {
  return name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : "";
}
