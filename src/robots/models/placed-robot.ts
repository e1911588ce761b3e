// A robot that stands elsewhere: its links, its regions and its tool frame moved with its base.
import { multiplyQuaternions, quaternionFromAxisAngle, rotateVector } from "../../math/quaternion.js";
import type { Vec3 } from "../../math/vector.js";
import { basePose, linksFromBase, mountedLinks } from "./robot-base.js";
import type { Region, RobotModel } from "./robot-model.js";

/** Where a robot is moved to from where its data has it. */
export interface RobotPlace {
  /** Added to where its base stands, m. */
  readonly position: Vec3;
  /** It is turned about the vertical through the world's origin first, rad; default 0. */
  readonly yaw?: number;
}

/**
 * Return `robot` moved to `place`.
 *
 * Its regions are the boxes around the turned ones: exact for quarter turns. Yaw 0 of its tool stays a yaw of the world; where the
 * robot is turned by more than a quarter, its tool frame is turned by a half, so that a robot that looks back does so, too.
 *
 * @throws Nothing.
 * @example
 * const facing = placedRobot(findRobot("panda"), { position: [1.1, 0, 0], yaw: Math.PI });
 */
export function placedRobot(robot: RobotModel, { position, yaw = 0 }: RobotPlace): RobotModel {
  const turn = quaternionFromAxisAngle([0, 0, 1], yaw);
  const base = basePose(robot);
  const moved = (point: Vec3) => {
    const [x, y, z] = rotateVector(turn, point);
    return [position[0] + x, position[1] + y, position[2] + z] as const;
  };
  const pose = { position: moved(base.position), quaternion: multiplyQuaternions(turn, base.quaternion) };
  const { tcp } = robot;
  const half = quaternionFromAxisAngle([0, 0, 1], Math.PI);
  return {
    ...robot,
    base: pose,
    articulation: { ...robot.articulation, links: mountedLinks(linksFromBase(robot), pose) },
    tcp: isTurnedRound(yaw)
      ? { ...tcp, quaternion: tcp.quaternion ? multiplyQuaternions(tcp.quaternion, half) : half }
      : tcp,
    workspace: movedRegion(robot.workspace, moved),
    taskRegion: movedRegion(robot.taskRegion, moved),
    start: moved(robot.start).map(rounded) as unknown as Vec3,
  };
}

/** Whether a yaw is nearer to a half turn than to none. */
function isTurnedRound(yaw: number): boolean {
  return Math.cos(yaw) < -1e-9;
}

function movedRegion({ low, high }: Region, moved: (point: Vec3) => Vec3): Region {
  const corners = [0, 1, 2, 3].map((corner) =>
    moved([corner & 1 ? high[0] : low[0], corner & 2 ? high[1] : low[1], 0]),
  );
  const raised = moved([0, 0, 0])[2];
  const side = (pick: (...values: number[]) => number, k: 0 | 1) =>
    rounded(pick(...corners.map((corner) => corner[k])));
  return {
    low: [side(Math.min, 0), side(Math.min, 1), low[2] + raised],
    high: [side(Math.max, 0), side(Math.max, 1), high[2] + raised],
  };
}

/** To a nanometre: a half turn's sine is not quite 0. */
function rounded(value: number): number {
  return Math.round(1e9 * value) / 1e9;
}
