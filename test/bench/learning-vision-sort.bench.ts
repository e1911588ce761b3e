// Is Sort-v1 learned from pictures by imitating the scripted expert?
import { learnFromPictures } from "./learn.js";

/** Train three seeds. */
export const run = () =>
  learnFromPictures("Sort-v1", { teacher: "expert", variant: "from pictures, by the expert" });
