// All sources of data that armgym knows, by their ids.
import type { DataSource } from "../data-source.js";
import { defects, defectsUnseen } from "../defects/defects-source.js";
import { cmapssFd001 } from "./cmapss.js";
import { contacts } from "./contacts.js";
import { degradation } from "./degradation.js";
import { digits } from "./digits.js";
import { mnist } from "./mnist.js";
import { robotFailures } from "./robot-failures.js";
import { robotPrograms } from "./robot-programs.js";
import { sentences } from "./sentences.js";
import { tinyShakespeare } from "./tiny-shakespeare.js";

/** Public sets and generators, by id. */
export const dataSources: Readonly<Record<string, DataSource>> = Object.fromEntries(
  [
    ...[mnist, cmapssFd001, tinyShakespeare, robotFailures],
    ...[digits, degradation, sentences, contacts, defects, defectsUnseen, robotPrograms],
  ].map((source) => [source.id, source]),
);
