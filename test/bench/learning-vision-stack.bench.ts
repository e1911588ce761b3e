// Is Stack-v1 learned from pictures by imitating the scripted expert?
import { learnFromPictures } from "./learn.js";

/** Train three seeds. */
export const run = () =>
  learnFromPictures("Stack-v1", { teacher: "expert", variant: "from pictures, by the expert" });
