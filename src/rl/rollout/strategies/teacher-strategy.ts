// DAgger's way of collecting: every step is labelled by the teacher, whoever acts in it.
import type { Arrays } from "../../../compile/engines/engine.js";
import type { EpisodeResult, VecEnv } from "../../../env/vec-env.js";
import { clippedAction } from "../../../math/clipped-action.js";
import type { Random } from "../../../math/random.js";
import type { Teacher } from "../../imitation/teacher.js";
import type { RolloutBuffer } from "../rollout-buffer.js";
import type { CollectionStrategy, TeacherCollection } from "./strategy.js";

/** Writes what the teacher says as `data.actions`; the teacher or the policy acts, episode by episode, disturbed by noise. */
export class TeacherStrategy implements CollectionStrategy {
  private readonly envs: VecEnv;
  private readonly random: Random;
  private readonly teacher: Teacher;
  private readonly firstEnv: number;
  private share = 1;
  private noise = 0;
  /** 1 where the teacher acts in the episode under way. [N] */
  private readonly byTeacher: Uint8Array;

  /** The first of `envs` has the index `firstEnv` among all of a run. */
  constructor(envs: VecEnv, random: Random, teacher: Teacher, firstEnv: number) {
    this.envs = envs;
    this.random = random;
    this.teacher = teacher;
    this.firstEnv = firstEnv;
    this.byTeacher = new Uint8Array(envs.numEnvs).fill(1);
  }

  /** Begin a rollout. */
  begin({ share, noise }: TeacherCollection): void {
    this.share = share;
    this.noise = noise;
  }

  async act({ actions: all }: RolloutBuffer, t: number, { mean }: Arrays): Promise<Float32Array> {
    const { privileged, observations, numEnvs, actionSize } = this.envs;
    const size = numEnvs * actionSize;
    const labels = all.subarray(t * size, (t + 1) * size);
    labels.set(await this.teacher.act(privileged.length > 0 ? privileged : observations));
    return this.disturbed(labels, mean as Float32Array);
  }

  /** Choose who acts in the episodes that start now. */
  stepped(): void {
    const { terminated, truncated, numEnvs } = this.envs;
    for (let i = 0; i < numEnvs; i++)
      if (terminated[i] === 1 || truncated[i] === 1)
        this.byTeacher[i] = this.random.uniform() < this.share ? 1 : 0;
  }

  finish(): void {}

  counts({ env, dropped }: EpisodeResult): boolean {
    return dropped !== undefined || this.byTeacher[env - this.firstEnv] === 0;
  }

  /** Copy who acts in the episodes under way. */
  actors(): Uint8Array {
    return this.byTeacher.slice();
  }

  /** Go on with the episodes under way; absent: all are the teacher's. */
  restore(byTeacher: Uint8Array | undefined): void {
    if (byTeacher) this.byTeacher.set(byTeacher);
    else this.byTeacher.fill(1);
  }

  /** Return what is executed where the teacher says `labels` and the policy `mean`. */
  private disturbed(labels: Float32Array, mean: Float32Array): Float32Array {
    const { action } = this.envs.spec;
    return labels.map((label, k) => {
      const entry = k % action.length;
      const wanted = this.byTeacher[Math.floor(k / action.length)] === 1 ? label : mean[k]!;
      const spread = action[entry]!.name === "gripper" ? 0 : this.noise;
      return clippedAction(wanted) + (spread === 0 ? 0 : spread * this.random.normal());
    });
  }
}
