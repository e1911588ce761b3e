// What of a URDF can be drawn: its links with their visual shapes, and joints of every kind.
import type { Element } from "@xmldom/xmldom";
import type { Quat } from "../../../math/quaternion.js";
import { UsageError } from "../../../math/usage-error.js";
import type { Vec3 } from "../../../math/vector.js";
import type { Color, SceneShape } from "../../../scene/scene.js";
import type { DescribedMimic } from "../description.js";
import { lineOf, parseUrdfXml, UrdfElements } from "./urdf-elements.js";

/** A `<link>` and what it is drawn as. */
export interface VisualLink {
  readonly name: string;
  readonly line: number;
  /** Its visual shapes, or else its collision shapes; meshes, which lie in files of their own, are left out. */
  readonly shapes: readonly SceneShape[];
  /** Whether it has meshes. */
  readonly hasMeshes: boolean;
}

/** Kinds of joints that URDF has. */
const JOINT_TYPES = ["revolute", "continuous", "prismatic", "fixed", "floating", "planar"] as const;

/** A `<joint>`. */
export interface VisualJoint {
  readonly name: string;
  readonly line: number;
  readonly type: (typeof JOINT_TYPES)[number];
  readonly parent: string;
  readonly child: string;
  /** Of the child in the parent where the joint is at 0, m. */
  readonly position: Vec3;
  readonly quaternion: Quat;
  /** Unit vector. */
  readonly axis: Vec3;
  /** rad or m; missing where there are none. */
  readonly limits?: readonly [lower: number, upper: number];
  readonly mimic?: DescribedMimic;
}

/** A URDF to be drawn. */
export interface UrdfVisuals {
  readonly name: string;
  readonly links: readonly VisualLink[];
  readonly joints: readonly VisualJoint[];
}

const GREY: Color = [0.78, 0.79, 0.81, 1];
/** No robot has more, and more could not be drawn. */
const MOST_LINKS = 1000;
const MOST_SHAPES = 5000;

/**
 * Read what of a URDF is drawn; `file` names it in errors.
 *
 * Masses, inertias, efforts and whatever else only a simulation needs may be missing or wrong. Throws a UsageError that names the line
 * of a mistake.
 */
export function readUrdfVisuals(text: string, file: string): UrdfVisuals {
  return new VisualReader(file).read(parseUrdfXml(text, file));
}

class VisualReader {
  private readonly file: string;
  private readonly xml: UrdfElements;
  /** Colours of materials that are given once for the whole robot. */
  private readonly colors = new Map<string, Color>();

  constructor(file: string) {
    this.file = file;
    this.xml = new UrdfElements(file);
  }

  read(root: Element): UrdfVisuals {
    const { xml, file } = this;
    if (root.tagName !== "robot") throw xml.mistake(root, `the root is <${root.tagName}>, expected <robot>`);
    for (const material of xml.children(root, "material")) {
      const color = this.color(material);
      if (color) this.colors.set(material.getAttribute("name") ?? "", color);
    }
    const links = xml.children(root, "link").map((element) => this.link(element));
    const joints = xml.children(root, "joint").map((element) => this.joint(element));
    if (links.length === 0) throw xml.mistake(root, "the robot has no <link>");
    const numShapes = links.reduce((sum, { shapes }) => sum + shapes.length, 0);
    if (links.length > MOST_LINKS || numShapes > MOST_SHAPES) {
      throw new UsageError(
        `${file} has ${links.length} links of ${numShapes} shapes, expected at most ${MOST_LINKS} of ${MOST_SHAPES}.`,
      );
    }
    requireDistinct(file, "link", links);
    requireDistinct(file, "joint", joints);
    return { name: root.getAttribute("name") || "robot", links, joints };
  }

  private link(element: Element): VisualLink {
    const visuals = this.xml.children(element, "visual");
    const drawn = visuals.flatMap((visual) => this.shape(visual) ?? []);
    const shapes =
      drawn.length > 0
        ? drawn
        : this.xml.children(element, "collision").flatMap((collision) => this.shape(collision) ?? []);
    return {
      name: this.xml.text(element, "name"),
      line: lineOf(element),
      shapes,
      hasMeshes: drawn.length < visuals.length,
    };
  }

  /** Undefined for a mesh. */
  private shape(element: Element): SceneShape | undefined {
    const geometry = this.xml.geometry(this.xml.needed(element, "geometry"));
    if (geometry.type === "mesh") return undefined;
    const pose = this.xml.origin(element);
    const material = this.xml.child(element, "material");
    const named = this.colors.get(material?.getAttribute("name") ?? "");
    const color = (material && this.color(material)) ?? named ?? GREY;
    return { ...geometry, ...pose, color };
  }

  private joint(element: Element): VisualJoint {
    const { xml } = this;
    const name = xml.text(element, "name");
    const given = xml.text(element, "type");
    const type = JOINT_TYPES.find((known) => known === given);
    if (!type)
      throw xml.mistake(element, `joint "${name}" is of type "${given}"; known: ${JOINT_TYPES.join(", ")}`);
    const { position, quaternion } = xml.origin(element);
    const axisElement = xml.child(element, "axis");
    const axis = axisElement ? xml.vector(axisElement, "xyz", [1, 0, 0]) : ([1, 0, 0] as const);
    const length = Math.hypot(...axis);
    const turns = type === "revolute" || type === "continuous" || type === "prismatic";
    if (turns && length < 1e-9) throw xml.mistake(axisElement!, `the axis of joint "${name}" is zero`);
    const limit = xml.child(element, "limit");
    const [lower, upper] = limit ? [xml.number(limit, "lower", 0), xml.number(limit, "upper", 0)] : [0, 0];
    const mimic = xml.mimic(element);
    return {
      ...{ name, line: lineOf(element), type },
      parent: xml.text(xml.needed(element, "parent"), "link"),
      child: xml.text(xml.needed(element, "child"), "link"),
      position,
      quaternion,
      axis: turns ? [axis[0] / length, axis[1] / length, axis[2] / length] : [1, 0, 0],
      ...(lower < upper && type !== "continuous" ? { limits: [lower, upper] as const } : {}),
      ...(mimic ? { mimic } : {}),
    };
  }

  /** Colour of a `<material>`; undefined where it has none that can be read. */
  private color(material: Element): Color | undefined {
    const text = this.xml.child(material, "color")?.getAttribute("rgba") ?? "";
    const values = text.trim().split(/\s+/).map(Number);
    if (text === "" || values.length !== 4 || !values.every(Number.isFinite)) return undefined;
    const [r, g, b, a] = values.map((value) => Math.max(0, Math.min(1, value)));
    return [r!, g!, b!, a!];
  }
}

function requireDistinct(
  file: string,
  kind: string,
  things: readonly { readonly name: string; readonly line: number }[],
): void {
  const names = new Set<string>();
  for (const { name, line } of things) {
    if (names.has(name)) throw new UsageError(`${file}:${line}: there are two ${kind}s "${name}".`);
    names.add(name);
  }
}
