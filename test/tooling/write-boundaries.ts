// Write the import rules of rooms.ts into biome.json.
import { readFileSync, writeFileSync } from "node:fs";
import { biomeOverrides } from "./rooms.js";

const config = JSON.parse(readFileSync("biome.json", "utf8")) as Record<string, unknown>;
writeFileSync("biome.json", `${JSON.stringify({ ...config, overrides: biomeOverrides() }, null, 2)}\n`);
