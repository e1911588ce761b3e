// Is Lift-v1 learned by PPO alone?
import { learn } from "./learn.js";

/** Train three seeds. */
export const run = () => learn("Lift-v1");
