// What a server says of its policy when a session begins, in both protocols; browser-safe.
import { z } from "zod";
import { type PolicyManifest, policyManifestSchema } from "../../deploy/policy-manifest.js";
import { VERSION } from "../../version.js";

/** Version of the JSON protocol: a client of another one is refused by what it reads in the first message. */
export const PROTOCOL = 1;

/** The WebSocket subprotocol that clients with a token offer beside it. */
export const SUBPROTOCOL = "armgym-policy";
/** What the subprotocol begins with that carries a token in base64url: pages cannot set headers. */
export const TOKEN_SUBPROTOCOL = "armgym-token.";

/** The metadata, by the names that policy.json has for them. */
export const servedPolicySchema = policyManifestSchema
  .pick({
    env: true,
    agent: true,
    robot: true,
    jointNames: true,
    controlMode: true,
    controlRate: true,
    observation: true,
    action: true,
    image: true,
    training: true,
  })
  .extend({
    /** Version of the JSON protocol. */
    protocol: z.number(),
    /** Of the server. */
    armgymVersion: z.string(),
    /** Of the armgym that exported the policy. */
    policyVersion: z.string(),
    /** Whether it remembers the episode, so that `reset` matters. */
    hasMemory: z.boolean(),
    /** Longest message that the server takes, bytes. */
    maxMessageBytes: z.number(),
  });

/** What a server says of its policy: names, units and limits of what it reads and answers, rate, cameras, memory, versions. */
export type ServedPolicy = z.infer<typeof servedPolicySchema>;

/** Room for names, numbers as text and punctuation, bytes: once, and per entry of the observation. */
const ROOM = 2 ** 16;
const ENTRY_ROOM = 256;
/** An image as text takes 4/3 of its bytes; a PNG may be a little larger than what it holds. */
const IMAGE_FACTOR = 2;

/** Return what is said of the policy of `manifest`. */
export function describePolicy(manifest: PolicyManifest): ServedPolicy {
  const { format, formatVersion, armgymVersion, memory, ...rest } = manifest;
  const { image, observation } = manifest;
  const imageBytes = image ? image.height * image.width * image.channels : 0;
  return {
    protocol: PROTOCOL,
    ...rest,
    armgymVersion: VERSION,
    policyVersion: armgymVersion,
    hasMemory: memory !== undefined,
    maxMessageBytes: ROOM + ENTRY_ROOM * observation.length + IMAGE_FACTOR * imageBytes,
  };
}
