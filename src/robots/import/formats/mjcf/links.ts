// From a tree of bodies to links and joints: a link for each body, and a massless one for each further joint of it.
import { IDENTITY_QUATERNION, rotateVector } from "../../../../math/quaternion.js";
import { add, scale } from "../../../../math/vector.js";
import type {
  DescribedInertial,
  DescribedJoint,
  DescribedLink,
  DescribedMimic,
  DescribedShape,
  Pose,
} from "../../description.js";
import { turnedInertia } from "../../inertia.js";
import { mainLine, numberOf } from "../xml-values.js";
import type { Assets } from "./assets.js";
import { type MjcfBody, type MjcfJoint, unusedName } from "./bodies.js";
import { type BodyMass, massOfBody } from "./body-mass.js";
import type { CompilerSettings } from "./compiler.js";
import type { Drive } from "./drives.js";
import { isVisual, type MjcfGeom, readGeom, shapeOf } from "./geoms.js";
import { jointMotion, motionAtAnchor } from "./kinematics.js";
import { compose, NO_POSE, poseOf } from "./poses.js";
import type { MassProperties } from "./solids.js";

/** What is settled before links are made. */
export interface LinkOptions {
  readonly settings: CompilerSettings;
  readonly assets: Assets;
  /** Names of geoms that contact pairs name: they touch whatever their bits say. */
  readonly paired: ReadonlySet<string>;
  readonly mimics: ReadonlyMap<string, DescribedMimic>;
  readonly locked: ReadonlyMap<string, number>;
  readonly drives: ReadonlyMap<string, Drive>;
  /** Every mass is multiplied by it. */
  readonly massFactor: number;
}

/** Links and joints of a tree. */
export interface TreeLinks {
  readonly links: readonly DescribedLink[];
  readonly joints: readonly DescribedJoint[];
  /** Geoms of each link that touch. */
  readonly touching: ReadonlyMap<string, readonly MjcfGeom[]>;
  readonly numSitesLeftOut: number;
}

/** Sites that mark a frame of the robot; what draws axes is not one. */
const FRAME_SITE = /attach|grip|grasp|pinch|tcp|tool|tip|ee|end|hand|palm|flange|wrist|mount|(^|_)ft(_|$)/i;
const DRAWN_SITE = /(_|\b)[xyz]$|cylinder|axis/i;
/** Geoms of groups beyond it are not shown by MuJoCo's viewer. */
const LAST_SHOWN_GROUP = 2;

/** Make the links of the trees below `roots`. */
export function linksOf(roots: readonly MjcfBody[], options: LinkOptions): TreeLinks {
  return new LinkMaker(options).make(roots);
}

/** Return all geoms of a body. */
export function geomsOf(
  body: MjcfBody,
  reading: { readonly settings: CompilerSettings; readonly assets: Assets },
): MjcfGeom[] {
  return body.geoms.map((part) => readGeom(part, reading));
}

class LinkMaker {
  private readonly options: LinkOptions;
  private readonly links: DescribedLink[] = [];
  private readonly joints: DescribedJoint[] = [];
  private readonly touching = new Map<string, readonly MjcfGeom[]>();
  private readonly linkNames = new Set<string>();
  private readonly jointNames = new Set<string>();
  private numSitesLeftOut = 0;

  constructor(options: LinkOptions) {
    this.options = options;
  }

  make(roots: readonly MjcfBody[]): TreeLinks {
    const reserve = (body: MjcfBody) => {
      this.linkNames.add(body.name);
      for (const { name } of body.joints) this.jointNames.add(name);
      body.bodies.forEach(reserve);
    };
    roots.forEach(reserve);
    for (const root of roots) this.tree(root);
    const { links, joints, touching, numSitesLeftOut } = this;
    return { links, joints, touching, numSitesLeftOut };
  }

  private tree(root: MjcfBody): void {
    const { quaternion, position } = root.pose;
    const moves = root.joints.some((joint) => this.moves(joint));
    const isTurned = Math.abs(quaternion[3]) < 1 - 1e-12;
    if (!moves && !isTurned) {
      this.addLink(root, NO_POSE);
      this.fillBody(root, NO_POSE);
      return;
    }
    const world = this.newLinkName("world");
    this.links.push({ name: world, line: root.line, collisions: [], visuals: [] });
    // a base that slides or turns keeps its height: it may hang
    this.body(root, world, { position: moves ? [0, 0, position[2]] : [0, 0, 0], quaternion });
  }

  /** Add a body that stands at `at` in the link `parent`. */
  private body(body: MjcfBody, parent: string, at: Pose): void {
    const moving = body.joints.filter((joint) => this.moves(joint));
    let current = parent;
    let place = at;
    for (const joint of body.joints) {
      if (!this.moves(joint)) {
        const position = this.options.locked.get(joint.name) ?? joint.reference;
        place = compose(place, motionAtAnchor(joint, position - joint.reference));
        continue;
      }
      const isLast = joint === moving.at(-1);
      const child = isLast ? body.name : this.newLinkName(`${body.name}_${joint.name}`);
      const anchored = compose(place, { ...NO_POSE, position: joint.anchor });
      // the file places the body where the joint is at its reference
      this.addJoint(joint, current, child, compose(anchored, jointMotion(joint, 0 - joint.reference)));
      if (!isLast)
        this.links.push({ name: child, line: joint.line, collisions: [], visuals: [], solids: [] });
      current = child;
      place = { ...NO_POSE, position: scale(-1, joint.anchor) };
    }
    if (moving.length === 0) {
      this.joints.push(this.fixedJoint(body.name, body.line, parent, place));
      place = NO_POSE;
    }
    this.addLink(body, place);
    this.fillBody(body, place);
  }

  /** Add what stands on a body, whose frame is at `place` in its link. */
  private fillBody(body: MjcfBody, place: Pose): void {
    for (const { element, frame } of body.sites) {
      const name = element.attributes.get("name") ?? "";
      if (!FRAME_SITE.test(name) || DRAWN_SITE.test(name)) {
        this.numSitesLeftOut += 1;
        continue;
      }
      const link = this.newLinkName(name);
      const pose = compose(place, compose(frame, poseOf(element, this.options.settings)));
      const line = mainLine(element);
      this.links.push({ name: link, line, collisions: [], visuals: [], solids: [] });
      this.joints.push(this.fixedJoint(link, line, body.name, pose));
    }
    for (const child of body.bodies) this.body(child, body.name, compose(place, child.pose));
  }

  private moves({ type, name }: MjcfJoint): boolean {
    return (type === "hinge" || type === "slide") && !this.options.locked.has(name);
  }

  private newLinkName(name: string): string {
    const unused = unusedName(name, this.linkNames);
    this.linkNames.add(unused);
    return unused;
  }

  private fixedJoint(child: string, line: number, parent: string, pose: Pose): DescribedJoint {
    const name = unusedName(`${child}_fixed`, this.jointNames);
    this.jointNames.add(name);
    return { name, line, type: "fixed", parent, child, pose, axis: [0, 0, 1], damping: 0, friction: 0 };
  }

  private addJoint(joint: MjcfJoint, parent: string, child: string, pose: Pose): void {
    const { name, line, element, range, axis } = joint;
    const number = (attribute: string) => numberOf(element, attribute, { fallback: 0 });
    const turning = range ? "revolute" : "continuous";
    const mimic = this.options.mimics.get(name);
    this.joints.push({
      name,
      line,
      type: joint.type === "slide" ? "prismatic" : turning,
      parent,
      child,
      pose,
      axis,
      ...(range ? { limits: range } : {}),
      ...(mimic ? { mimic } : {}),
      damping: number("damping"),
      friction: number("frictionloss"),
      ...(element.attributes.has("armature") ? { armature: number("armature") } : {}),
      ...this.options.drives.get(name),
    });
  }

  private addLink(body: MjcfBody, place: Pose): void {
    const { settings, paired } = this.options;
    const geoms = geomsOf(body, this.options);
    const touching = geoms.filter((geom) => !isVisual(geom, paired));
    const shapes = (some: readonly MjcfGeom[]) =>
      some.flatMap((geom) => {
        const shape = shapeOf(geom);
        return shape ? [placed(shape, place)] : [];
      });
    const shown = (some: readonly MjcfGeom[]) =>
      some.filter(({ group, color }) => group <= LAST_SHOWN_GROUP && color[3] > 0);
    const visual = shown(geoms.filter((geom) => isVisual(geom, paired)));
    this.touching.set(body.name, touching);
    this.links.push({
      name: body.name,
      line: body.line,
      ...this.mass(massOfBody(body, geoms, settings), place),
      collisions: shapes(touching),
      visuals: shapes(visual.length > 0 ? visual : shown(touching)),
    });
  }

  private mass(mass: BodyMass, place: Pose): Pick<DescribedLink, "inertial" | "solids"> {
    const { massFactor } = this.options;
    if ("solids" in mass) return { solids: mass.solids.map((solid) => placed(solid, place)) };
    if (mass.known.mass === 0) return { solids: [] };
    return { inertial: inertialOf(mass.known, place, massFactor, mass.line) };
  }
}

function inertialOf(
  { mass, center, inertia }: MassProperties,
  { position, quaternion }: Pose,
  factor: number,
  line: number,
): DescribedInertial {
  const turned = quaternion === IDENTITY_QUATERNION ? inertia : turnedInertia([...inertia], quaternion);
  return {
    line,
    mass: mass * factor,
    centerOfMass: add(position, rotateVector(quaternion, center)),
    inertia: turned.map((entry) => entry * factor) as unknown as DescribedInertial["inertia"],
  };
}

function placed<Shape extends DescribedShape>(shape: Shape, place: Pose): Shape {
  return { ...shape, pose: compose(place, shape.pose) };
}
