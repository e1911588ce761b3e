// Everything that the golden tests of episodes and pictures call of the library; a change of its API touches this file alone.
import { expertPolicy, experts } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import type { Env } from "../../src/env/env.js";
import { recordDemonstration } from "../../src/episodes/demonstrate.js";
import { createRandom } from "../../src/math/random.js";
import { UsageError } from "../../src/math/usage-error.js";
import type { WorldSnapshot } from "../../src/physics/world-snapshot.js";
import { CONTROL_MODES } from "../../src/robots/control/controller.js";
import { POSE_SIZE } from "../../src/scene/scene.js";
import { Camera } from "../../src/sensors/camera/camera.js";
import { PLAIN_LOOK } from "../../src/sensors/camera/shading/look.js";
import { thorough } from "../robots/thorough.js";
import type { Parts } from "./golden.js";

/** Id of an environment. */
export type EnvId = keyof typeof envs;

export const ENV_IDS = Object.keys(envs) as EnvId[];
export const ROBOT_IDS = Object.keys(thorough);
export const MODES: readonly string[] = CONTROL_MODES;

/** Each random action is held for as many steps, so that the arm gets somewhere. */
const HELD = 6;

/** Whether an environment refuses `config`: a robot may lack what a task needs. */
export function refuses(id: EnvId, config: Readonly<Record<string, unknown>>): boolean {
  try {
    envs[id].create(config);
    return false;
  } catch (error) {
    if (error instanceof UsageError) return true;
    throw error;
  }
}

/** Step by random actions; a new episode begins where one ends. */
export function playRandomly(
  id: EnvId,
  config: Readonly<Record<string, unknown>>,
  seed: number,
  steps: number,
): Parts {
  const env = envs[id].create(config);
  const random = createRandom(`golden/${seed}`);
  const [positions, velocities, rewards, observations]: [number[], number[], number[], number[]] = [
    [],
    [],
    [],
    [],
  ];
  const keep = (observation: Float32Array, reward: number) => {
    positions.push(...posesOf(env), ...env.jointPositions());
    velocities.push(...velocitiesOf(env));
    rewards.push(reward);
    observations.push(...observation);
  };
  keep(env.reset({ seed }).observation.state, 0);
  let action: number[] = [];
  for (let step = 0; step < steps; step++) {
    if (step % HELD === 0) action = env.spec.action.map(() => random.uniform(-1, 1));
    const { observation, reward, terminated, truncated, info } = env.step(action);
    keep(observation.state, reward);
    rewards.push(...Object.values(info.rewardTerms), info.success ? 1 : 0);
    if (terminated || truncated) keep(env.reset().observation.state, 0);
  }
  return { positions, velocities, rewards, observations };
}

function posesOf(env: Env): Float64Array {
  const poses = new Float64Array(POSE_SIZE * env.scene().entities.length);
  env.poses(poses);
  return poses;
}

/** Joint velocities, and those of free bodies: linear 3, angular 3 each. */
function velocitiesOf(env: Env): number[] {
  const { world } = env.snapshot().simulation as { readonly world: WorldSnapshot };
  const { joints, freeBodies } = world;
  const count = env.jointPositions().length;
  const bodies = Array.from({ length: freeBodies.length / 22 }, (_, k) => [
    ...freeBodies.subarray(22 * k + 7, 22 * k + 13),
  ]);
  return [...joints.subarray(count, 2 * count), ...bodies.flat()];
}

/** Play an episode by the scripted expert with noise. */
export function playExpert(id: EnvId, seed: number): Parts {
  const env = envs[id].create();
  const { frames } = recordDemonstration(env, expertPolicy(experts[id], env.spec), seed, {
    agent: "expert",
    noise: 0.1,
  });
  return {
    actions: frames.map(({ action }) => action),
    positions: frames.map(({ poses, jointPositions }) => [...poses, ...jointPositions]),
    contacts: frames.map(({ contacts }) =>
      contacts.flatMap(({ position, force }) => [...position, ...force]),
    ),
    rewards: frames.map(({ reward, rewardTerms, success }) => [
      reward,
      ...Object.values(rewardTerms),
      success ? 1 : 0,
    ]),
    observations: frames.map(({ observation }) => observation),
  };
}

/** What each of a robot's cameras draws of a cell, plainly and with shadows: bytes, depth and labels. */
export function drawPictures(robot: string, seed: number): Readonly<Record<string, Parts>> {
  const env = envs["PickPlace-v1"].create({ robot, observationMode: "camera" });
  const random = createRandom(`golden/${seed}`);
  env.reset({ seed });
  const action = env.spec.action.map(() => random.uniform(-1, 1));
  for (let step = 0; step < 8; step++) env.step(action);
  const [scene, poses] = [env.scene(), posesOf(env)];
  const drawn = env.spec.image!.cameras.map((description): [string, Parts] => {
    const camera = new Camera(scene, description);
    const size = description.width * description.height;
    const rgb = camera.render(poses).slice();
    const shadowed = new Camera(scene, description, { ...PLAIN_LOOK, shadows: true });
    return [
      description.name,
      {
        rgb,
        depth: camera.depth(new Float32Array(size)),
        segmentation: camera.segmentation(new Uint16Array(size)),
        shadows: shadowed.render(poses),
      },
    ];
  });
  return Object.fromEntries(drawn);
}

/** What is observed in an episode whose look, physics and cameras vary: images, states, and what was drawn. */
export function seeVariedly(robot: string, seed: number): Parts {
  const env = envs["PickPlace-v1"].create({
    robot,
    observationMode: "camera",
    visualRandomization: "default",
    randomization: "default",
  });
  const random = createRandom(`golden/${seed}`);
  const images: Uint8Array[] = [];
  const states: Float32Array[] = [];
  let { observation } = env.reset({ seed });
  for (let step = 0; step < 6; step++) {
    images.push(observation.image!);
    states.push(observation.state, observation.privileged!);
    observation = env.step(env.spec.action.map(() => random.uniform(-1, 1))).observation;
  }
  return { images, states, drawn: { ...env.drawn() } as Parts };
}
