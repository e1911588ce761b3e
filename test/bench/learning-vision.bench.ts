// Is PickPlace-v1 learned from pictures by imitating the scripted expert?
import { learn } from "./learn.js";

/** The actor has three cameras and what the robot knows of itself: no pose of the cube, none of the goal. Three seeds. */
export const run = () =>
  learn("PickPlace-v1", {
    agent: "ppo-cnn-lstm",
    overrides: { observationMode: "camera" },
    teacher: "expert",
    variant: "from pictures, by the expert",
  });
