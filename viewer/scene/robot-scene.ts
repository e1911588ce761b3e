// The 3-D view: draws one episode, or several side by side or over each other.
import {
  Color,
  type Group,
  NeutralToneMapping,
  PCFShadowMap,
  type PerspectiveCamera,
  Scene,
  WebGLRenderer,
} from "three";
import type { OrbitControls } from "three/addons/controls/OrbitControls.js";
import type { EpisodeRecording, RecordedFrame } from "../../src/recording/recording.js";
import { meshFilesOf } from "../../src/scene/seen-shapes.js";
import type { Layout, SceneOptions } from "../state/viewer-state.js";
import { drawsInSoftware } from "./draws-in-software.js";
import { EpisodeModel } from "./episode-model.js";
import { loadMeshFile } from "./mesh-geometries.js";
import { boundsToPicture, SceneCamera } from "./scene-camera.js";
import { addSurroundings } from "./surroundings.js";
import { drawThumbnail } from "./thumbnail-picture.js";
import type { ViewName } from "./view-presets.js";

/** What tools need that work in the scene. */
export interface SceneView {
  readonly canvas: HTMLCanvasElement;
  readonly scene: Scene;
  readonly camera: PerspectiveCamera;
  readonly controls: OrbitControls;
  /** One group per entity of the first recording. */
  entities(): readonly Group[];
  /** Draw anew. */
  request(): void;
}

/** Colours of ghosts, for the second to the fourth episode. */
const GHOST_COLORS = [0xe8590c, 0x0f9d73, 0xc2409a];
/** Pixels drawn across one of the page where drawing is slow: while things change, and at rest, which is after this time, ms. */
const COARSE = 0.6;
const FINE = 1.5;
const REFINE_AFTER = 400;

/** Draws recordings. */
export class RobotScene {
  readonly canvas: HTMLCanvasElement;
  readonly view: SceneView;
  private readonly renderer: WebGLRenderer;
  private readonly scene = new Scene();
  private readonly eye: SceneCamera;
  private models: EpisodeModel[] = [];
  /** No longer shown, and not freed yet. */
  private retired: EpisodeModel[] = [];
  /** What the last small picture was made of: the next one is drawn by the same shaders. */
  private pictured: EpisodeModel | undefined;
  private layout: Layout = "tiles";
  private options: SceneOptions = {
    path: true,
    forces: false,
    command: true,
    areas: true,
    workspace: false,
    axes: false,
    cameras: true,
  };
  private isLost = false;
  private due = false;
  private readonly isSlow: boolean;
  private refining: ReturnType<typeof setTimeout> | undefined;

  /** `lost` is told when the browser takes the graphics away and gives them back. Throws where the browser has no WebGL. */
  constructor(canvas: HTMLCanvasElement, lost: (isLost: boolean) => void) {
    this.canvas = canvas;
    // the buffer is kept so that tests, and people who save the picture, get what is shown
    this.isSlow = drawsInSoftware();
    this.renderer = new WebGLRenderer({ canvas, antialias: !this.isSlow, preserveDrawingBuffer: true });
    // reading what compilers say holds the page up
    this.renderer.debug.checkShaderErrors = false;
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.renderer.toneMapping = NeutralToneMapping;
    this.renderer.toneMappingExposure = 1.25;
    this.eye = new SceneCamera(
      canvas,
      this.scene,
      () => this.request(),
      () => this.tileAspect(),
    );
    // three.js has set its state up anew before these are told
    for (const [event, isLost] of [
      ["webglcontextlost", true],
      ["webglcontextrestored", false],
    ] as const) {
      canvas.addEventListener(event, () => {
        this.isLost = isLost;
        // browsers draw a sign of their own in its place
        canvas.style.visibility = isLost ? "hidden" : "";
        lost(isLost);
        this.request();
      });
    }
    this.view = {
      canvas,
      scene: this.scene,
      camera: this.eye.camera,
      controls: this.eye.controls,
      entities: () => this.models[0]?.entities ?? [],
      request: () => this.request(),
    };
    addSurroundings(this.scene);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const paint = () => {
      this.eye.paint(new Color(dark.matches ? 0x1b1e24 : 0xdce1e8));
      this.request();
    };
    dark.addEventListener("change", paint);
    new ResizeObserver(() => this.resize()).observe(canvas.parentElement!);
    paint();
    this.resize();
  }

  /** Show other recordings: one, or up to four to be compared. */
  open(recordings: readonly EpisodeRecording[], layout: Layout = "tiles"): void {
    // compiled shaders go with the last material that uses them, so the old ones stay until the new ones are drawn
    for (const model of this.models) model.removeFromParent();
    this.retired.push(...this.models);
    this.layout = layout;
    this.models = recordings.map((recording) => new EpisodeModel(recording));
    for (const [k, model] of this.models.entries()) {
      model.setOptions(this.options);
      if (layout === "overlay" && k > 0) model.makeGhost(GHOST_COLORS[(k - 1) % GHOST_COLORS.length]!);
      this.scene.add(model);
    }
    this.eye.open(recordings);
    this.request();
    // the entities have waited for it longer, so that they have it by now
    for (const recording of recordings)
      for (const file of meshFilesOf(recording.header.scene))
        void loadMeshFile(file).then(() => this.request());
  }

  /** Show a frame of the first recording, or of another one. */
  place(frame: RecordedFrame, index: number, model = 0): void {
    this.models[model]?.place(frame, index);
    if (model === 0) this.eye.follow(frame);
    this.request();
  }

  /** Choose what is drawn over the entities. */
  setOptions(options: SceneOptions): void {
    this.options = options;
    for (const [k, model] of this.models.entries()) {
      model.setOptions(
        k > 0 && this.layout === "overlay" ? { ...options, areas: false, workspace: false } : options,
      );
    }
    this.request();
  }

  /** Look from a point of view, at all there is or, "close", at where the task is done. */
  look(view: ViewName): void {
    this.eye.look(view);
  }

  /** Move the camera along with the tool. */
  setFollow(follows: boolean): void {
    this.eye.setFollow(follows);
  }

  /** Draw now, for who reads the canvas next; returns whether that can be done. */
  draw(): boolean {
    // without a graphics card, finer than the screen is what smooths edges
    this.setFineness(this.isSlow ? FINE : Math.min(2, devicePixelRatio));
    this.drawAsFine();
    return !this.isLost;
  }

  /** Draw coarsely where drawing is slow, and finely once nothing has changed for a while. */
  private drawWhileChanging(): void {
    if (!this.isSlow) {
      this.draw();
      return;
    }
    clearTimeout(this.refining);
    this.refining = setTimeout(() => this.draw(), REFINE_AFTER);
    this.setFineness(COARSE);
    this.drawAsFine();
  }

  private setFineness(ratio: number): void {
    if (this.renderer.getPixelRatio() !== ratio) this.renderer.setPixelRatio(ratio);
  }

  private drawAsFine(): void {
    this.due = false;
    if (this.isLost) return;
    const { renderer, scene, models } = this;
    if (models.length === 0) {
      // the floor alone would take as long as the first picture, which waits behind it
      renderer.setClearColor(scene.background as Color);
      renderer.clear();
      return;
    }
    this.drawModels();
    for (const model of this.retired) model.close();
    this.retired = [];
  }

  private drawModels(): void {
    const { renderer, scene, models } = this;
    const { camera } = this.eye;
    const columns = this.numTiles();
    if (columns === 1) {
      for (const model of models) model.visible = true;
      renderer.setScissorTest(false);
      this.setView(0, 0, 1, 1);
      renderer.render(scene, camera);
      return;
    }
    const rows = Math.ceil(columns / 2);
    renderer.setScissorTest(true);
    for (const shown of models.keys()) {
      for (const [k, model] of models.entries()) model.visible = k === shown;
      const across = columns === 3 && shown === 2 ? 1 : 2;
      this.setView((shown % 2) / 2, 1 - (Math.floor(shown / 2) + 1) / rows, 1 / across, 1 / rows);
      renderer.render(scene, camera);
    }
    renderer.setScissorTest(false);
  }

  /** Draw the end of a recording, small, into a canvas of its own. */
  thumbnail(recording: EpisodeRecording, width: number, height: number): HTMLCanvasElement {
    const model = new EpisodeModel(recording);
    const last = recording.frames.length - 1;
    model.setOptions({
      ...this.options,
      path: false,
      workspace: false,
      axes: false,
      forces: false,
      command: false,
      cameras: false,
    });
    model.place(recording.frames[last]!, last);
    const shown = this.models.map(({ visible }) => visible);
    for (const other of this.models) other.visible = false;
    this.scene.add(model);
    const picture = drawThumbnail(this.renderer, this.scene, boundsToPicture(recording), width, height);
    model.removeFromParent();
    this.pictured?.close();
    this.pictured = model;
    for (const [k, other] of this.models.entries()) other.visible = shown[k]!;
    return picture;
  }

  /** Tell what is held on the graphics card. */
  get resources(): { readonly geometries: number; readonly textures: number } {
    const { geometries, textures } = this.renderer.info.memory;
    return { geometries, textures };
  }

  /** Draw once per picture of the screen, however much has changed. */
  private request(): void {
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => {
      if (this.due) this.drawWhileChanging();
    });
  }

  /** Draw into a part of the canvas, all in shares of it, from its lower left corner. */
  private setView(left: number, bottom: number, across: number, high: number): void {
    const { clientWidth: width, clientHeight: height } = this.canvas.parentElement!;
    const box = [left * width, bottom * height, across * width, high * height] as const;
    this.renderer.setViewport(...box);
    this.renderer.setScissor(...box);
    this.eye.setAspect((across * width) / (high * height));
  }

  private numTiles(): number {
    return this.layout === "tiles" && this.models.length > 1 ? this.models.length : 1;
  }

  /** Width over height of what one episode is drawn into. */
  private tileAspect(): number {
    const { clientWidth: width, clientHeight: height } = this.canvas.parentElement!;
    const tiles = this.numTiles();
    if (width === 0 || height === 0) return 1;
    if (tiles === 1) return width / height;
    return width / 2 / (height / Math.ceil(tiles / 2));
  }

  private resize(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas.parentElement!;
    if (width === 0 || height === 0) return;
    this.renderer.setSize(width, height, false);
    this.eye.resized();
    this.drawWhileChanging();
  }
}
