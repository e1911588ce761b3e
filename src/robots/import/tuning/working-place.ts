// Where an imported arm can work: a rest posture with the hand down, and the regions it reaches from there.
import { createRandom } from "../../../math/random.js";
import type { Vec3 } from "../../../math/vector.js";
import { InverseKinematics } from "../../control/inverse-kinematics.js";
import type { Region, RobotModel } from "../../models/robot-model.js";

const ITERATIONS = 100;
const TRIES = 40;
/** A posture is good to this far: m and rad. */
const NEAR = 2e-3;
const STRAIGHT = 0.02;
/** Arms of fewer than six joints tilt their hands. */
const TILTED = 0.3;

/** What is found for an arm. */
export interface WorkingPlace {
  readonly rest: readonly number[];
  readonly workspace: Region;
  readonly taskRegion: Region;
  readonly start: Vec3;
}

/** Search for a place in front of the base; undefined where the hand reaches none pointing down. `reach` in m. */
export function findWorkingPlace(robot: RobotModel, reach: number): WorkingPlace | undefined {
  const kinematics = new InverseKinematics(robot);
  const tilt = robot.armJoints.length < 6 ? TILTED : STRAIGHT;
  const isThere = (joints: Float64Array, point: Vec3) => {
    const { position, rotation } = kinematics.residual(joints, point, 0);
    return position < NEAR && rotation < tilt;
  };
  for (const share of [0.45, 0.35, 0.55, 0.25, 0.65]) {
    const rest = bestPosture(robot, kinematics, [share * reach, 0, 0.12 * reach], isThere);
    if (!rest) continue;
    const reaches = (point: Vec3) => {
      const joints = Float64Array.from(rest);
      kinematics.solve(joints, point, 0, ITERATIONS);
      return isThere(joints, point);
    };
    const side = 0.12 * reach;
    const high = 0.2 * reach;
    const columns = Array.from({ length: 19 }, (_, k) => (0.05 + 0.05 * k) * reach).map((x) => ({
      x,
      free: [-side, 0, side].every((y) => [0.015, high].every((z) => reaches([x, y, z]))),
    }));
    const run = longestRun(columns);
    if (run.length < 3) continue;
    const [near, far] = [run[0]!.x, run.at(-1)!.x];
    const margin = 0.15 * (far - near);
    return {
      rest,
      workspace: { low: round([near, -side, 0.012]), high: round([far, side, high]) },
      taskRegion: {
        low: round([near + margin, -0.8 * side, 0.3 * high]),
        high: round([far - margin, 0.8 * side, 0.8 * high]),
      },
      start: round([(near + far) / 2, 0, 0.7 * high]),
    };
  }
  return undefined;
}

/** Of many solutions the one whose joints stay furthest from their limits. */
function bestPosture(
  { articulation, armJoints }: RobotModel,
  kinematics: InverseKinematics,
  point: Vec3,
  isThere: (joints: Float64Array, point: Vec3) => boolean,
): number[] | undefined {
  const random = createRandom("posture");
  const ranges = armJoints.map((name) => {
    const { lower, upper } = articulation.links.find(({ joint }) => joint?.name === name)!.joint!;
    return [Math.max(lower, -Math.PI), Math.min(upper, Math.PI)] as const;
  });
  let best: number[] | undefined;
  let bestMargin = 0;
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const joints = Float64Array.from(ranges, ([low, high]) => random.uniform(low, high));
    kinematics.solve(joints, point, 0, ITERATIONS);
    if (!isThere(joints, point)) continue;
    const margin = Math.min(...ranges.map(([low, high], k) => Math.min(joints[k]! - low, high - joints[k]!)));
    if (margin > bestMargin) [best, bestMargin] = [Array.from(joints, (q) => Number(q.toFixed(4))), margin];
  }
  return best;
}

function longestRun<Column extends { readonly free: boolean }>(columns: readonly Column[]): Column[] {
  let best: Column[] = [];
  let run: Column[] = [];
  for (const column of columns) {
    run = column.free ? [...run, column] : [];
    if (run.length > best.length) best = run;
  }
  return best;
}

function round(point: Vec3): Vec3 {
  return point.map((value) => Number(value.toFixed(3))) as unknown as Vec3;
}
