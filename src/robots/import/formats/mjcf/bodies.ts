// The tree of bodies: what hangs on what, with frames, default classes and names settled.

import { rotateVector } from "../../../../math/quaternion.js";
import { UsageError } from "../../../../math/usage-error.js";
import { scale, type Vec3 } from "../../../../math/vector.js";
import type { Pose } from "../../description.js";
import type { XmlElement } from "../xml.js";
import { mainLine, mistake, numberOf, numbersOf, vectorOf } from "../xml-values.js";
import { type CompilerSettings, choice } from "./compiler.js";
import type { DefaultClasses } from "./default-classes.js";
import { compose, NO_POSE, poseOf } from "./poses.js";

/** A rigid body; what it holds is placed in its frame. */
export interface MjcfBody {
  /** Unique among bodies. */
  readonly name: string;
  readonly element: XmlElement;
  /** Line of the main file. */
  readonly line: number;
  /** In its parent's frame. */
  readonly pose: Pose;
  readonly joints: readonly MjcfJoint[];
  readonly geoms: readonly MjcfPart[];
  readonly sites: readonly MjcfPart[];
  readonly inertial?: XmlElement;
  readonly bodies: readonly MjcfBody[];
}

/** A joint of a body with its parent. */
export interface MjcfJoint {
  /** Unique among joints. */
  readonly name: string;
  /** With the attributes of its class. */
  readonly element: XmlElement;
  readonly line: number;
  readonly type: "hinge" | "slide" | "ball" | "free";
  /** Point that it turns about, in the body's frame, m. */
  readonly anchor: Vec3;
  /** Unit vector in the body's frame. */
  readonly axis: Vec3;
  /** Missing where nothing limits it; rad or m. */
  readonly range?: readonly [lower: number, upper: number];
  /** Position where the body stands as the file places it, rad or m. */
  readonly reference: number;
}

/** A geom or site. */
export interface MjcfPart {
  /** With the attributes of its class. */
  readonly element: XmlElement;
  /** Of the `<frame>`s around it, in its body's frame. */
  readonly frame: Pose;
}

/** All bodies of a file. */
export interface MjcfTree {
  /** Bodies that stand in the world. */
  readonly bodies: readonly MjcfBody[];
  /** Number of geoms that belong to the world itself. */
  readonly numWorldGeoms: number;
  /** All joints in the order of the model's coordinates. */
  readonly joints: readonly MjcfJoint[];
  readonly notes: readonly string[];
}

/** No robot has more. */
const MAX_BODIES = 5000;

/** Read all `<worldbody>` elements. */
export function readBodies(
  sections: readonly XmlElement[],
  settings: CompilerSettings,
  classes: DefaultClasses,
): MjcfTree {
  return new BodyReader(settings, classes).read(sections);
}

/** What an element takes over from those around it. */
interface Surroundings {
  readonly frame: Pose;
  readonly childClass?: string;
}

/** What is collected of a body. */
interface Contents {
  readonly joints: MjcfJoint[];
  readonly geoms: MjcfPart[];
  readonly sites: MjcfPart[];
  readonly bodies: MjcfBody[];
  inertial?: XmlElement;
}

class BodyReader {
  private readonly settings: CompilerSettings;
  private readonly classes: DefaultClasses;
  private readonly bodyNames = new Set<string>(["world"]);
  private readonly jointNames = new Set<string>();
  private readonly joints: MjcfJoint[] = [];
  private readonly leftOut = new Map<string, number>();
  private numBodies = 0;

  constructor(settings: CompilerSettings, classes: DefaultClasses) {
    this.settings = settings;
    this.classes = classes;
  }

  read(sections: readonly XmlElement[]): MjcfTree {
    const world = emptyContents();
    for (const section of sections) {
      const childClass = section.attributes.get("childclass");
      this.fill(world, section, { frame: NO_POSE, ...(childClass ? { childClass } : {}) }, "world");
    }
    const notes = [...this.leftOut].map(([name, count]) => `<${name}> is not read: ${count} left out`);
    return { bodies: world.bodies, numWorldGeoms: world.geoms.length, joints: this.joints, notes };
  }

  /** Read what is in `element`, a body, a frame or the world, into `contents`. */
  private fill(contents: Contents, element: XmlElement, around: Surroundings, body: string): void {
    // joints of a body come before those of the bodies on it, wherever they are written
    const later: (() => void)[] = [];
    for (const child of element.children) {
      switch (child.name) {
        case "body":
          later.push(() => void contents.bodies.push(this.body(child, around)));
          break;
        case "frame":
          later.push(() => this.frame(contents, child, around, body));
          break;
        case "joint":
        case "freejoint":
          contents.joints.push(this.joint(child, around, body));
          break;
        case "geom":
        case "site":
          contents[`${child.name}s`].push({
            element: this.classes.apply(child, around.childClass),
            frame: around.frame,
          });
          break;
        case "inertial":
          contents.inertial = child;
          break;
        case "replicate":
        case "attach":
        case "composite":
        case "flexcomp":
          this.leftOut.set(child.name, (this.leftOut.get(child.name) ?? 0) + 1);
          break;
        default:
      }
    }
    for (const read of later) read();
  }

  private frame(contents: Contents, element: XmlElement, around: Surroundings, body: string): void {
    this.fill(contents, element, this.inside(element, around, this.pose(element, around)), body);
  }

  private body(element: XmlElement, around: Surroundings): MjcfBody {
    this.numBodies += 1;
    if (this.numBodies > MAX_BODIES) {
      throw mistake(element, `more than ${MAX_BODIES} bodies: no robot has so many`);
    }
    const given = element.attributes.get("name");
    const name = given || unusedName("body", this.bodyNames, this.numBodies);
    if (given && this.bodyNames.has(given)) throw mistake(element, `there are two bodies "${given}"`);
    this.bodyNames.add(name);
    const contents = emptyContents();
    this.fill(contents, element, this.inside(element, around, NO_POSE), name);
    return {
      ...contents,
      name,
      element,
      line: mainLine(element),
      pose: this.pose(element, around),
    };
  }

  private inside(element: XmlElement, around: Surroundings, frame: Pose): Surroundings {
    const childClass = element.attributes.get("childclass") ?? around.childClass;
    if (childClass) this.classes.check(element, childClass);
    return { frame, ...(childClass ? { childClass } : {}) };
  }

  private pose(element: XmlElement, around: Surroundings): Pose {
    return compose(around.frame, poseOf(element, this.settings));
  }

  private joint(element: XmlElement, around: Surroundings, body: string): MjcfJoint {
    const given = element.attributes.get("name");
    const name = given || unusedName(`${body}_joint`, this.jointNames);
    if (given && this.jointNames.has(given)) throw mistake(element, `there are two joints "${given}"`);
    this.jointNames.add(name);
    // a <freejoint> takes nothing of a class
    const full = element.name === "joint" ? this.classes.apply(element, around.childClass) : element;
    const type =
      full.name === "freejoint" ? "free" : choice(full, "type", ["hinge", "slide", "ball", "free"], "hinge");
    const { position, quaternion } = around.frame;
    const anchor = rotateVector(quaternion, vectorOf(full, "pos", [0, 0, 0]));
    const range = this.range(full, type, name);
    const unit = type === "hinge" ? this.settings.radians : 1;
    const joint: MjcfJoint = {
      name,
      element: full,
      line: mainLine(full),
      type,
      anchor: [anchor[0] + position[0], anchor[1] + position[1], anchor[2] + position[2]],
      axis: rotateVector(quaternion, this.axis(full, type, name)),
      ...(range ? { range } : {}),
      reference: numberOf(full, "ref", { fallback: 0 }) * unit,
    };
    this.joints.push(joint);
    return joint;
  }

  private axis(element: XmlElement, type: MjcfJoint["type"], name: string): Vec3 {
    if (type !== "hinge" && type !== "slide") return [0, 0, 1];
    const axis = vectorOf(element, "axis", [0, 0, 1]);
    const length = Math.hypot(...axis);
    if (length < 1e-10) throw mistake(element, `the axis of joint "${name}" is zero`);
    return scale(1 / length, axis);
  }

  private range(
    element: XmlElement,
    type: MjcfJoint["type"],
    name: string,
  ): readonly [number, number] | undefined {
    const [lower, upper] = numbersOf(element, "range", { count: 2, fallback: [0, 0] });
    const unit = type === "hinge" ? this.settings.radians : 1;
    const limited = choice(element, "limited", ["false", "true", "auto"], "auto");
    const scaled = [lower! * unit, upper! * unit] as const;
    if (limited === "false" || (type !== "hinge" && type !== "slide")) return undefined;
    if (limited === "auto") return this.settings.autolimits && lower! < upper! ? scaled : undefined;
    if (lower! < upper!) return scaled;
    throw new UsageError(
      `${element.file}:${element.line}: joint "${name}" is limited from ${lower} to ${upper}: ` +
        'the lower limit must lie below the upper. Give it a range, or limited="false".',
    );
  }
}

function emptyContents(): Contents {
  return { joints: [], geoms: [], sites: [], bodies: [] };
}

/** Return `name`, or with a number after it where it is taken or `number` is given. */
export function unusedName(name: string, taken: ReadonlySet<string>, number?: number): string {
  if (number === undefined && !taken.has(name)) return name;
  for (let k = number ?? 2; ; k++) {
    const candidate = number === undefined ? `${name}_${k}` : `${name}${k}`;
    if (!taken.has(candidate)) return candidate;
  }
}
