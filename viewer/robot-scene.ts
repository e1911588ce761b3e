// The 3-D view: builds a recording's entities and places them.
import {
  AmbientLight,
  BoxGeometry,
  BufferGeometry,
  CapsuleGeometry,
  Color,
  CylinderGeometry,
  DirectionalLight,
  Float32BufferAttribute,
  GridHelper,
  Group,
  HemisphereLight,
  Line,
  LineBasicMaterial,
  Mesh,
  MeshStandardMaterial,
  PCFShadowMap,
  PerspectiveCamera,
  Scene,
  SphereGeometry,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import type { EpisodeRecording, RecordedFrame } from "../src/replay/recording.js";
import { POSE_SIZE, type SceneShape } from "../src/replay/scene.js";

/** Draws one recording at a time. */
export class RobotScene {
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(40, 1, 0.02, 20);
  private readonly controls: OrbitControls;
  private entities: Group[] = [];
  private trail: Line | undefined;

  /** Throws where the browser has no WebGL. */
  constructor(canvas: HTMLCanvasElement) {
    this.renderer = new WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const paint = () => {
      this.scene.background = new Color(dark.matches ? 0x1a1d22 : 0xe9edf2);
      this.render();
    };
    this.camera.up.set(0, 0, 1);
    this.camera.position.set(1.35, -1.15, 0.85);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.target.set(0.35, 0, 0.25);
    this.controls.maxDistance = 6;
    this.controls.addEventListener("change", () => this.render());
    this.addLights();
    const grid = new GridHelper(4, 40, 0x8a94a3, 0xb4bcc8);
    grid.rotation.x = Math.PI / 2;
    grid.position.z = -0.041;
    this.scene.add(grid);
    dark.addEventListener("change", paint);
    new ResizeObserver(() => this.resize(canvas)).observe(canvas.parentElement!);
    this.resize(canvas);
    this.controls.update();
    paint();
  }

  /** Show another recording. */
  open(recording: EpisodeRecording): void {
    for (const entity of this.entities) {
      this.scene.remove(entity);
      entity.traverse((part) => {
        if (!(part instanceof Mesh)) return;
        part.geometry.dispose();
        part.material.dispose();
      });
    }
    this.entities = recording.header.scene.entities.map(({ kind, shapes }) => {
      const group = new Group();
      for (const shape of shapes) group.add(meshOf(shape, kind));
      this.scene.add(group);
      return group;
    });
    this.addTrail(recording);
    this.place(recording.frames[0]!, 0);
  }

  /** Put every entity where it is in `frame`, and draw. */
  place(frame: RecordedFrame, index: number): void {
    for (const [k, entity] of this.entities.entries()) {
      const [x, y, z, qx, qy, qz, qw] = frame.poses.slice(POSE_SIZE * k, POSE_SIZE * (k + 1)) as Pose;
      entity.position.set(x, y, z);
      entity.quaternion.set(qx, qy, qz, qw);
    }
    this.trail?.geometry.setDrawRange(0, index + 1);
    this.render();
  }

  private render(): void {
    this.renderer.render(this.scene, this.camera);
  }

  private resize(canvas: HTMLCanvasElement): void {
    const { clientWidth: width, clientHeight: height } = canvas.parentElement!;
    if (width === 0 || height === 0) return;
    this.renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.fov = width < height ? 55 : 40;
    this.camera.updateProjectionMatrix();
    this.render();
  }

  private addLights(): void {
    this.scene.add(new HemisphereLight(0xffffff, 0x8d93a0, 1.4), new AmbientLight(0xffffff, 0.35));
    const sun = new DirectionalLight(0xffffff, 2.2);
    sun.position.set(0.9, -0.8, 2.2);
    sun.target.position.set(0.4, 0, 0);
    sun.castShadow = true;
    sun.shadow.mapSize.set(2048, 2048);
    sun.shadow.bias = -0.0004;
    sun.shadow.normalBias = 0.01;
    Object.assign(sun.shadow.camera, { left: -1, right: 1, top: 1, bottom: -1, near: 0.5, far: 5 });
    this.scene.add(sun, sun.target);
  }

  /** The way of the first object, or of the hand where there is none. */
  private addTrail({ header, frames }: EpisodeRecording): void {
    if (this.trail) {
      this.scene.remove(this.trail);
      this.trail.geometry.dispose();
    }
    const { entities } = header.scene;
    const object = entities.findIndex(({ kind }) => kind === "object");
    const shown = object >= 0 ? object : entities.findLastIndex(({ kind }) => kind === "link");
    if (shown < 0) return;
    const points = frames.flatMap(({ poses }) => poses.slice(POSE_SIZE * shown, POSE_SIZE * shown + 3));
    const geometry = new BufferGeometry().setAttribute("position", new Float32BufferAttribute(points, 3));
    this.trail = new Line(geometry, new LineBasicMaterial({ color: 0x1f7ae0 }));
    this.trail.frustumCulled = false;
    this.scene.add(this.trail);
  }
}

type Pose = [number, number, number, number, number, number, number];

function meshOf(shape: SceneShape, kind: string): Mesh {
  const [r, g, b, a] = shape.color;
  const material = new MeshStandardMaterial({
    roughness: 0.55,
    metalness: 0.05,
    transparent: a < 1,
    opacity: a,
  });
  material.color.setRGB(r, g, b, "srgb");
  material.depthWrite = a === 1;
  const mesh = new Mesh(geometryOf(shape), material);
  mesh.position.set(...shape.position);
  mesh.quaternion.set(...shape.quaternion);
  // three.js lays capsules and cylinders along y, scenes along z
  if (shape.type === "capsule" || shape.type === "cylinder") mesh.rotateX(Math.PI / 2);
  mesh.castShadow = a === 1 && kind !== "table";
  mesh.receiveShadow = a === 1;
  return mesh;
}

function geometryOf(shape: SceneShape) {
  if (shape.type === "box") return new BoxGeometry(...shape.size);
  if (shape.type === "sphere") return new SphereGeometry(shape.radius, 32, 20);
  if (shape.type === "capsule") return new CapsuleGeometry(shape.radius, shape.length, 8, 28);
  return new CylinderGeometry(shape.radius, shape.radius, shape.length, 36);
}
