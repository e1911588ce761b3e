// Looks that people see in place of those that cameras see.
import type { SceneShape } from "../../scene/scene.js";
import type { RobotLooks, RobotModel } from "../models/robot-model.js";
import { robotShapes } from "./robot-shapes.js";

/**
 * Give `robot` looks for people: cameras see it as before.
 *
 * Policies that see were trained on the looks without them; a picture stays the same, bit for bit.
 */
export function withLooksForPeople(robot: RobotModel, looks: Required<RobotLooks>): RobotModel {
  const seen = robotShapes(robot);
  const both = (cameras: readonly SceneShape[], people: readonly SceneShape[]): SceneShape[] => [
    ...cameras.map((shape) => ({ ...shape, seenBy: "cameras" as const })),
    ...people.map((shape) => ({ ...shape, seenBy: "people" as const })),
  ];
  const links = robot.articulation.links.map(({ name }, index) => [
    name,
    both(seen.links[index]!, looks.links[name] ?? []),
  ]);
  return { ...robot, looks: { base: both(seen.base, looks.base), links: Object.fromEntries(links) } };
}
