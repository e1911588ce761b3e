// The cannon-es body of an arm's link: it has a place in the cannon-es world, but the articulation moves it.
import { Body as CannonBody } from "cannon-es";
import type { Articulation } from "./articulation.js";

/** A body whose pose follows a link; cannon-es never integrates it. */
export class LinkBody extends CannonBody {
  /** Index in the articulation's model. */
  readonly link: number;
  private readonly articulation: Articulation;

  constructor(articulation: Articulation, link: number) {
    super({ mass: 0, type: CannonBody.KINEMATIC });
    this.articulation = articulation;
    this.link = link;
    this.follow();
  }

  /** Copy the pose of the link. */
  follow(): void {
    const { linkPositions: p, linkQuaternions: q } = this.articulation;
    this.position.set(p[3 * this.link]!, p[3 * this.link + 1]!, p[3 * this.link + 2]!);
    const o = 4 * this.link;
    this.quaternion.set(q[o]!, q[o + 1]!, q[o + 2]!, q[o + 3]!);
  }

  /** Do nothing but follow: the articulation has already moved the link. */
  override integrate(): void {
    this.follow();
  }
}
