// Scenarios without an arm: sliding, dropping, stacking.
import { multiplyQuaternions, type Quat, quaternionFromAxisAngle } from "../../../src/math/quaternion.js";
import { depthBelow } from "../../../src/physics/bodies/body-shape.js";
import { type Engine, play } from "./cell.js";
import { HALF, type ObjectName, objects, type TestObject } from "./objects.js";

const GRAVITY = 9.81;
const START_SPEED = 0.5;

/** Objects that slide when they are pushed off along x; a ball rolls instead. */
export const SLIDING = ["box", "cylinder", "capsule", "convex"] as const satisfies readonly ObjectName[];
/** Objects with a flat top. */
export const STACKING = ["box", "cylinder", "convex"] as const satisfies readonly ObjectName[];

/** Give an object lying on the table 0.5 m/s along x; return how far it went in 3 s, m, and its speed then, m/s. */
function launch(engine: Engine, name: ObjectName, friction: number) {
  const { shape, turn } = objects[name];
  const cell = engine({ bodies: [shape], friction });
  cell.placeBody(0, [0, 0, HALF], turn);
  cell.settle();
  play(cell, 0.5);
  const { position, quaternion } = cell.body(0);
  cell.placeBody(0, position, quaternion, [START_SPEED, 0, 0]);
  play(cell, 3);
  const end = cell.body(0);
  cell.free();
  return { distance: end.position[0] - position[0], speed: end.velocity[0] };
}

/** Distance that an object slides from 0.5 m/s, m. */
export function slideDistance(engine: Engine, name: (typeof SLIDING)[number], friction: number): number {
  return launch(engine, name, friction).distance;
}

/** The same by Coulomb's law: v² / (2 μ g). */
export function exactSlideDistance(friction: number): number {
  return START_SPEED ** 2 / (2 * friction * GRAVITY);
}

/** Speed at which a ball that starts sliding at 0.5 m/s rolls in the end, m/s. */
export function rollingSpeed(engine: Engine, friction: number): number {
  return launch(engine, "sphere", friction).speed;
}

/** The same by conservation of angular momentum about the table: 5/7 of the speed at the start. */
export const EXACT_ROLLING_SPEED = (5 / 7) * START_SPEED;

/** What a fall ends like. */
export interface Drop {
  /** Time until the centre stays at its height, s. */
  readonly settleTime: number;
  /** Depth below the table's surface at rest, m. */
  readonly restPenetration: number;
  /** The same, greatest of the whole fall. */
  readonly maxPenetration: number;
}

/** Drop a tilted object from 13 cm and watch it for 3 s. */
export function drop(engine: Engine, name: ObjectName): Drop {
  const { shape, turn } = objects[name];
  const cell = engine({ bodies: [shape] });
  const tilt = [0.1, 0.2, 0.3].reduce<Quat>(
    (sum, angle, index) =>
      multiplyQuaternions(
        quaternionFromAxisAngle([index === 2 ? 1 : 0, index === 1 ? 1 : 0, index === 0 ? 1 : 0], angle),
        sum,
      ),
    [0, 0, 0, 1],
  );
  cell.placeBody(0, [0, 0, HALF + 0.13], multiplyQuaternions(tilt, turn));
  cell.settle();
  const penetration = () => {
    const { position, quaternion } = cell.body(0);
    return depthBelow(shape, [0, 0, 0], quaternion) - position[2];
  };
  let settleTime = 0;
  let maxPenetration = 0;
  play(cell, 3, (time) => {
    if (Math.abs(cell.body(0).velocity[2]) > 1e-3) settleTime = time;
    maxPenetration = Math.max(maxPenetration, penetration());
  });
  const restPenetration = penetration();
  cell.free();
  return { settleTime, restPenetration, maxPenetration };
}

/** Stack four objects, each 2 mm beside and 0.1 rad turned against the one below; return the farthest drift in 10 s, m. */
export function stackDrift(engine: Engine, name: (typeof STACKING)[number]): number {
  const { shape, turn }: TestObject = objects[name];
  const cell = engine({ bodies: [shape, shape, shape, shape] });
  for (let index = 0; index < 4; index++) {
    const yaw = quaternionFromAxisAngle([0, 0, 1], 0.1 * index);
    cell.placeBody(index, [0.002 * (index % 2), 0, HALF * (2 * index + 1)], multiplyQuaternions(yaw, turn));
  }
  cell.settle();
  play(cell, 1);
  const places = () => [0, 1, 2, 3].map((index) => cell.body(index).position);
  const before = places();
  play(cell, 10);
  const drifts = places().map(([x, y, z], index) => {
    const [bx, by, bz] = before[index]!;
    return Math.hypot(x - bx, y - by, z - bz);
  });
  cell.free();
  return Math.max(...drifts);
}
