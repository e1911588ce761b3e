// Physics alone: grasp, lift and hold a cube, against MuJoCo's WebAssembly build on the same scene and targets.
import { fileURLToPath } from "node:url";
import type { BenchRow } from "../../src/cli/bench-command.js";
import { World } from "../../src/physics/world.js";
import { createController } from "../../src/robots/controller.js";
import { panda } from "../../src/robots/panda.js";
import { robotToMjcf } from "../physics/mjcf.js";
import { measureAlone, median } from "./child.js";

const CONTROL_RATE = 20;
const START = [0.5, 0, 0.12] as const;
const MUJOCO_STEP = 0.002;
const EPISODES = 12;

interface Configuration {
  readonly rate: number;
  readonly iterations: number;
  readonly tolerance: number;
}

const OURS: Readonly<Record<string, Configuration>> = {
  "240 Hz, 20 iterations, 1e-5": { rate: 240, iterations: 20, tolerance: 1e-5 },
  "240 Hz, 10 iterations, 1e-3 (training)": { rate: 240, iterations: 10, tolerance: 1e-3 },
  "500 Hz, 20 iterations, 1e-5": { rate: 500, iterations: 20, tolerance: 1e-5 },
};

/** Measure three times each, one configuration per process, turn by turn; the median counts. */
export async function run(): Promise<BenchRow[]> {
  const names = ["mujoco", ...Object.keys(OURS)];
  const results = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < 3; round++) {
    for (const name of names) results.get(name)!.push(measureAlone(import.meta.url, name));
  }
  const reference = median(results.get("mujoco")!);
  const ours = Object.keys(OURS).map((name) => {
    const value = median(results.get(name)!);
    return {
      what: `armgym, ${name}`,
      value,
      unit: "environment steps/s",
      against: "MuJoCo WASM, 2 ms",
      ratio: value / reference,
    };
  });
  return [
    ...ours,
    { what: "MuJoCo WASM, 2 ms", value: reference, unit: "environment steps/s", against: null, ratio: null },
  ];
}

/** Vertical motion (m per step) and gripper of the plan: descend, close, lift, hold. */
function plan(): { readonly rise: number; readonly gripper: number }[] {
  const phase = (steps: number, rise: number, gripper: number) => {
    const smooth = (t: number) => t * t * (3 - 2 * t);
    return Array.from({ length: steps }, (_, k) => ({
      rise: rise * (smooth((k + 1) / steps) - smooth(k / steps)),
      gripper,
    }));
  };
  return [...phase(20, -0.1, 1), ...phase(14, 0, -1), ...phase(30, 0.25, -1), ...phase(36, 0, -1)];
}

/** Play the plan; returns the joint targets at the end of each control step, and whether the cube is held. */
function play({ rate, iterations, tolerance }: Configuration): {
  targets: Float64Array[];
  held: boolean;
  start: Float64Array;
} {
  const world = new World({ timestep: 1 / rate, iterations, tolerance });
  world.addTable();
  const arm = world.addArticulation(panda.articulation);
  const cube = world.addBox({ name: "cube", halfExtents: [0.02, 0.02, 0.02], mass: 0.1 });
  const controller = createController("ee-delta", panda, arm);
  controller.reset(START, 0, 0.04);
  cube.setPose([0.5, 0, 0.02]);
  world.settle();
  const start = arm.jointPositions.slice();
  const substeps = rate / CONTROL_RATE;
  const targets = plan().map(({ rise, gripper }) => {
    controller.setAction([0, 0, rise / 0.05, gripper]);
    for (let substep = 1; substep <= substeps; substep++) {
      controller.beforeSubstep(substep, substeps);
      world.step();
    }
    return arm.jointTargets.slice();
  });
  return { targets, held: cube.position.z > 0.2, start };
}

function measureOurs(configuration: Configuration): number {
  play(configuration);
  const begin = performance.now();
  let held = 0;
  for (let episode = 0; episode < EPISODES; episode++) if (play(configuration).held) held++;
  if (held < EPISODES) throw new Error(`only ${held} of ${EPISODES} cubes were held`);
  return (1000 * EPISODES * plan().length) / (performance.now() - begin);
}

/** The same targets, interpolated the same way, with the same feed-forward of the arm's bias forces. */
async function measureMujoco(): Promise<number> {
  const { compileMjcf, mujoco } = await import("../physics/mujoco.js");
  const { targets, start } = play(OURS["240 Hz, 20 iterations, 1e-5"]!);
  const { model, data } = compileMjcf(
    robotToMjcf(panda, { timestep: MUJOCO_STEP, contacts: true, cubes: 1 }),
  );
  const substeps = Math.round(1 / CONTROL_RATE / MUJOCO_STEP);
  const episode = () => {
    mujoco.mj_resetData(model, data);
    for (let dof = 0; dof < 7; dof++) data.qpos[dof] = start[dof]!;
    data.qpos[7] = 0.04;
    data.qpos[8] = 0.04;
    mujoco.mj_forward(model, data);
    let previous = start;
    for (const target of targets) {
      for (let substep = 1; substep <= substeps; substep++) {
        const share = substep / substeps;
        for (let dof = 0; dof < 7; dof++) {
          data.ctrl[dof] = previous[dof]! + share * (target[dof]! - previous[dof]!);
          data.qfrc_applied[dof] = data.qfrc_bias[dof]!;
        }
        data.ctrl[7] = target[7]!;
        data.ctrl[8] = target[7]!;
        mujoco.mj_step(model, data);
      }
      previous = target;
    }
    return data.qpos[11]! > 0.2;
  };
  episode();
  const begin = performance.now();
  let held = 0;
  for (let k = 0; k < EPISODES; k++) if (episode()) held++;
  if (held < EPISODES) throw new Error(`MuJoCo held only ${held} of ${EPISODES} cubes`);
  return (1000 * EPISODES * targets.length) / (performance.now() - begin);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const name = process.argv[2]!;
  console.log(name === "mujoco" ? await measureMujoco() : measureOurs(OURS[name]!));
}
