// Physics alone against MuJoCo's WebAssembly build on the same scenes and targets: a grasp, and an arm over resting cubes.
import { fileURLToPath } from "node:url";
import type { BenchRow } from "../../src/cli/commands/bench.js";
import { World } from "../../src/physics/world.js";
import { createController } from "../../src/robots/control/create-controller.js";
import { panda } from "../../src/robots/models/panda.js";
import { robotToMjcf } from "../physics/mjcf.js";
import { measureAlone, median } from "./child.js";

const CONTROL_RATE = 20;
const MUJOCO_STEP = 0.002;
/** Played before the clock starts: V8 and the WebAssembly engine compile hot code meanwhile. */
const WARM_UP = 4;
const EPISODES = 12;
const HALF = 0.02;

/** One control step of a plan: vertical motion of the tool, m, and the gripper entry of the action. */
interface Motion {
  readonly rise: number;
  readonly gripper: number;
}

interface Scene {
  readonly start: readonly [number, number, number];
  readonly cubes: number;
  readonly plan: readonly Motion[];
  /** Whether the first cube, at height `z` (m), ended where it should. */
  readonly succeeded: (z: number) => boolean;
}

const SCENES: Readonly<Record<string, Scene>> = {
  grasp: {
    start: [0.5, 0, 0.12],
    cubes: 1,
    plan: [...phase(20, -0.1, 1), ...phase(14, 0, -1), ...phase(30, 0.25, -1), ...phase(36, 0, -1)],
    succeeded: (z) => z > 0.2,
  },
  "8 resting cubes": {
    start: [0.5, 0, 0.2],
    cubes: 8,
    plan: [...phase(20, 0.15, 1), ...phase(20, -0.15, 1), ...phase(20, 0.15, 1), ...phase(20, -0.15, 1)],
    succeeded: (z) => Math.abs(z - HALF) < 1e-3,
  },
};

interface Configuration {
  readonly scene: string;
  readonly rate: number;
  readonly iterations: number;
  readonly tolerance: number;
}

const OURS: Readonly<Record<string, Configuration>> = {
  "240 Hz, 20 iterations, 1e-5": { scene: "grasp", rate: 240, iterations: 20, tolerance: 1e-5 },
  "240 Hz, 10 iterations, 1e-3 (training)": { scene: "grasp", rate: 240, iterations: 10, tolerance: 1e-3 },
  "500 Hz, 20 iterations, 1e-5": { scene: "grasp", rate: 500, iterations: 20, tolerance: 1e-5 },
  "8 resting cubes, 240 Hz, 20 iterations, 1e-5": {
    scene: "8 resting cubes",
    rate: 240,
    iterations: 20,
    tolerance: 1e-5,
  },
};

/** Measure five times each, one configuration per process, turn by turn; the median counts. */
export async function run(): Promise<BenchRow[]> {
  const names = [...Object.keys(SCENES), ...Object.keys(OURS)];
  const results = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < 5; round++) {
    for (const name of names) results.get(name)!.push(measureAlone(import.meta.url, name));
  }
  const ours = Object.entries(OURS).map(([name, { scene }]) => {
    const value = median(results.get(name)!);
    return {
      what: `armgym, ${name}`,
      value,
      unit: "environment steps/s",
      against: "MuJoCo WASM, 2 ms",
      ratio: value / median(results.get(scene)!),
    };
  });
  const theirs = Object.keys(SCENES).map((scene) => ({
    what: `MuJoCo WASM, 2 ms, ${scene}`,
    value: median(results.get(scene)!),
    unit: "environment steps/s",
    against: null,
    ratio: null,
  }));
  return [...ours, ...theirs];
}

/** Rise by `rise` (m) in `steps` control steps, starting and ending at rest. */
function phase(steps: number, rise: number, gripper: number): Motion[] {
  const smooth = (t: number) => t * t * (3 - 2 * t);
  return Array.from({ length: steps }, (_, k) => ({
    rise: rise * (smooth((k + 1) / steps) - smooth(k / steps)),
    gripper,
  }));
}

/** Build the scene once; the function returned plays its plan and says whether it succeeded. */
function prepareOurs({ scene, rate, iterations, tolerance }: Configuration) {
  const { start, cubes, plan, succeeded } = SCENES[scene]!;
  const world = new World({ timestep: 1 / rate, iterations, tolerance });
  world.addTable();
  const arm = world.addArticulation(panda.articulation);
  const bodies = Array.from({ length: cubes }, (_, index) =>
    world.addBox({ name: `cube${index}`, halfExtents: [HALF, HALF, HALF], mass: 0.1 }),
  );
  const controller = createController("ee-delta", panda, arm);
  const substeps = rate / CONTROL_RATE;
  return (visit: (jointTargets: Float64Array) => void = () => {}): boolean => {
    controller.reset(start, 0, 0.04);
    for (const [index, body] of bodies.entries()) body.setPose([0.5 + 0.1 * index, 0, HALF]);
    world.settle();
    visit(arm.jointPositions);
    for (const { rise, gripper } of plan) {
      controller.setAction([0, 0, rise / 0.05, gripper]);
      for (let substep = 1; substep <= substeps; substep++) {
        controller.beforeSubstep(substep, substeps);
        world.step();
      }
      visit(arm.jointTargets);
    }
    return succeeded(bodies[0]!.position[2]);
  };
}

/** The same joint targets, interpolated the same way, with the same feed-forward of the arm's bias forces. */
async function prepareMujoco(name: string) {
  const { compileMjcf, mujoco } = await import("../physics/mujoco.js");
  const scene = SCENES[name]!;
  const { cubes, succeeded } = scene;
  const recorded: Float64Array[] = [];
  prepareOurs({ scene: name, rate: 240, iterations: 20, tolerance: 1e-5 })((targets) => {
    recorded.push(targets.slice());
  });
  const [start, ...targets] = recorded as [Float64Array, ...Float64Array[]];
  const cube = { shape: { type: "box", halfExtents: [HALF, HALF, HALF] }, mass: 0.1 } as const;
  const bodies = new Array(cubes).fill(cube);
  const { model, data } = compileMjcf(robotToMjcf(panda, { timestep: MUJOCO_STEP, contacts: true, bodies }));
  const substeps = Math.round(1 / CONTROL_RATE / MUJOCO_STEP);
  return (): boolean => {
    mujoco.mj_resetData(model, data);
    for (let dof = 0; dof < 7; dof++) data.qpos[dof] = start[dof]!;
    data.qpos[7] = 0.04;
    data.qpos[8] = 0.04;
    for (let cube = 0; cube < cubes; cube++) {
      data.qpos.set([0.5 + 0.1 * cube, 0, HALF, 1, 0, 0, 0], 9 + 7 * cube);
    }
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
    return succeeded(data.qpos[11]!);
  };
}

/** Environment steps per second of processor time of `play`, which plays the plan of `scene` once. */
function measure(scene: string, play: () => boolean): number {
  for (let episode = 0; episode < WARM_UP; episode++) play();
  // both engines run on one thread; on a shared machine the wall clock measures the neighbours as well
  const begin = process.cpuUsage();
  let succeeded = 0;
  for (let episode = 0; episode < EPISODES; episode++) if (play()) succeeded++;
  const { user, system } = process.cpuUsage(begin);
  const seconds = (user + system) / 1e6;
  if (succeeded < EPISODES)
    throw new Error(`only ${succeeded} of ${EPISODES} episodes of ${scene} succeeded`);
  return (EPISODES * SCENES[scene]!.plan.length) / seconds;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const name = process.argv[2]!;
  const configuration = OURS[name];
  const speed = configuration
    ? measure(configuration.scene, prepareOurs(configuration))
    : measure(name, await prepareMujoco(name));
  console.log(speed);
}
