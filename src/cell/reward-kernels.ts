// Terms of rewards, each from 0 to 1: what tasks multiply by their weights.
import { distance } from "../math/vector.js";
import type { FreeBody } from "../physics/bodies/free-body.js";
import type { RobotCell } from "./robot-cell.js";

/** A body that has come off what it stood on by more is being lifted, m: less is a vibration. */
const OFF_THE_GROUND = 0.001;

/**
 * Return `part` as a share of `whole`, from 0 to 1.
 *
 * @throws Nothing.
 * @example
 * const release = share(opening - 0.02, 0.01);
 */
export function share(part: number, whole: number): number {
  return Math.min(1, Math.max(0, part / whole));
}

/**
 * Reward being near: 1 - tanh(steepness * away); at the default steepness (5 per m) 0.54 at 10 cm, 0.95 at 1 cm, as ManiSkill's tasks have it.
 *
 * @throws Nothing.
 * @example
 * const near = nearTerm(distance(simulation.goal, simulation.tcp.position));
 */
export function nearTerm(away: number, steepness = 5): number {
  return 1 - Math.tanh(steepness * away);
}

/**
 * Reward a tool near a body, as `nearTerm` does.
 *
 * @throws Nothing.
 * @example
 * const reach = reachTerm(simulation, cube);
 */
export function reachTerm({ tcp }: Pick<RobotCell, "tcp">, body: FreeBody, steepness = 5): number {
  return nearTerm(distance(body.position, tcp.position), steepness);
}

/**
 * Reward a body near its place (m), as `nearTerm` does.
 *
 * @throws Nothing.
 * @example
 * const place = grasp * placeTerm(cube, simulation.goal);
 */
export function placeTerm(body: FreeBody, place: ArrayLike<number>, steepness = 5): number {
  return nearTerm(distance(body.position, place), steepness);
}

/**
 * Reward a grasp: 1 while the fingers hold `body`, else 0.
 *
 * @throws Nothing.
 * @example
 * const grasp = graspTerm(simulation, cube);
 */
export function graspTerm(simulation: Pick<RobotCell, "isGrasped">, body: FreeBody): number {
  return simulation.isGrasped(body) ? 1 : 0;
}

/**
 * Reward lifting: from 0 where the centre of a body is at the height at which it rests to 1 where it is `lifted` above (m).
 *
 * @throws Nothing.
 * @example
 * const lift = grasp * liftTerm(height, 0.02, 0.04);
 */
export function liftTerm(height: number, atRest: number, lifted: number): number {
  return share(height - atRest - OFF_THE_GROUND, lifted);
}

/**
 * Reward smooth motion: 1 where the arm's joints stand still, less the faster they move: 1 - tanh(steepness * |joint velocities|); at
 * the default steepness (5 per rad/s) 0.54 at 0.1 rad/s. It is the static reward of ManiSkill's tasks; the fingers do not count.
 *
 * @throws Nothing.
 * @example
 * const smooth = smoothTerm(simulation);
 */
export function smoothTerm({ world, model }: RobotCell, steepness = 5): number {
  const { jointVelocities } = world.articulation!;
  return nearTerm(Math.hypot(...jointVelocities.subarray(0, model.armJoints.length)), steepness);
}
