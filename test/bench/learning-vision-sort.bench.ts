// Is Sort-v1 learned from pictures by imitating the scripted expert?
import { learn } from "./learn.js";

/** The actor has three cameras and what the robot knows of itself: no pose of a cube. Three seeds. */
export const run = () =>
  learn("Sort-v1", {
    agent: "ppo-cnn-lstm",
    overrides: { observationMode: "camera" },
    teacher: "expert",
    variant: "from pictures, by the expert",
  });
