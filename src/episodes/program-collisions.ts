// What touches what it should not while a program moves an arm.
import type { Env } from "../env/env.js";
import type { ContactPoint } from "../scene/contact-point.js";
import { linkId } from "../scene/scene.js";

/** Contacts of less count for nothing, N. */
const LEAST_FORCE = 2;
/** A part that is held may be set down with this, N. */
const PRESSED = 40;

/** How the hand is when contacts are looked at. */
export interface HandState {
  /** Whether the fingers hold the part, or are just closing or opening: then they may touch it. */
  readonly mayTouch: boolean;
  /** Whether they hold the part. */
  readonly holds: boolean;
}

/** Returns the first contact that is a collision, in words: "left_finger touches the table"; undefined where there is none. */
export type CollisionCheck = (hand: HandState) => string | undefined;

/** Return what looks for collisions in the contacts of `env`: of the arm with the table, with itself, and with a part that it does not grip. */
export function collisionCheck(env: Env): CollisionCheck {
  const { entities } = env.scene();
  const ids = new Set(entities.map(({ id }) => id));
  const links = new Set(entities.filter(({ kind }) => kind === "link").map(({ id }) => id));
  const objects = new Set(entities.filter(({ kind }) => kind === "object").map(({ id }) => id));
  const tool = new Set(env.toolPoses()?.links ?? []);
  const idOf = (name: string): string => (ids.has(linkId(name)) ? linkId(name) : name);
  const isAllowed = (
    { bodyA, bodyB, normalForce }: ContactPoint,
    { mayTouch, holds }: HandState,
  ): boolean => {
    const [a, b] = [idOf(bodyA), idOf(bodyB)];
    if (!links.has(a) && !links.has(b))
      return !(holds && (objects.has(a) || objects.has(b)) && normalForce > PRESSED);
    // fingers that close on nothing touch each other
    if (tool.has(a) && tool.has(b)) return true;
    const isGrip = (tool.has(a) && objects.has(b)) || (tool.has(b) && objects.has(a));
    return isGrip && mayTouch;
  };
  return (hand) => {
    const found = env
      .contacts()
      .find((contact) => contact.normalForce > LEAST_FORCE && !isAllowed(contact, hand));
    return found && `${found.bodyA} touches ${found.bodyB} with ${found.normalForce.toFixed(0)} N`;
  };
}
