// Read a URDF text into links and joints as written, every mistake told with its line.
import { DOMParser, type Element } from "@xmldom/xmldom";
import { UsageError } from "../../math/usage-error.js";
import type { Vec3 } from "../../math/vector.js";

/** Largest text that is read, bytes: robots take some 100 kB, meshes lie in files of their own. */
export const MAX_URDF_BYTES = 10_000_000;

/** A place in the parent's frame: metres, and roll, pitch, yaw about the fixed x, y, z axes, rad. */
export interface UrdfPose {
  readonly xyz: Vec3;
  readonly rpy: Vec3;
}

/** A collision shape as written; sizes in m. */
export type UrdfGeometry =
  | { readonly type: "box"; readonly size: Vec3 }
  | { readonly type: "sphere"; readonly radius: number }
  | { readonly type: "cylinder"; readonly radius: number; readonly length: number }
  | { readonly type: "mesh"; readonly filename: string; readonly scale: Vec3 };

/** A `<link>`. */
export interface UrdfLink {
  readonly name: string;
  readonly line: number;
  readonly inertial?: {
    readonly origin: UrdfPose;
    readonly mass: number;
    /** xx, yy, zz, xy, xz, yz, kg m² */
    readonly inertia: readonly [number, number, number, number, number, number];
  };
  readonly collisions: readonly {
    readonly line: number;
    readonly origin: UrdfPose;
    readonly geometry: UrdfGeometry;
  }[];
}

/** A `<joint>`. */
export interface UrdfJoint {
  readonly name: string;
  readonly line: number;
  readonly type: "revolute" | "continuous" | "prismatic" | "fixed";
  readonly parent: string;
  readonly child: string;
  readonly origin: UrdfPose;
  /** Unit vector. */
  readonly axis: Vec3;
  readonly limit?: {
    readonly lower: number;
    readonly upper: number;
    readonly effort: number;
    readonly velocity: number;
  };
  readonly mimic?: { readonly joint: string; readonly multiplier: number; readonly offset: number };
  readonly damping: number;
  readonly friction: number;
}

/** A URDF as written. */
export interface UrdfDocument {
  readonly name: string;
  readonly links: readonly UrdfLink[];
  readonly joints: readonly UrdfJoint[];
}

/** Parse `text`; `file` names it in errors. Document types and entities are refused: a robot needs none. */
export function parseUrdf(text: string, file: string): UrdfDocument {
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
  return new UrdfReader(file).read(parseXml(text, file));
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

class UrdfReader {
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  read(root: Element): UrdfDocument {
    if (root.tagName !== "robot") {
      throw this.mistake(root, `the root is <${root.tagName}>, expected <robot>`);
    }
    const links = this.children(root, "link").map((element) => this.link(element));
    const joints = this.children(root, "joint").map((element) => this.joint(element));
    for (const [kind, things] of [
      ["link", links],
      ["joint", joints],
    ] as const) {
      const names = new Set<string>();
      for (const { name, line } of things) {
        if (names.has(name)) throw new UsageError(`${this.file}:${line}: there are two ${kind}s "${name}".`);
        names.add(name);
      }
    }
    if (links.length === 0) throw this.mistake(root, "the robot has no <link>");
    return { name: root.getAttribute("name") ?? "robot", links, joints };
  }

  private link(element: Element): UrdfLink {
    const name = this.text(element, "name");
    const inertial = this.child(element, "inertial");
    const line = lineOf(element);
    return {
      name,
      line,
      ...(inertial ? { inertial: this.inertial(inertial, name) } : {}),
      collisions: this.children(element, "collision").map((collision) => {
        const geometry = this.needed(collision, "geometry");
        return {
          line: lineOf(collision),
          origin: this.origin(collision),
          geometry: this.geometry(geometry),
        };
      }),
    };
  }

  private inertial(element: Element, link: string): NonNullable<UrdfLink["inertial"]> {
    const massElement = this.needed(element, "mass");
    const mass = this.number(massElement, "value");
    if (!(mass > 0)) {
      throw this.mistake(massElement, `link "${link}" has a mass of ${mass} kg, expected more than 0`);
    }
    const inertia = this.needed(element, "inertia");
    const [xx, yy, zz, xy, xz, yz] = ["ixx", "iyy", "izz", "ixy", "ixz", "iyz"].map((entry, index) =>
      this.number(inertia, entry, index < 3 ? undefined : 0),
    ) as [number, number, number, number, number, number];
    // Sylvester: all leading minors of a positive definite matrix are positive
    const determinant = xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz);
    if (!(xx > 0 && xx * yy - xy * xy > 0 && determinant > 0)) {
      throw this.mistake(inertia, `the inertia of link "${link}" is not positive definite: no body has it`);
    }
    return { origin: this.origin(element), mass, inertia: [xx, yy, zz, xy, xz, yz] };
  }

  private geometry(element: Element): UrdfGeometry {
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

  private joint(element: Element): UrdfJoint {
    const name = this.text(element, "name");
    const type = this.text(element, "type");
    if (type !== "revolute" && type !== "continuous" && type !== "prismatic" && type !== "fixed") {
      throw this.mistake(
        element,
        `joint "${name}" is of type "${type}"; known: revolute, continuous, prismatic, fixed`,
      );
    }
    const axisElement = this.child(element, "axis");
    const axis = axisElement ? this.vector(axisElement, "xyz", [1, 0, 0]) : ([1, 0, 0] as const);
    const length = Math.hypot(...axis);
    if (type !== "fixed" && length < 1e-9)
      throw this.mistake(axisElement!, `the axis of joint "${name}" is zero`);
    const limitElement = this.child(element, "limit");
    if (!limitElement && (type === "revolute" || type === "prismatic")) {
      throw this.mistake(element, `joint "${name}" has no <limit>; a ${type} joint needs one`);
    }
    const limit = limitElement && {
      lower: this.number(limitElement, "lower", 0),
      upper: this.number(limitElement, "upper", 0),
      effort: this.number(limitElement, "effort", 0),
      velocity: this.number(limitElement, "velocity", 0),
    };
    if (limit && (type === "revolute" || type === "prismatic") && !(limit.lower < limit.upper)) {
      throw this.mistake(
        limitElement,
        `joint "${name}" runs from ${limit.lower} to ${limit.upper}: the lower limit must lie below the upper`,
      );
    }
    const mimic = this.child(element, "mimic");
    const dynamics = this.child(element, "dynamics");
    return {
      name,
      line: lineOf(element),
      type,
      parent: this.text(this.needed(element, "parent"), "link"),
      child: this.text(this.needed(element, "child"), "link"),
      origin: this.origin(element),
      axis: [axis[0] / length, axis[1] / length, axis[2] / length],
      ...(limit ? { limit } : {}),
      ...(mimic
        ? {
            mimic: {
              joint: this.text(mimic, "joint"),
              multiplier: this.number(mimic, "multiplier", 1),
              offset: this.number(mimic, "offset", 0),
            },
          }
        : {}),
      damping: dynamics ? this.number(dynamics, "damping", 0) : 0,
      friction: dynamics ? this.number(dynamics, "friction", 0) : 0,
    };
  }

  private origin(element: Element): UrdfPose {
    const origin = this.child(element, "origin");
    if (!origin) return { xyz: [0, 0, 0], rpy: [0, 0, 0] };
    return { xyz: this.vector(origin, "xyz", [0, 0, 0]), rpy: this.vector(origin, "rpy", [0, 0, 0]) };
  }

  private vector(element: Element, attribute: string, fallback?: Vec3): Vec3 {
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

  private number(element: Element, attribute: string, fallback?: number): number {
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

  private text(element: Element, attribute: string): string {
    const value = element.getAttribute(attribute);
    if (value) return value;
    throw this.mistake(element, `<${element.tagName}> lacks ${attribute}`);
  }

  private needed(element: Element, tag: string): Element {
    const child = this.child(element, tag);
    if (child) return child;
    throw this.mistake(element, `<${element.tagName}> lacks <${tag}>`);
  }

  private child(element: Element, tag: string): Element | undefined {
    return this.children(element, tag)[0];
  }

  private children(element: Element, tag: string): Element[] {
    return elements(element).filter(({ tagName }) => tagName === tag);
  }

  private mistake(element: Element, message: string): UsageError {
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

function lineOf(element: Element): number {
  return element.lineNumber ?? 0;
}

function toNumber(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

function hint(text: string | null): string {
  return text?.includes("${") ? "; expand the xacro first: xacro robot.xacro > robot.urdf" : "";
}
