// Pairs of links whose shapes overlap by construction, found by trying postures (as MoveIt's setup assistant does).
import { createRandom } from "../../../math/random.js";
import type { Articulation } from "../../../physics/articulation/articulation.js";
import type { ArticulationModel } from "../../../physics/articulation/articulation-model.js";
import { World } from "../../../physics/world.js";
import type { RobotModel } from "../../models/robot-model.js";

/** Postures that are tried. */
const NUM_POSTURES = 200;
/** Links that overlap in more of them than this share do so because of their shapes, not because they hit each other. */
const USUAL = 1 / 3;

/** Most pairs that are told by name. */
const MOST_TOLD = 10;

type Assume = (assumption: string) => void;
type Pair = readonly [string, string];

/**
 * Let links of `model` overlap that do so in more than a third of 200 random postures, and tell which.
 *
 * Neighbours and links that share a degree of freedom are not tested against each other anyway. The same model gives the same pairs.
 */
export function allowUsualOverlaps(model: ArticulationModel, assume: Assume): ArticulationModel {
  const { arm, overlapping } = probe(model);
  const random = createRandom("overlapping links");
  const counts = new Map<string, { readonly pair: Pair; count: number }>();
  for (let posture = 0; posture < NUM_POSTURES; posture++) {
    const positions = Array.from({ length: arm.numDofs }, (_, dof) =>
      random.uniform(arm.lowerLimits[dof]!, arm.upperLimits[dof]!),
    );
    for (const pair of overlapping(positions)) {
      const entry = counts.get(pair.join("\n")) ?? { pair, count: 0 };
      entry.count++;
      counts.set(pair.join("\n"), entry);
    }
  }
  const usual = [...counts.values()].filter(({ count }) => count > USUAL * NUM_POSTURES);
  return allow(
    model,
    usual.map(({ pair }) => pair),
    "in more than a third of all postures",
    assume,
  );
}

/** Let links of `robot` overlap that do so in its home posture, and tell which. */
export function allowHomeOverlaps(robot: RobotModel, assume: Assume): RobotModel {
  const pairs = probe(robot.articulation).overlapping(robot.home);
  return { ...robot, articulation: allow(robot.articulation, pairs, "in the home posture", assume) };
}

function allow(
  model: ArticulationModel,
  pairs: readonly Pair[],
  when: string,
  assume: Assume,
): ArticulationModel {
  if (pairs.length === 0) return model;
  const told = pairs.slice(0, MOST_TOLD).map((pair) => pair.join(" and "));
  const more = pairs.length > MOST_TOLD ? ` (and ${pairs.length - MOST_TOLD} pairs more)` : "";
  assume(`links that overlap ${when} do not stop each other: ${told.join(", ")}${more}`);
  return { ...model, mayOverlap: [...(model.mayOverlap ?? []), ...pairs] };
}

function probe(model: ArticulationModel): {
  readonly arm: Articulation;
  readonly overlapping: (positions: readonly number[]) => Pair[];
} {
  const world = new World({ timestep: 0.01 });
  const arm = world.addArticulation(model);
  return {
    arm,
    overlapping: (positions) => {
      arm.reset(positions);
      const pairs = new Map<string, Pair>();
      for (const { bodyA, bodyB } of world.overlaps()) {
        const pair: Pair = bodyA < bodyB ? [bodyA, bodyB] : [bodyB, bodyA];
        pairs.set(pair.join("\n"), pair);
      }
      return [...pairs.values()];
    },
  };
}
