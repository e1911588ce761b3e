// Is Slide-v1 learned by imitating the scripted expert?
import { learn } from "./learn.js";

/** Train three seeds: the student acts, the expert says what it should have done (DAgger). */
export const run = () => learn("Slide-v1", { teacher: "expert", variant: "taught by the expert" });
