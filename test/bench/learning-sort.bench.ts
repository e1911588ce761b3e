// Is Sort-v1 learned from 500 scripted demonstrations?
import { learn } from "./learn.js";

/** Train three seeds. */
export const run = () => learn("Sort-v1", { demonstrations: 500 });
