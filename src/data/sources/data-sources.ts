// All sources of data that armgym knows, by their ids.
import type { DataSource } from "../data-source.js";
import { cmapssFd001 } from "./cmapss.js";
import { mnist } from "./mnist.js";
import { robotFailures } from "./robot-failures.js";
import { tinyShakespeare } from "./tiny-shakespeare.js";

/** Public sets and generators, by id. */
export const dataSources: Readonly<Record<string, DataSource>> = Object.fromEntries(
  [mnist, cmapssFd001, tinyShakespeare, robotFailures].map((source) => [source.id, source]),
);
