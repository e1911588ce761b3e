// What a robot looks like: its own looks where it has them, else tubes and balls drawn from the model's own frames.
import type { Quat } from "../../math/quaternion.js";
import { distance, type Vec3 } from "../../math/vector.js";
import type { CollisionShape, LinkModel } from "../../physics/articulation/articulation-model.js";
import type { Color, SceneShape } from "../../scene/scene.js";
import { linksFromBase } from "../models/robot-base.js";
import type { RobotModel } from "../models/robot-model.js";
import { drawnCollision } from "./drawn-collision.js";
import { limb } from "./limb.js";
import { pedestal } from "./pedestal.js";

/** What a robot is drawn as, each part in its own frame. */
export interface RobotShapes {
  readonly base: readonly SceneShape[];
  /** One list per link, in the model's order. */
  readonly links: readonly (readonly SceneShape[])[];
}

const BODY: Color = [0.93, 0.93, 0.94, 1];
const JOINT: Color = [0.28, 0.3, 0.34, 1];
const FINGER: Color = [0.2, 0.21, 0.24, 1];
const NO_TURN: Quat = [0, 0, 0, 1];
const BASE_RADIUS = 0.075;
const TIP_RADIUS = 0.042;
/** Robots whose chain of links is shorter than this are drawn slimmer, m. */
const FULL_SIZE = 1.2;
/** How deep the stem of a finger reaches into its hand, and the height of the rail that it slides on, m. */
const STEM_DEPTH = 0.01;
const RAIL_HEIGHT = 0.016;

/** List the shapes of the base and of every link. */
export function robotShapes(robot: RobotModel): RobotShapes {
  const { looks } = robot;
  const links = linksFromBase(robot);
  const hand = links.findIndex(({ name }) => name === robot.tcp.link);
  const length = links.slice(0, hand + 1).reduce((sum, { position }) => sum + Math.hypot(...position), 0);
  const size = Math.min(1, length / FULL_SIZE);
  const radius = (link: number) =>
    size * (BASE_RADIUS + ((TIP_RADIUS - BASE_RADIUS) * Math.max(link, 0)) / hand);
  const shapesOf = (link: number): SceneShape[] => {
    const isHand = link >= hand;
    const joints = links.flatMap((child, index) =>
      child.parent === link && index <= hand ? [child.position] : [],
    );
    if (isHand) {
      const solids = links[link]!.collision.filter(({ type }) => type !== "sphere");
      return [
        ...solids.map((shape) => drawnCollision(shape, link === hand ? BODY : FINGER)),
        ...(link === hand ? rails(links, hand) : [...stems(links, link, hand), ...bones(links[link]!)]),
      ];
    }
    const tubes = joints.flatMap((end) => tube(end, radius(link)));
    const ball: SceneShape = {
      type: "capsule",
      radius: 1.1 * radius(link),
      length: 0.9 * radius(link),
      position: [0, 0, 0],
      quaternion: NO_TURN,
      color: link < 0 ? BODY : JOINT,
    };
    return [ball, ...tubes];
  };
  return {
    base: [...(looks?.base ?? shapesOf(-1)), ...pedestal(robot, 1.6 * radius(-1))],
    // a link may be called as a property that every object has
    links: links.map(({ name }, link) =>
      looks && Object.hasOwn(looks.links, name) ? looks.links[name]! : shapesOf(link),
    ),
  };
}

type Box = Extract<CollisionShape, { readonly type: "box" }>;

function boxesOf({ collision }: LinkModel): Box[] {
  return collision.filter((shape) => shape.type === "box");
}

/**
 * Gap along the hand's z axis between the hand and the pads of a finger that slides along its y axis, from and to in the
 * hand's frame; undefined where there is none, and for other fingers.
 *
 * A model has collision shapes where things are touched, which leaves out what carries the pads.
 */
function gapOf(links: readonly LinkModel[], finger: number, hand: number) {
  const { joint, parent, position, quaternion } = links[finger]!;
  const [x, y, z, w] = quaternion;
  const across = joint?.type === "prismatic" && Math.abs(joint.axis[1]) === 1;
  const slides = parent === hand && across && x === 0 && y === 0 && z * w === 0;
  const [pads, palm] = [boxesOf(links[finger]!), boxesOf(links[hand]!)];
  if (!slides || pads.length === 0 || palm.length === 0) return undefined;
  const from = Math.max(...palm.map(({ halfExtents, position: at }) => at[2] + halfExtents[2]));
  const to = position[2] + Math.min(...pads.map(({ halfExtents, position: at }) => at[2] - halfExtents[2]));
  return to > from ? { from, to, pad: pads[0]! } : undefined;
}

/** What carries a finger's pads: a bar from inside the hand. */
function stems(links: readonly LinkModel[], finger: number, hand: number): SceneShape[] {
  const gap = gapOf(links, finger, hand);
  if (!gap) return [];
  const { pad } = gap;
  const [low, high] = [gap.from - STEM_DEPTH, gap.to].map((z) => z - links[finger]!.position[2]);
  const halfExtents: Vec3 = [0.8 * pad.halfExtents[0], pad.halfExtents[1], (high! - low!) / 2];
  const position: Vec3 = [pad.position[0], pad.position[1], (high! + low!) / 2];
  return [drawnCollision({ type: "box", halfExtents, position }, JOINT)];
}

/** What holds the parts of a finger together that do not touch: a tube from each to the next. */
function bones(finger: LinkModel): SceneShape[] {
  const boxes = boxesOf(finger);
  return boxes.slice(1).flatMap((box, k) => {
    const { position, halfExtents } = boxes[k]!;
    const radius = 0.9 * Math.min(...halfExtents, ...box.halfExtents);
    return distance(position, box.position) > 0 ? [limb(position, box.position, radius, FINGER)] : [];
  });
}

/** What the bars slide on: one rail across the hand, as long as the fingers go. */
function rails(links: readonly LinkModel[], hand: number): SceneShape[] {
  const reaches = links.flatMap(({ joint }, finger) => {
    const gap = gapOf(links, finger, hand);
    return gap ? [{ ...gap, reach: joint!.upper + gap.pad.position[1] + gap.pad.halfExtents[1] }] : [];
  });
  const [first] = reaches;
  if (!first) return [];
  const reach = Math.max(...reaches.map((one) => one.reach));
  const halfExtents: Vec3 = [first.pad.halfExtents[0] + 0.004, reach + 0.003, RAIL_HEIGHT / 2];
  return [drawnCollision({ type: "box", halfExtents, position: [0, 0, first.from] }, JOINT)];
}

/** A capsule from the origin to `end`; none where they are the same. */
function tube(end: Vec3, radius: number): SceneShape[] {
  return Math.hypot(...end) < 1e-6 ? [] : [limb([0, 0, 0], end, radius, BODY)];
}
