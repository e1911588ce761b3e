// Is PickPlace-v1 learned from 200 scripted demonstrations, and by every seed?
import { learn } from "./learn.js";

/** Train five seeds. */
export const run = () => learn("PickPlace-v1", { demonstrations: 200, seeds: [1, 2, 3, 4, 5] });
