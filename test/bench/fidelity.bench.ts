// Our physics beside MuJoCo's, scenario by scenario: no times, the same figures on every machine.
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { robots } from "../../src/robots/models/robots.js";
import {
  type GraspEnd,
  type GraspPose,
  grasp,
  jointDifference,
  type PushEnd,
  push,
} from "../physics/fidelity/arm-scenarios.js";
import { freeMotionDifference } from "../physics/fidelity/free-motion.js";
import { mujocoDefault, mujocoRigid } from "../physics/fidelity/mujoco-cell.js";
import { type ObjectName, objects } from "../physics/fidelity/objects.js";
import { ours } from "../physics/fidelity/our-cell.js";
import {
  drop,
  EXACT_ROLLING_SPEED,
  exactSlideDistance,
  rollingSpeed,
  SLIDING,
  STACKING,
  slideDistance,
  stackDrift,
} from "../physics/fidelity/table-scenarios.js";

const FRICTIONS = [0.1, 0.3];
const PUSH_FRICTIONS = [0.3, 0.8];
/** Hand and object as they stand to each other in practice: millimetres and degrees off. */
const POSES: readonly GraspPose[] = [
  { from: [0.02, -0.03], yaw: 0.2, error: [0.003, 0.05] },
  { from: [-0.02, 0.04], yaw: -0.3, error: [-0.004, -0.06] },
];

const MILLI = 1000;
const DEGREES = 180 / Math.PI;
const names = Object.keys(objects) as ObjectName[];

/** Play every scenario in both engines. A row is called "table: line, column". */
export async function run(): Promise<BenchRow[]> {
  return [...freeMotion(), ...slides(), ...drops(), ...stacks(), ...pushes(), ...grasps()];
}

function row(what: string, value: number, unit: string, others: BenchRow["others"] = {}): BenchRow {
  return { what, value, unit, against: null, ratio: null, others };
}

function freeMotion(): BenchRow[] {
  return Object.values(robots).flatMap((robot) =>
    (["position", "motor"] as const).map((actuators) => {
      const servo = actuators === "position" ? "position servos" : "torques";
      return row(
        `Free motion, difference of joints: ${servo}, ${robot.id}`,
        freeMotionDifference(robot, actuators),
        "rad",
      );
    }),
  );
}

function slides(): BenchRow[] {
  return FRICTIONS.flatMap((friction) => [
    ...SLIDING.map((name) =>
      row(
        `Slide from 0.5 m/s: ${name}, distance at μ ${friction}`,
        MILLI * slideDistance(ours, name, friction),
        "mm",
        {
          MuJoCo: MILLI * slideDistance(mujocoDefault, name, friction),
          exact: MILLI * exactSlideDistance(friction),
        },
      ),
    ),
    row(
      `Ball that slides at 0.5 m/s: sphere, rolls in the end at μ ${friction}`,
      MILLI * rollingSpeed(ours, friction),
      "mm/s",
      { MuJoCo: MILLI * rollingSpeed(mujocoDefault, friction), exact: MILLI * EXACT_ROLLING_SPEED },
    ),
  ]);
}

function drops(): BenchRow[] {
  const table = "Tilted drop from 13 cm";
  return names.flatMap((name) => {
    const [us, them] = [drop(ours, name), drop(mujocoDefault, name)];
    return [
      row(`${table}: ${name}, settles in`, us.settleTime, "s", { MuJoCo: them.settleTime }),
      row(`${table}: ${name}, sinks in at rest`, MILLI * us.restPenetration, "mm", {
        MuJoCo: MILLI * them.restPenetration,
      }),
      row(`${table}: ${name}, sinks in at most`, MILLI * us.maxPenetration, "mm", {
        MuJoCo: MILLI * them.maxPenetration,
      }),
    ];
  });
}

function stacks(): BenchRow[] {
  return STACKING.map((name) =>
    row(`Stack of four: ${name}, drift in 10 s`, MILLI * stackDrift(ours, name), "mm", {
      MuJoCo: MILLI * stackDrift(mujocoDefault, name),
      exact: 0,
    }),
  );
}

function pushes(): BenchRow[] {
  return Object.values(robots).flatMap((robot) =>
    names.flatMap((name) =>
      PUSH_FRICTIONS.flatMap((friction) => {
        const [us, them, rigid] = [ours, mujocoDefault, mujocoRigid].map((engine) =>
          push(engine, robot, name, friction),
        ) as [PushEnd, PushEnd, PushEnd];
        const beside = (title: string, unit: string, read: (end: PushEnd) => number) =>
          row(`Push, ${title}: ${name} μ ${friction}, ${robot.id}`, read(us), unit, {
            MuJoCo: read(them),
            "rigid MuJoCo": read(rigid),
          });
        const ways = [
          beside("way ahead", "mm", ({ ahead }) => MILLI * ahead),
          beside("way sideways", "mm", ({ sideways }) => MILLI * sideways),
        ];
        return name === "sphere" ? ways : [...ways, beside("turn", "deg", ({ turn }) => DEGREES * turn)];
      }),
    ),
  );
}

function grasps(): BenchRow[] {
  return Object.values(robots).flatMap((robot) =>
    names.flatMap((name) => {
      const us = POSES.map((pose) => grasp(ours, robot, name, pose));
      const them = POSES.map((pose) => grasp(mujocoDefault, robot, name, pose));
      const held = (ends: readonly GraspEnd[]) => ends.filter((end) => end.held).length;
      const worst = (ends: readonly GraspEnd[], slip: "slipInLift" | "slipInHold") =>
        MILLI * Math.max(...ends.filter((end) => end.held).map((end) => end[slip]));
      const rows = [
        row(`Grasp, held of ${POSES.length}: ${name}, ${robot.id}`, held(us), "", { MuJoCo: held(them) }),
      ];
      const slips = {
        slipInLift: "Grasp, slip while lifting",
        slipInHold: "Grasp, slip in 10 s of holding",
      } as const;
      for (const [slip, title] of Object.entries(slips) as [keyof typeof slips, string][]) {
        if (held(us) === 0) continue;
        const others = held(them) === 0 ? {} : { MuJoCo: worst(them, slip) };
        rows.push(row(`${title}: ${name}, ${robot.id}`, worst(us, slip), "mm", others));
      }
      const both = POSES.flatMap((_, k) => (us[k]!.held && them[k]!.held ? [k] : []));
      if (both.length > 0) {
        const difference = Math.max(...both.map((k) => jointDifference(us[k]!.joints, them[k]!.joints)));
        rows.push(row(`Grasp, difference of joints: ${name}, ${robot.id}`, MILLI * difference, "mrad"));
      }
      return rows;
    }),
  );
}
