// Is PickPlace-v1 learned from pictures by imitating the scripted expert, and Reach-v1 by PPO? Three seeds each, 200 held-out episodes.
import type { BenchRow } from "../../src/cli/bench-command.js";
import { learn } from "./learn.js";

const SEEING = { agent: "ppo-cnn-lstm", overrides: { observationMode: "camera" } };

/** The actor has three cameras and what the robot knows of itself: no pose of the cube, none of the goal. */
export async function run(): Promise<BenchRow[]> {
  return [
    ...(await learn("PickPlace-v1", {
      ...SEEING,
      teacher: "expert",
      variant: "from pictures, by the expert",
    })),
    ...(await learn("Reach-v1", { ...SEEING, variant: "from pictures" })),
  ];
}
