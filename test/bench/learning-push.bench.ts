// Is Push-v1 learned, by PPO alone and from 200 scripted demonstrations?
import { learn } from "./learn.js";

/** Train three seeds in both ways. */
export const run = async () => [
  ...(await learn("Push-v1")),
  ...(await learn("Push-v1", { demonstrations: 200 })),
];
