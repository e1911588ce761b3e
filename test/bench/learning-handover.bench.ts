// Is Handover-v1 learned from demonstrations of its expert?
import { learn } from "./learn.js";

/** Train three seeds. */
export const run = () => learn("Handover-v1", { demonstrations: 200 });
