// The environment that this module's own address names, "…/named-by-address.js?name=gym:Reacher-v5": so a thread imports it by its
// address, as it does any other environment.
import { gymnasiumEnv } from "./gymnasium-factory.js";

const MODULE = import.meta.url.replace(/\?.*$/, "");

/** The address of the module that exports the environment `name`. */
export function addressOf(name: string): string {
  return new URL(`./named-by-address.js?name=${encodeURIComponent(name)}`, MODULE).href;
}

const name = new URL(import.meta.url).searchParams.get("name");

/** The environment of the address; undefined where that names none. */
export const env = name === null ? undefined : gymnasiumEnv(name);
