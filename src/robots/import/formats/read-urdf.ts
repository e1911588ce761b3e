// Read a URDF: links and joints as written; what the world writes and no robot needs is left out or mended, each with a note.
import type { Vec3 } from "../../../math/vector.js";
import {
  type DescribedInertial,
  type DescribedJoint,
  type DescribedLink,
  JOINT_TYPES,
  type RobotDescription,
} from "../description.js";
import { turnedInertia } from "../inertia.js";
import { type ReadShapes, shapeReader } from "./urdf-shapes.js";
import { poseOf } from "./urdf-values.js";
import type { XmlElement } from "./xml.js";
import {
  childOf,
  childrenOf,
  mainLine,
  mistake,
  neededChild,
  numberOf,
  textOf,
  vectorOf,
} from "./xml-values.js";

/** Parts at most: no robot has more, and more could not be worked with. */
const MOST_PARTS = 2000;

/**
 * Read the `<robot>` of a URDF, which `file` names; throws a UsageError that names the file and line of a mistake.
 *
 * Masses and inertias are kept as written, also those that no body has: whoever builds the robot looks at them.
 */
export function readUrdf(root: XmlElement, file: string): RobotDescription {
  if (root.name !== "robot") throw mistake(root, `the root is <${root.name}>, expected <robot>`);
  const notes: string[] = [];
  const note = (text: string) => void notes.push(text);
  const linkElements = distinct(root, "link");
  const jointElements = distinct(root, "joint");
  if (linkElements.length === 0) throw mistake(root, "the robot has no <link>");
  const shapes = shapeReader(root, note);
  return {
    name: root.attributes.get("name") ?? "",
    file,
    links: linkElements.map((element) => readLink(element, shapes)),
    joints: jointElements.map((element) => readJoint(element, note)),
    mayOverlap: [],
    notes,
  };
}

/** The children of a kind, each with a name of its own. */
function distinct(root: XmlElement, kind: "link" | "joint"): XmlElement[] {
  const elements = childrenOf(root, kind);
  const surplus = elements[MOST_PARTS];
  if (surplus) {
    throw mistake(surplus, `the robot has ${elements.length} ${kind}s, expected at most ${MOST_PARTS}`);
  }
  const names = new Set<string>();
  for (const element of elements) {
    const name = textOf(element, "name");
    if (names.has(name)) throw mistake(element, `there are two ${kind}s "${name}"`);
    names.add(name);
  }
  return elements;
}

function readLink(element: XmlElement, readShapes: ReadShapes): DescribedLink {
  const name = textOf(element, "name");
  const inertial = childOf(element, "inertial");
  return {
    name,
    line: mainLine(element),
    ...(inertial ? { inertial: readInertial(inertial) } : {}),
    collisions: readShapes(name, childrenOf(element, "collision")),
    visuals: readShapes(name, childrenOf(element, "visual")),
  };
}

function readInertial(element: XmlElement): DescribedInertial {
  const mass = childOf(element, "mass");
  const inertia = childOf(element, "inertia");
  const entry = (name: string) => (inertia ? numberOf(inertia, name, { fallback: 0 }) : 0);
  const { position, quaternion } = poseOf(element);
  return {
    line: mainLine(element),
    mass: mass ? numberOf(mass, "value") : 0,
    centerOfMass: position,
    inertia: turnedInertia(
      [entry("ixx"), entry("iyy"), entry("izz"), entry("ixy"), entry("ixz"), entry("iyz")],
      quaternion,
    ),
  };
}

function readJoint(element: XmlElement, note: (text: string) => void): DescribedJoint {
  const name = textOf(element, "name");
  const type = readType(element, name, note);
  const dynamics = childOf(element, "dynamics");
  const mimic = childOf(element, "mimic");
  const positive = (entry: string) => {
    const limit = childOf(element, "limit");
    const value = limit ? numberOf(limit, entry, { fallback: 0, infinite: true }) : 0;
    return value > 0 && value < Infinity ? { [entry]: value } : {};
  };
  if (type === "continuous") noteUnusedRange(element, name, note);
  const limits = type === "revolute" || type === "prismatic" ? readRange(element, name, note) : undefined;
  return {
    name,
    line: mainLine(element),
    type,
    parent: textOf(neededChild(element, "parent"), "link"),
    child: textOf(neededChild(element, "child"), "link"),
    pose: poseOf(element),
    axis: readAxis(element, name, type),
    ...(limits ? { limits } : {}),
    ...positive("effort"),
    ...positive("velocity"),
    ...(mimic
      ? {
          mimic: {
            joint: textOf(mimic, "joint"),
            multiplier: numberOf(mimic, "multiplier", { fallback: 1 }),
            offset: numberOf(mimic, "offset", { fallback: 0 }),
          },
        }
      : {}),
    damping: dynamics ? numberOf(dynamics, "damping", { fallback: 0 }) : 0,
    friction: dynamics ? numberOf(dynamics, "friction", { fallback: 0 }) : 0,
  };
}

/** Kind of a joint; ball joints, which are no URDF but Bullet's, hold still. */
function readType(element: XmlElement, name: string, note: (text: string) => void): DescribedJoint["type"] {
  const given = textOf(element, "type");
  const type = JOINT_TYPES.find((known) => known === given);
  if (type) return type;
  if (given !== "spherical")
    throw mistake(element, `joint "${name}" is of type "${given}"; known: ${JOINT_TYPES.join(", ")}`);
  note(`joint "${name}" is ${given}: it is fixed where the file puts it`);
  return "fixed";
}

/** A joint's axis as a unit vector; joints that have none keep URDF's default. */
function readAxis(element: XmlElement, name: string, type: DescribedJoint["type"]): Vec3 {
  const axis = childOf(element, "axis");
  if (!axis || type === "fixed" || type === "floating") return [1, 0, 0];
  const [x, y, z] = vectorOf(axis, "xyz", [1, 0, 0]);
  const length = Math.hypot(x, y, z);
  if (length < 1e-9) throw mistake(axis, `the axis of joint "${name}" is zero`);
  return [x / length, y / length, z / length];
}

/** Tell that a joint without end is written with limits. */
function noteUnusedRange(element: XmlElement, name: string, note: (text: string) => void): void {
  const [lower, upper] = writtenRange(element);
  if (lower < upper && upper - lower < Infinity)
    note(`joint "${name}" is continuous: its limits of ${lower} and ${upper} are left out`);
}

/** Lower and upper limit of a joint that has them; undefined where nothing limits it. */
function readRange(
  element: XmlElement,
  name: string,
  note: (text: string) => void,
): readonly [number, number] | undefined {
  const limit = childOf(element, "limit");
  const [lower, upper] = writtenRange(element);
  if (lower === upper) {
    const isWritten = limit?.attributes.has("lower") || limit?.attributes.has("upper");
    note(`joint "${name}" has ${isWritten ? `limits of ${lower} and ${upper}: taken as none` : "no limits"}`);
    return undefined;
  }
  if (lower > upper) note(`joint "${name}" has its limits swapped: taken as ${upper} to ${lower}`);
  const range = [Math.min(lower, upper), Math.max(lower, upper)] as const;
  return range.every(Number.isFinite) ? range : undefined;
}

/** What a joint's `<limit>` says; 0 where it says nothing. */
function writtenRange(element: XmlElement): readonly [number, number] {
  const limit = childOf(element, "limit");
  const bound = (entry: string) => (limit ? numberOf(limit, entry, { fallback: 0, infinite: true }) : 0);
  return [bound("lower"), bound("upper")];
}
