// Writes our robot and body data as MuJoCo's MJCF, so that both engines simulate the same cell.

import type { CollisionShape, JointModel } from "../../src/physics/articulation/articulation-model.js";
import type { BodyShape } from "../../src/physics/bodies/body-shape.js";
import type { RobotModel } from "../../src/robots/models/robot-model.js";

/** A free body, at rest at the origin. */
export interface MjcfBody {
  readonly shape: BodyShape;
  /** kg */
  readonly mass: number;
}

/** What the generated world holds besides the robot, and how MuJoCo steps it. */
export interface MjcfOptions {
  /** s */
  readonly timestep?: number;
  readonly actuators?: "position" | "motor" | "none";
  readonly contacts?: boolean;
  /** Joint limits as constraints; default true. */
  readonly limits?: boolean;
  /** Couple mimic joints by an equality; default true. */
  readonly mimic?: boolean;
  /** Default none. */
  readonly bodies?: readonly MjcfBody[];
  readonly friction?: number;
  /** Contacts as rigid as MuJoCo makes them, which do not creep; default false: its own default. */
  readonly rigid?: boolean;
}

const PATCH_RADIUS = 0.005;

/** Write `robot`, if there is one, and free bodies on a table as an MJCF text. */
export function robotToMjcf(robot: RobotModel | undefined, options: MjcfOptions = {}): string {
  const { timestep = 0.002, actuators = "position", contacts = false, limits = true, mimic = true } = options;
  const { bodies = [], friction = 0.8, rigid = false } = options;
  const links = robot?.articulation.links ?? [];
  const numbers = (values: readonly number[]) => values.join(" ");
  const quaternion = ([x, y, z, w]: readonly [number, number, number, number]) => numbers([w, x, y, z]);
  const joint = (model: JointModel) =>
    `<joint name="${model.name}" type="${model.type === "revolute" ? "hinge" : "slide"}" axis="${numbers(model.axis)}" ` +
    `${limits ? `range="${model.lower} ${model.upper}" ` : ""}armature="${model.armature}" damping="${model.viscousFriction}"/>`;
  const geom = (shape: CollisionShape) => {
    if (shape.type === "convex") throw new Error("a convex shape has no geom of its own");
    const turn = shape.type === "sphere" ? undefined : shape.quaternion;
    const sizes =
      shape.type === "box"
        ? shape.halfExtents
        : [shape.radius, ...(shape.type === "sphere" ? [] : [shape.length / 2])];
    return (
      `<geom type="${shape.type}" size="${numbers(sizes)}" pos="${numbers(shape.position)}" ` +
      `quat="${quaternion(turn ?? [0, 0, 0, 1])}" contype="2" conaffinity="1"/>`
    );
  };
  const children = (parent: number): string =>
    links
      .map((link, index) =>
        link.parent === parent
          ? `<body name="${link.name}" pos="${numbers(link.position)}" quat="${quaternion(link.quaternion)}">` +
            `<inertial mass="${link.mass}" pos="${numbers(link.centerOfMass)}" fullinertia="${numbers(link.inertia)}"/>` +
            (link.joint ? joint(link.joint) : "") +
            link.collision.map(geom).join("") +
            `${children(index)}</body>`
          : "",
      )
      .join("");
  const joints = links.flatMap((link) => (link.joint ? [link.joint] : []));
  const actuator = (model: JointModel) =>
    actuators === "motor"
      ? `<motor joint="${model.name}" ctrlrange="${-model.effortLimit} ${model.effortLimit}"/>`
      : `<general joint="${model.name}" gainprm="${model.stiffness}" biastype="affine" ` +
        `biasprm="0 ${-model.stiffness} ${-model.damping}" forcerange="${-model.effortLimit} ${model.effortLimit}"/>`;
  const couplings = joints
    .filter((model) => model.mimic !== undefined)
    .map(
      (model) =>
        `<joint joint1="${model.name}" joint2="${model.mimic}" polycoef="0 ${model.mimicRatio ?? 1} 0 0 0" solimp="0.95 0.99 0.001" solref="0.005 1"/>`,
    );
  const body = ({ shape, mass }: MjcfBody, index: number) =>
    `<body name="body${index}"><freejoint/><geom ${bodyGeom(shape, index)} mass="${mass}" contype="1" conaffinity="3" ` +
    // as ours: all but boxes rest on a patch that resists spinning
    `${shape.type === "box" ? "" : `condim="4" friction="${friction} ${friction * PATCH_RADIUS} 0.0001"`}/></body>`;
  const meshes = bodies.map(({ shape }, index) =>
    shape.type === "convex"
      ? `<mesh name="mesh${index}" vertex="${numbers(shape.points.flat())}" inertia="exact"/>`
      : "",
  );
  return `<mujoco>
    <compiler angle="radian" autolimits="true"/>
    <option timestep="${timestep}" integrator="implicitfast" solver="Newton" cone="elliptic" impratio="10" gravity="0 0 -9.81"
      ${rigid ? 'noslip_iterations="10"' : ""}>
      <flag contact="${contacts ? "enable" : "disable"}"/>
    </option>
    <default><geom friction="${friction} 0.005 0.0001" condim="3" ${rigid ? 'solref="0.002 1"' : ""}/></default>
    <asset>${meshes.join("")}</asset>
    <worldbody>
      <geom type="plane" name="table" size="2 2 0.1" contype="1" conaffinity="3"/>
      ${children(-1)}${bodies.map(body).join("")}
    </worldbody>
    ${mimic ? `<equality>${couplings.join("")}</equality>` : ""}
    ${actuators === "none" ? "" : `<actuator>${joints.map(actuator).join("")}</actuator>`}
  </mujoco>`;
}

function bodyGeom(shape: BodyShape, index: number): string {
  if (shape.type === "box") return `type="box" size="${shape.halfExtents.join(" ")}"`;
  if (shape.type === "sphere") return `type="sphere" size="${shape.radius}"`;
  if (shape.type === "convex") return `type="mesh" mesh="mesh${index}"`;
  return `type="${shape.type}" size="${shape.radius} ${shape.length / 2}"`;
}
