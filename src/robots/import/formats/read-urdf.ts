// Read a URDF: links and joints as written, every mistake told with its line.
import type { Element } from "@xmldom/xmldom";
import { UsageError } from "../../../math/usage-error.js";
import type { DescribedInertial, DescribedJoint, DescribedLink, RobotDescription } from "../description.js";
import { turnedInertia } from "../inertia.js";
import { lineOf, parseUrdfXml, UrdfElements } from "./urdf-elements.js";

/** Parse `text`; `file` names it in errors. Document types and entities are refused: a robot needs none. */
export function readUrdf(text: string, file: string): RobotDescription {
  return new UrdfReader(file).read(parseUrdfXml(text, file));
}

class UrdfReader {
  private readonly file: string;
  private readonly xml: UrdfElements;

  constructor(file: string) {
    this.file = file;
    this.xml = new UrdfElements(file);
  }

  read(root: Element): RobotDescription {
    if (root.tagName !== "robot") {
      throw this.xml.mistake(root, `the root is <${root.tagName}>, expected <robot>`);
    }
    const links = this.xml.children(root, "link").map((element) => this.link(element));
    const joints = this.xml.children(root, "joint").map((element) => this.joint(element));
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
    if (links.length === 0) throw this.xml.mistake(root, "the robot has no <link>");
    const name = root.getAttribute("name") ?? "robot";
    return { name, file: this.file, links, joints, mayOverlap: [], notes: [] };
  }

  private link(element: Element): DescribedLink {
    const name = this.xml.text(element, "name");
    const inertial = this.xml.child(element, "inertial");
    const line = lineOf(element);
    return {
      name,
      line,
      ...(inertial ? { inertial: this.inertial(inertial, name) } : {}),
      collisions: this.xml.children(element, "collision").map((collision) => {
        const geometry = this.xml.needed(collision, "geometry");
        return {
          line: lineOf(collision),
          pose: this.xml.origin(collision),
          geometry: this.xml.geometry(geometry),
        };
      }),
      visuals: [],
    };
  }

  private inertial(element: Element, link: string): DescribedInertial {
    const massElement = this.xml.needed(element, "mass");
    const mass = this.xml.number(massElement, "value");
    if (!(mass > 0)) {
      throw this.xml.mistake(massElement, `link "${link}" has a mass of ${mass} kg, expected more than 0`);
    }
    const inertia = this.xml.needed(element, "inertia");
    const [xx, yy, zz, xy, xz, yz] = ["ixx", "iyy", "izz", "ixy", "ixz", "iyz"].map((entry, index) =>
      this.xml.number(inertia, entry, index < 3 ? undefined : 0),
    ) as [number, number, number, number, number, number];
    // Sylvester: all leading minors of a positive definite matrix are positive
    const determinant = xx * (yy * zz - yz * yz) - xy * (xy * zz - yz * xz) + xz * (xy * yz - yy * xz);
    if (!(xx > 0 && xx * yy - xy * xy > 0 && determinant > 0)) {
      throw this.xml.mistake(
        inertia,
        `the inertia of link "${link}" is not positive definite: no body has it`,
      );
    }
    const { position, quaternion } = this.xml.origin(element);
    return {
      line: lineOf(element),
      mass,
      centerOfMass: position,
      inertia: turnedInertia([xx, yy, zz, xy, xz, yz], quaternion),
    };
  }

  private joint(element: Element): DescribedJoint {
    const name = this.xml.text(element, "name");
    const type = this.xml.text(element, "type");
    if (type !== "revolute" && type !== "continuous" && type !== "prismatic" && type !== "fixed") {
      throw this.xml.mistake(
        element,
        `joint "${name}" is of type "${type}"; known: revolute, continuous, prismatic, fixed`,
      );
    }
    const axisElement = this.xml.child(element, "axis");
    const axis = axisElement ? this.xml.vector(axisElement, "xyz", [1, 0, 0]) : ([1, 0, 0] as const);
    const length = Math.hypot(...axis);
    if (type !== "fixed" && length < 1e-9)
      throw this.xml.mistake(axisElement!, `the axis of joint "${name}" is zero`);
    const limit = this.limit(element, name, type);
    const mimic = this.xml.mimic(element);
    const dynamics = this.xml.child(element, "dynamics");
    return {
      name,
      line: lineOf(element),
      type,
      parent: this.xml.text(this.xml.needed(element, "parent"), "link"),
      child: this.xml.text(this.xml.needed(element, "child"), "link"),
      pose: this.xml.origin(element),
      axis: [axis[0] / length, axis[1] / length, axis[2] / length],
      ...(limit && limit.lower < limit.upper ? { limits: [limit.lower, limit.upper] as const } : {}),
      ...(limit && limit.effort > 0 ? { effort: limit.effort } : {}),
      ...(limit && limit.velocity > 0 ? { velocity: limit.velocity } : {}),
      ...(mimic ? { mimic } : {}),
      damping: dynamics ? this.xml.number(dynamics, "damping", 0) : 0,
      friction: dynamics ? this.xml.number(dynamics, "friction", 0) : 0,
    };
  }

  /** What limits a joint; undefined where nothing does. */
  private limit(element: Element, name: string, type: string) {
    const limitElement = this.xml.child(element, "limit");
    if (!limitElement && (type === "revolute" || type === "prismatic")) {
      throw this.xml.mistake(element, `joint "${name}" has no <limit>; a ${type} joint needs one`);
    }
    const limit = limitElement && {
      lower: this.xml.number(limitElement, "lower", 0),
      upper: this.xml.number(limitElement, "upper", 0),
      effort: this.xml.number(limitElement, "effort", 0),
      velocity: this.xml.number(limitElement, "velocity", 0),
    };
    if (limit && (type === "revolute" || type === "prismatic") && !(limit.lower < limit.upper)) {
      throw this.xml.mistake(
        limitElement,
        `joint "${name}" runs from ${limit.lower} to ${limit.upper}: the lower limit must lie below the upper`,
      );
    }
    return limit;
  }
}
