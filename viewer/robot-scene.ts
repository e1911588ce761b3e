// The 3-D view: builds a recording's entities and places them.
import {
  CircleGeometry,
  Color,
  DirectionalLight,
  Fog,
  GridHelper,
  type Group,
  HemisphereLight,
  Mesh,
  NeutralToneMapping,
  PCFShadowMap,
  PerspectiveCamera,
  Scene,
  ShadowMaterial,
  WebGLRenderer,
} from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";
import type { EpisodeRecording, RecordedFrame } from "../src/replay/recording.js";
import { POSE_SIZE } from "../src/replay/scene.js";
import { SceneMarks } from "./scene-marks.js";
import { dispose, entityGroup } from "./scene-shapes.js";

const FLOOR_HEIGHT = -0.041;
const CAMERA = { position: [1.42, -0.98, 0.78], target: [0.27, 0, 0.31] } as const;

/** What tools need that work in the scene. */
export interface SceneView {
  readonly canvas: HTMLCanvasElement;
  readonly scene: Scene;
  readonly camera: PerspectiveCamera;
  readonly controls: OrbitControls;
  /** One group per entity of the recording. */
  entities(): readonly Group[];
  /** Draw anew. */
  request(): void;
}

/** Draws one recording at a time. */
export class RobotScene {
  readonly view: SceneView;
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly camera = new PerspectiveCamera(36, 1, 0.02, 20);
  private readonly controls: OrbitControls;
  private entities: Group[] = [];
  private marks: SceneMarks | undefined;
  private showsPath = true;
  private showsForces = false;
  private due = false;

  /** Throws where the browser has no WebGL. */
  constructor(canvas: HTMLCanvasElement) {
    // the buffer is kept so that tests, and people who save the picture, get what is shown
    this.renderer = new WebGLRenderer({ canvas, antialias: true, preserveDrawingBuffer: true });
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.renderer.toneMapping = NeutralToneMapping;
    this.renderer.toneMappingExposure = 1.25;
    this.camera.up.set(0, 0, 1);
    this.controls = new OrbitControls(this.camera, canvas);
    this.controls.minDistance = 0.15;
    this.controls.maxDistance = 6;
    this.controls.addEventListener("change", () => this.request());
    this.view = {
      canvas,
      scene: this.scene,
      camera: this.camera,
      controls: this.controls,
      entities: () => this.entities,
      request: () => this.request(),
    };
    this.addLights();
    this.addFloor();
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const paint = () => {
      const color = new Color(dark.matches ? 0x1b1e24 : 0xdce1e8);
      this.scene.background = color;
      this.scene.fog = new Fog(color, 2.6, 5.5);
      this.request();
    };
    dark.addEventListener("change", paint);
    new ResizeObserver(() => this.resize(canvas)).observe(canvas.parentElement!);
    this.resize(canvas);
    this.resetCamera();
    paint();
  }

  /** Show another recording. */
  open(recording: EpisodeRecording): void {
    for (const entity of this.entities) {
      this.scene.remove(entity);
      dispose(entity);
    }
    this.entities = recording.header.scene.entities.map(entityGroup);
    if (this.entities.length > 0) this.scene.add(...this.entities);
    if (this.marks) {
      this.scene.remove(this.marks);
      this.marks.close();
    }
    this.marks = new SceneMarks(recording);
    this.marks.setVisible(this.showsPath, this.showsForces);
    this.scene.add(this.marks);
  }

  /** Put every entity where it is in `frame`; one whose pose is not finite stays where it was. */
  place(frame: RecordedFrame, index: number): void {
    for (const [k, entity] of this.entities.entries()) {
      const pose = frame.poses.slice(POSE_SIZE * k, POSE_SIZE * (k + 1));
      if (!pose.every(Number.isFinite)) continue;
      const [x, y, z, qx, qy, qz, qw] = pose as Pose;
      entity.position.set(x, y, z);
      entity.quaternion.set(qx, qy, qz, qw);
    }
    this.marks?.place(frame, index);
    this.request();
  }

  /** Switch the path and the contact forces on and off. */
  setMarks(path: boolean, forces: boolean): void {
    this.showsPath = path;
    this.showsForces = forces;
    this.marks?.setVisible(path, forces);
    this.request();
  }

  /** Look from where the view began. */
  resetCamera(): void {
    this.camera.position.set(...CAMERA.position);
    this.controls.target.set(...CAMERA.target);
    this.controls.update();
    this.request();
  }

  /** Draw once per picture of the screen, however much has changed. */
  private request(): void {
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      this.renderer.render(this.scene, this.camera);
    });
  }

  private resize(canvas: HTMLCanvasElement): void {
    const { clientWidth: width, clientHeight: height } = canvas.parentElement!;
    if (width === 0 || height === 0) return;
    this.renderer.setPixelRatio(Math.min(2, devicePixelRatio));
    this.renderer.setSize(width, height, false);
    this.camera.aspect = width / height;
    this.camera.fov = width < height ? 48 : 36;
    this.camera.updateProjectionMatrix();
    this.renderer.render(this.scene, this.camera);
  }

  private addLights(): void {
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
    this.scene.add(sun, sun.target, fill, new HemisphereLight(0xffffff, 0x8b909c, 1.5));
  }

  private addFloor(): void {
    const grid = new GridHelper(8, 80, 0x8a94a3, 0x8a94a3);
    grid.rotation.x = Math.PI / 2;
    grid.position.z = FLOOR_HEIGHT;
    Object.assign(grid.material, { transparent: true, opacity: 0.28 });
    const shade = new Mesh(new CircleGeometry(3, 64), new ShadowMaterial({ opacity: 0.22 }));
    shade.position.z = FLOOR_HEIGHT - 0.001;
    shade.receiveShadow = true;
    this.scene.add(grid, shade);
  }
}

type Pose = [number, number, number, number, number, number, number];
