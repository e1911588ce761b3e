// Elements of a URDF: its XML, and numbers, vectors, places and shapes in it, every mistake told with its line.
import { DOMParser, type Element } from "@xmldom/xmldom";
import { UsageError } from "../../../math/usage-error.js";
import type { Vec3 } from "../../../math/vector.js";
import type { DescribedGeometry, DescribedMimic, Pose } from "../description.js";
import { quaternionFromRpy } from "./urdf-rpy.js";

/** Largest text that is read, bytes: robots take some 100 kB, meshes lie in files of their own. */
export const MAX_URDF_BYTES = 10_000_000;

/** Parse `text`; `file` names it in errors. Document types and entities are refused: a robot needs none. */
export function parseUrdfXml(text: string, file: string): Element {
  if (text.length > MAX_URDF_BYTES) {
    throw new UsageError(`${file} is larger than ${MAX_URDF_BYTES / 1e6} MB: no robot description is.`);
  }
  const declaration = /<!(DOCTYPE|ENTITY)/i.exec(text);
  if (declaration) {
    const line = text.slice(0, declaration.index).split("\n").length;
    throw new UsageError(
      `${file}:${line}: <!${declaration[1]} is refused: a robot description needs no entities. Take it out.`,
    );
  }
  return parseXml(text, file);
}

function parseXml(text: string, file: string): Element {
  let complaint: string | undefined;
  try {
    const onError = (_level: string, message: string, context: { locator?: { lineNumber?: number } }) => {
      complaint ??= `${file}:${context.locator?.lineNumber ?? 1}: not well-formed XML: ${message.trim()}`;
      throw new Error(message);
    };
    const root = new DOMParser({ onError }).parseFromString(text, "text/xml").documentElement;
    if (root) return root;
  } catch (error) {
    complaint ??= `${file}: not well-formed XML: ${error instanceof Error ? error.message : String(error)}`;
  }
  throw new UsageError(`${complaint ?? `${file} has no root element`}.`);
}

/** Reads what elements hold. */
export class UrdfElements {
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  /** Read what a `<geometry>` holds. */
  geometry(element: Element): DescribedGeometry {
    const shape = elements(element)[0];
    if (!shape) throw this.mistake(element, "<geometry> is empty");
    const positive = (value: number) => {
      if (value > 0) return value;
      throw this.mistake(shape, `<${shape.tagName}> has a size of ${value} m, expected more than 0`);
    };
    switch (shape.tagName) {
      case "box": {
        const [x, y, z] = this.vector(shape, "size");
        return { type: "box", size: [positive(x), positive(y), positive(z)] };
      }
      case "sphere":
        return { type: "sphere", radius: positive(this.number(shape, "radius")) };
      case "cylinder":
      case "capsule":
        return {
          type: "cylinder",
          radius: positive(this.number(shape, "radius")),
          length: positive(this.number(shape, "length")),
        };
      case "mesh":
        return {
          type: "mesh",
          filename: this.text(shape, "filename"),
          scale: this.vector(shape, "scale", [1, 1, 1]),
        };
      default:
        throw this.mistake(shape, `unknown shape <${shape.tagName}>; known: box, sphere, cylinder, mesh`);
    }
  }

  /** Read the `<origin>` of an element. */
  origin(element: Element): Pose {
    const origin = this.child(element, "origin");
    if (!origin) return { position: [0, 0, 0], quaternion: [0, 0, 0, 1] };
    return {
      position: this.vector(origin, "xyz", [0, 0, 0]),
      quaternion: quaternionFromRpy(this.vector(origin, "rpy", [0, 0, 0])),
    };
  }

  /** How a `<joint>` follows another one; undefined where it does not. */
  mimic(element: Element): DescribedMimic | undefined {
    const mimic = this.child(element, "mimic");
    return (
      mimic && {
        joint: this.text(mimic, "joint"),
        multiplier: this.number(mimic, "multiplier", 1),
        offset: this.number(mimic, "offset", 0),
      }
    );
  }

  /** Read three numbers; `fallback` where there are none. */
  vector(element: Element, attribute: string, fallback?: Vec3): Vec3 {
    const text = element.getAttribute(attribute);
    if (text === null && fallback) return fallback;
    const values = (text ?? "").trim().split(/\s+/).map(toNumber);
    if (values.length !== 3 || values.some((value) => !Number.isFinite(value))) {
      throw this.mistake(
        element,
        `${attribute}="${text ?? ""}" of <${element.tagName}> is not three numbers${hint(text)}`,
      );
    }
    return values as unknown as Vec3;
  }

  /** Read a finite number; `fallback` where there is none. */
  number(element: Element, attribute: string, fallback?: number): number {
    const text = element.getAttribute(attribute);
    if (text === null && fallback !== undefined) return fallback;
    const value = toNumber(text ?? "");
    if (Number.isFinite(value)) return value;
    throw this.mistake(
      element,
      text === null
        ? `<${element.tagName}> lacks ${attribute}`
        : `${attribute}="${text}" of <${element.tagName}> is not a number${hint(text)}`,
    );
  }

  /** Read a text that is not empty. */
  text(element: Element, attribute: string): string {
    const value = element.getAttribute(attribute);
    if (value) return value;
    throw this.mistake(element, `<${element.tagName}> lacks ${attribute}`);
  }

  /** Return the first child of a kind; throws where there is none. */
  needed(element: Element, tag: string): Element {
    const child = this.child(element, tag);
    if (child) return child;
    throw this.mistake(element, `<${element.tagName}> lacks <${tag}>`);
  }

  /** Return the first child of a kind. */
  child(element: Element, tag: string): Element | undefined {
    return this.children(element, tag)[0];
  }

  /** Return all children of a kind. */
  children(element: Element, tag: string): Element[] {
    return elements(element).filter(({ tagName }) => tagName === tag);
  }

  /** Return the error that says what is wrong with an element. */
  mistake(element: Element, message: string): UsageError {
    return new UsageError(`${this.file}:${lineOf(element)}: ${message}.`);
  }
}

function elements(parent: Element): Element[] {
  const result: Element[] = [];
  for (let node = parent.firstChild; node; node = node.nextSibling) {
    if (node.nodeType === 1) result.push(node as Element);
  }
  return result;
}

/** Line of the text that an element begins in. */
export function lineOf(element: Element): number {
  return element.lineNumber ?? 0;
}

function toNumber(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

function hint(text: string | null): string {
  return text?.includes("${") ? "; expand the xacro first: xacro robot.xacro > robot.urdf" : "";
}
