// Is BinPick-v1 learned from 200 scripted demonstrations?
import { learn } from "./learn.js";

/** Train three seeds. */
export const run = () => learn("BinPick-v1", { demonstrations: 200 });
