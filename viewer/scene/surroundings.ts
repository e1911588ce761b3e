// Light and floor of the scene.
import {
  CircleGeometry,
  DirectionalLight,
  GridHelper,
  HemisphereLight,
  Mesh,
  type Scene,
  ShadowMaterial,
} from "three";

const FLOOR_HEIGHT = -0.041;

/** Add a sun with shadows, a fill light and a floor. */
export function addSurroundings(scene: Scene): void {
  // no environment map: without a graphics card it costs seconds
  const sun = new DirectionalLight(0xfff6ea, 2.1);
  sun.position.set(0.9, -0.7, 2.2);
  sun.target.position.set(0.35, 0, 0);
  sun.castShadow = true;
  sun.shadow.mapSize.set(1024, 1024);
  sun.shadow.bias = -0.0003;
  sun.shadow.normalBias = 0.008;
  sun.shadow.radius = 4;
  Object.assign(sun.shadow.camera, { left: -1.1, right: 1.1, top: 1.1, bottom: -1.1, near: 0.5, far: 4.5 });
  const fill = new DirectionalLight(0xdfe8ff, 0.5);
  fill.position.set(-0.8, 1.2, 0.6);
  const grid = new GridHelper(8, 80, 0x8a94a3, 0x8a94a3);
  grid.rotation.x = Math.PI / 2;
  grid.position.z = FLOOR_HEIGHT;
  Object.assign(grid.material, { transparent: true, opacity: 0.28 });
  const shade = new Mesh(new CircleGeometry(3, 64), new ShadowMaterial({ opacity: 0.22 }));
  shade.position.z = FLOOR_HEIGHT - 0.001;
  shade.receiveShadow = true;
  scene.add(sun, sun.target, fill, new HemisphereLight(0xffffff, 0x8b909c, 1.5), grid, shade);
}
