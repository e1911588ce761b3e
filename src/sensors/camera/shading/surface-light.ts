// How bright each surface part is: one formula for flat and round ones.

/**
 * Per part: the light that falls on a point of depth z in direction (u, v, 1) is `z * (x u + y v + z) - offset` times the
 * diffuse light, where that is positive.
 *
 * On a flat face the first three are 0. On a sphere of radius r the normal is (point - centre) / r, so they are the
 * direction to the light over r; on the side of a cylinder only the part of it across the axis counts.
 */
export class SurfaceLight {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly z: Float64Array;
  readonly offset: Float64Array;
  /** Colours, 0 to 255. */
  readonly red: Float64Array;
  readonly green: Float64Array;
  readonly blue: Float64Array;
  /** Unit vector to the light, in the camera's frame. */
  readonly direction = new Float64Array(3);

  constructor(numParts: number) {
    this.x = new Float64Array(numParts);
    this.y = new Float64Array(numParts);
    this.z = new Float64Array(numParts);
    this.offset = new Float64Array(numParts);
    this.red = new Float64Array(numParts);
    this.green = new Float64Array(numParts);
    this.blue = new Float64Array(numParts);
  }

  /** Set a part's red, green and blue, 0 to 255. */
  setColor(part: number, color: readonly number[]): void {
    this.red[part] = color[0]!;
    this.green[part] = color[1]!;
    this.blue[part] = color[2]!;
  }

  /** Light a part whose normal is (nx, ny, nz) everywhere. */
  setFlat(part: number, nx: number, ny: number, nz: number): void {
    const { direction } = this;
    this.x[part] = 0;
    this.y[part] = 0;
    this.z[part] = 0;
    this.offset[part] = -(nx * direction[0]! + ny * direction[1]! + nz * direction[2]!);
  }

  /** Light a part of a sphere around (cx, cy, cz). */
  setBall(part: number, cx: number, cy: number, cz: number, radius: number): void {
    const { direction } = this;
    const scale = 1 / radius;
    const lx = direction[0]! * scale;
    const ly = direction[1]! * scale;
    const lz = direction[2]! * scale;
    this.x[part] = lx;
    this.y[part] = ly;
    this.z[part] = lz;
    this.offset[part] = cx * lx + cy * ly + cz * lz;
  }

  /** Light the side of a cylinder around (cx, cy, cz) along the unit vector (ax, ay, az). */
  setTube(
    part: number,
    cx: number,
    cy: number,
    cz: number,
    ax: number,
    ay: number,
    az: number,
    radius: number,
  ): void {
    const { direction } = this;
    const scale = 1 / radius;
    const along = direction[0]! * ax + direction[1]! * ay + direction[2]! * az;
    const lx = (direction[0]! - along * ax) * scale;
    const ly = (direction[1]! - along * ay) * scale;
    const lz = (direction[2]! - along * az) * scale;
    this.x[part] = lx;
    this.y[part] = ly;
    this.z[part] = lz;
    this.offset[part] = cx * lx + cy * ly + cz * lz;
  }
}
