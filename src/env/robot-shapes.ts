// What a robot looks like: its own look where it has one, else tubes and balls drawn from the model's own frames.
import type { Quat } from "../math/quaternion.js";
import type { Vec3 } from "../math/vector.js";
import type { Color, SceneShape } from "../replay/scene.js";
import type { RobotModel } from "../robots/robot-model.js";
import { limb, PANDA_LOOK } from "./panda-look.js";

/** Shapes of one link, in its frame. */
export interface LinkShapes {
  readonly id: string;
  readonly shapes: readonly SceneShape[];
}

const LOOKS: Readonly<Record<string, Readonly<Record<string, readonly SceneShape[]>>>> = {
  panda: PANDA_LOOK,
};
const BODY: Color = [0.93, 0.93, 0.94, 1];
const JOINT: Color = [0.28, 0.3, 0.34, 1];
const FINGER: Color = [0.2, 0.21, 0.24, 1];
const NO_TURN: Quat = [0, 0, 0, 1];
const BASE_RADIUS = 0.075;
const TIP_RADIUS = 0.042;
/** Robots whose chain of links is shorter than this are drawn slimmer, m. */
const FULL_SIZE = 1.2;

/** List the shapes of the base, named "base", and then of every link in the model's order. */
export function robotShapes(robot: RobotModel): LinkShapes[] {
  const { links } = robot.articulation;
  const look = LOOKS[robot.id];
  if (look) return ["base", ...links.map(({ name }) => name)].map((id) => ({ id, shapes: look[id] ?? [] }));
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
      return links[link]!.collision.flatMap((shape): SceneShape[] =>
        shape.type === "box"
          ? [
              {
                type: "box",
                size: [2 * shape.halfExtents[0], 2 * shape.halfExtents[1], 2 * shape.halfExtents[2]],
                position: shape.position,
                quaternion: shape.quaternion ?? NO_TURN,
                color: link === hand ? BODY : FINGER,
              },
            ]
          : [],
      );
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
  return [
    { id: "base", shapes: shapesOf(-1) },
    ...links.map(({ name }, link) => ({ id: name, shapes: shapesOf(link) })),
  ];
}

/** A capsule from the origin to `end`; none where they are the same. */
function tube(end: Vec3, radius: number): SceneShape[] {
  return Math.hypot(...end) < 1e-6 ? [] : [limb([0, 0, 0], end, radius, BODY)];
}
