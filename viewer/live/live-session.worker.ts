// What the worker holds: one live episode, the loaded policies, and who acts.
import { expertPolicy, experts, type ScriptedExpert } from "../../agents/index.js";
import { envs } from "../../envs/index.js";
import { wasmEngine } from "../../src/compile/engines/wasm-engine.js";
import {
  type LivePolicy,
  type LivePrediction,
  openLivePolicy,
  parseLivePolicy,
} from "../../src/deploy/live-policy.js";
import type { EnvInfo } from "../../src/env/env.js";
import { fullState } from "../../src/env/observation.js";
import { findEnv } from "../../src/env/registry.js";
import { LiveEpisode } from "../../src/episodes/live-episode.js";
import { executedAction } from "../../src/episodes/replay-recording.js";
import { haveSameEntries } from "../../src/recording/entry-names.js";
import { writeRecording } from "../../src/recording/mcap-write.js";
import type { EpisodeRecording, RecordedFrame } from "../../src/recording/recording.js";
import { standingEntities } from "../../src/scene/scene.js";
import { explain } from "./explain.worker.js";
import type { Driver, LiveStart, LoadedPolicy, Questions, Which } from "./protocol.js";
import { SeenEpisode } from "./seen-episode.worker.js";
import { storedPictures } from "./stored-pictures.worker.js";

type Ask<Name extends keyof Questions> = Questions[Name]["ask"];
type Reply<Name extends keyof Questions> = Promise<Questions[Name]["answer"]>;

/** Answers every question of the protocol by a method of its name. */
export class LiveSession implements Asked {
  private readonly policies = new Map<string, LivePolicy>();
  private binary: Uint8Array<ArrayBuffer> | undefined;
  private episode: LiveEpisode | undefined;
  private live: SeenEpisode | undefined;
  private watched: SeenEpisode | undefined;
  private source: EpisodeRecording | undefined;
  private driver: Driver = { kind: "manual" };
  private expert: ((state: Float32Array) => number[]) | undefined;
  /** What the driving policy says of the present observation. */
  private said: LivePrediction | undefined;

  async engine({ binary }: Ask<"engine">): Reply<"engine"> {
    this.binary = binary;
  }

  async start({ recording, frame, driver }: Ask<"start">): Reply<"start"> {
    const episode = new LiveEpisode(findEnv(envs, recording.header.env), recording, frame);
    this.episode = episode;
    this.live = new SeenEpisode(recording.header, episode.frames);
    this.source = recording;
    const { spec } = episode;
    this.expert = expertFor(spec);
    const answered = await this.drive({ driver });
    return { ...describe(recording, spec, episode.difference, this.expert !== undefined), ...answered };
  }

  async drive({ driver }: Ask<"drive">): Reply<"drive"> {
    const episode = this.running();
    if (driver.kind === "expert" && !this.expert) {
      throw new Error(
        `There is no scripted expert for ${episode.spec.id} as it is set. Let somebody else act.`,
      );
    }
    this.driver = driver;
    this.said = undefined;
    if (driver.kind === "policy") {
      const policy = this.loaded(driver.title);
      requireSame(policy, episode.spec);
      requireSight(policy, this.source!);
      this.said = await this.live!.said(policy, episode.frames.length - 1);
    }
    return { frame: this.annotated(episode) };
  }

  async step({ hand, manual }: Ask<"step">): Reply<"step"> {
    const episode = this.running();
    const action = this.action(episode, manual);
    if (!action)
      return {
        frame: this.annotated(episode),
        index: episode.frames.length - 1,
        ended: "The recorded actions end here.",
      };
    episode.step(action, hand);
    if (this.driver.kind === "policy") {
      const { state, privileged = [], image } = episode.observation;
      const sensed = { observation: [...state, ...privileged], ...(image ? { image } : {}) };
      this.said = await this.loaded(this.driver.title).predict(sensed, this.said?.memory);
    }
    return { frame: this.annotated(episode), index: episode.frames.length - 1 };
  }

  async recording(): Reply<"recording"> {
    const agent =
      this.driver.kind === "policy" ? this.loaded(this.driver.title).document.agent : this.driver.kind;
    return this.running().recording(agent);
  }

  async save(): Reply<"save"> {
    return new Uint8Array(await writeRecording(await this.recording()));
  }

  async load({ document }: Ask<"load">): Reply<"load"> {
    const parsed = parseLivePolicy(document, "What the server sent");
    const policy = await openLivePolicy(parsed, await wasmEngine(this.binary));
    await this.policies.get(parsed.title)?.dispose();
    this.policies.set(parsed.title, policy);
    const { title, env, agent, steps, successRate, observation, action } = parsed;
    const loaded: LoadedPolicy = {
      title,
      env,
      agent,
      steps,
      successRate,
      observation,
      action,
      hasMemory: policy.hasMemory,
    };
    return loaded;
  }

  async watch({ recording: { header, frames } }: Ask<"watch">): Reply<"watch"> {
    this.watched = new SeenEpisode(header, frames);
  }

  async see({ which, frame }: Ask<"see">): Reply<"see"> {
    const episode = this.seen(which, frame);
    const { pictures } = episode.frames[frame]!;
    if (pictures) return storedPictures(pictures);
    return episode.eyes?.pictures(episode.frames[frame]!, frame) ?? [];
  }

  async explain({ title, which, frame, output, method }: Ask<"explain">): Reply<"explain"> {
    const policy = this.loaded(title);
    const episode = this.seen(which, frame);
    requireSight(policy, episode);
    return explain(policy, episode, frame, output, method);
  }

  async remember({ title }: Ask<"remember">): Reply<"remember"> {
    const policy = this.loaded(title);
    const episode = this.seen("watched", 0);
    requireSight(policy, episode);
    const remembered: number[][] = [];
    for (const frame of episode.frames.keys()) {
      const memory = await episode.memoryBefore(policy, frame + 1);
      remembered.push([...(memory?.memory ?? [])]);
    }
    return remembered;
  }

  private seen(which: Which, frame: number): SeenEpisode {
    const episode = which === "live" ? this.live : this.watched;
    if (!episode?.frames[frame]) throw new Error("There is no such frame any more.");
    return episode;
  }

  private running(): LiveEpisode {
    if (!this.episode) throw new Error("There is no live episode. Continue a recording first.");
    return this.episode;
  }

  private loaded(title: string): LivePolicy {
    const policy = this.policies.get(title);
    if (!policy) throw new Error(`The policy ${title} is not loaded.`);
    return policy;
  }

  /** The action of whoever drives; undefined where there is none any more. */
  private action(episode: LiveEpisode, manual: readonly number[]): ArrayLike<number> | undefined {
    const { kind } = this.driver;
    if (kind === "policy") return this.said!.mean;
    if (kind === "expert") return this.expert!(fullState(episode.observation));
    if (kind === "recorded") {
      const frame = this.source!.frames[episode.frames.length];
      return frame && executedAction(frame);
    }
    return manual;
  }

  private annotated(episode: LiveEpisode): RecordedFrame {
    return episode.annotate(this.said?.value ?? null, this.said?.memory.memory);
  }
}

type Asked = { readonly [Name in keyof Questions]: (ask: Ask<Name>) => Reply<Name> };

function expertFor(spec: EnvInfo): ((state: Float32Array) => number[]) | undefined {
  const known: Readonly<Record<string, ScriptedExpert>> = experts;
  const expert = Object.hasOwn(known, spec.id) ? known[spec.id] : undefined;
  return expert && spec.controlMode.startsWith("ee-delta") ? expertPolicy(expert, spec) : undefined;
}

/** A policy of another task would be fed numbers that it takes for something else. */
function requireSame({ document }: LivePolicy, { observation, action, id }: EnvInfo): void {
  const names = (entries: readonly { readonly name: string }[]) => entries.map(({ name }) => name);
  const isSame =
    haveSameEntries(names(document.observation), names(observation)) &&
    haveSameEntries(names(document.action), names(action));
  if (isSame) return;
  throw new Error(
    `The policy ${document.title} was trained on other observations or actions than ${id} has here. Choose another one.`,
  );
}

/** A policy that sees is fed by the cameras that it was trained with, and no others. */
function requireSight(
  { document }: LivePolicy,
  { header }: { readonly header: EpisodeRecording["header"] },
): void {
  const { cameras, title } = document;
  if (!cameras || JSON.stringify(cameras) === JSON.stringify(header.cameras)) return;
  throw new Error(
    header.cameras
      ? `The policy ${title} was trained with other cameras than this recording has. Choose another one.`
      : `The policy ${title} sees by cameras, and this recording was made without. Choose another one.`,
  );
}

function describe(
  { header }: EpisodeRecording,
  spec: EnvInfo,
  difference: number,
  hasExpert: boolean,
): LiveStart {
  const { entities } = header.scene;
  const standing = standingEntities(header.scene);
  const named = (kind: "object" | "link") =>
    entities.filter((entity, index) => entity.kind === kind && !standing[index]);
  return {
    difference,
    movable: [
      ...named("object").map(({ id }) => ({ entity: id, isObject: true })),
      ...named("link").map(({ id }) => ({ entity: id, isObject: false })),
    ],
    hasGoal: entities.some(({ kind }) => kind === "goal"),
    hasExpert,
    actionNames: spec.action.map(({ name }) => name),
    controlRate: spec.controlRate,
  };
}
