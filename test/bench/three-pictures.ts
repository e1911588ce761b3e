// Runs in a browser: pictures of a scene by three.js and by our own camera, for comparison.
import {
  AmbientLight,
  BoxGeometry,
  type BufferGeometry,
  CapsuleGeometry,
  Color,
  ColorManagement,
  CylinderGeometry,
  DirectionalLight,
  Group,
  LinearSRGBColorSpace,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  type Object3D,
  PerspectiveCamera,
  PlaneGeometry,
  Scene,
  SphereGeometry,
  Vector3,
  WebGLRenderer,
  WebGLRenderTarget,
} from "three";
import { ConvexGeometry } from "three/addons/geometries/ConvexGeometry.js";
import type { CameraDescription, Look } from "../../src/scene/camera-description.js";
import { findEntity, type SceneDescription, type SolidShape } from "../../src/scene/scene.js";
import { shapesOfCameras } from "../../src/scene/seen-shapes.js";
import { Camera } from "../../src/sensors/camera/camera.js";
import { FLOOR_HEIGHT, PLAIN_LOOK } from "../../src/sensors/camera/shading/look.js";

/** What is drawn. */
export interface PictureRequest {
  readonly scene: SceneDescription;
  readonly poses: readonly number[];
  readonly camera: CameraDescription;
}

/** Pictures [H * W * 3] and labels [H * W] by three.js, and both by our camera. */
export interface PicturePair {
  readonly theirs: number[];
  readonly theirLabels: number[];
  readonly ours: number[];
  readonly ourLabels: number[];
}

declare global {
  interface Window {
    drawBoth(request: PictureRequest): PicturePair;
    /** Milliseconds that three.js takes for `count` pictures, each read back. */
    timeThree(request: PictureRequest, count: number): number;
  }
}

ColorManagement.enabled = false;

class ThreePictures {
  private readonly renderer = new WebGLRenderer({ antialias: false });
  private readonly scene = new Scene();
  private readonly labels = new Scene();
  private readonly camera: PerspectiveCamera;
  private readonly target: WebGLRenderTarget;
  private readonly groups: Group[] = [];
  private readonly bytes: Uint8Array;
  private readonly look: Look = PLAIN_LOOK;

  constructor({ scene, camera: { width, height, fovDeg, link, position, quaternion } }: PictureRequest) {
    const { look } = this;
    this.renderer.outputColorSpace = LinearSRGBColorSpace;
    this.target = new WebGLRenderTarget(width, height);
    this.bytes = new Uint8Array(4 * width * height);
    this.camera = new PerspectiveCamera(fovDeg, width / height, 0.005, 200);
    const light = new DirectionalLight(0xffffff, Math.PI * look.diffuse);
    light.position.set(...look.light);
    this.scene.add(light, new AmbientLight(0xffffff, Math.PI * look.ambient));
    this.scene.background = new Color(...look.skyColor);
    this.labels.background = new Color(0, 0, 0);
    this.addBoth(new PlaneGeometry(400, 400), look.floorColor, 0, (mesh) => mesh.position.setZ(FLOOR_HEIGHT));
    const mount = link === undefined ? -1 : findEntity(scene, link);
    for (const [index, entity] of scene.entities.entries()) {
      for (const parent of [this.scene, this.labels]) {
        const group = new Group();
        parent.add(group);
        this.groups.push(group);
      }
      if (entity.kind === "region" || entity.kind === "goal" || index === mount) continue;
      for (const shape of shapesOfCameras(entity)) {
        const [r, g, b] = shape.color;
        this.addBoth(
          geometryOf(shape),
          [r, g, b],
          index + 1,
          (mesh) => {
            mesh.position.set(...shape.position);
            mesh.quaternion.set(...shape.quaternion);
            if (shape.type === "capsule" || shape.type === "cylinder") mesh.rotateX(Math.PI / 2);
          },
          index,
        );
      }
    }
    this.camera.position.set(...position);
    this.camera.quaternion.set(...quaternion);
    const parent: Object3D = mount < 0 ? this.scene : this.groups[2 * mount]!;
    parent.add(this.camera);
  }

  draw(poses: readonly number[], labelled = false): Uint8Array {
    for (const [k, group] of this.groups.entries()) {
      const o = 7 * Math.floor(k / 2);
      group.position.set(poses[o]!, poses[o + 1]!, poses[o + 2]!);
      group.quaternion.set(poses[o + 3]!, poses[o + 4]!, poses[o + 5]!, poses[o + 6]!);
    }
    const { width, height } = this.target;
    this.scene.updateMatrixWorld();
    this.renderer.setRenderTarget(this.target);
    this.renderer.render(labelled ? this.labels : this.scene, this.camera);
    this.renderer.readRenderTargetPixels(this.target, 0, 0, width, height, this.bytes);
    return this.bytes;
  }

  private addBoth(
    geometry: BufferGeometry,
    color: readonly [number, number, number],
    label: number,
    place: (mesh: Mesh) => void,
    entity = -1,
  ): void {
    const lit = new Mesh(geometry, new MeshLambertMaterial({ color: new Color(...color) }));
    const flat = new Mesh(geometry, new MeshBasicMaterial({ color: new Color(label / 255, 0, 0) }));
    for (const [k, mesh] of [lit, flat].entries()) {
      place(mesh);
      (entity < 0 ? [this.scene, this.labels][k]! : this.groups[2 * entity + k]!).add(mesh);
    }
  }
}

function geometryOf(shape: SolidShape): BufferGeometry {
  if (shape.type === "box") return new BoxGeometry(...shape.size);
  if (shape.type === "sphere") return new SphereGeometry(shape.radius, 96, 64);
  if (shape.type === "convex") return new ConvexGeometry(shape.points.map((point) => new Vector3(...point)));
  if (shape.type === "capsule") return new CapsuleGeometry(shape.radius, shape.length, 48, 96);
  return new CylinderGeometry(shape.radius, shape.radius, shape.length, 96);
}

/** WebGL's rows run upwards. */
function flipped(bytes: Uint8Array, width: number, height: number, channels: number): number[] {
  return Array.from({ length: channels * width * height }, (_, o) => {
    const pixel = Math.floor(o / channels);
    const row = height - 1 - Math.floor(pixel / width);
    return bytes[4 * (row * width + (pixel % width)) + (o % channels)]!;
  });
}

window.drawBoth = (request) => {
  const { scene, poses, camera } = request;
  const { width, height } = camera;
  const pictures = new ThreePictures(request);
  const ours = new Camera(scene, camera);
  return {
    theirs: flipped(pictures.draw(poses), width, height, 3),
    theirLabels: flipped(pictures.draw(poses, true), width, height, 1),
    ours: [...ours.render(Float64Array.from(poses))],
    ourLabels: [...ours.segmentation(new Uint16Array(width * height))],
  };
};

window.timeThree = (request, count) => {
  const pictures = new ThreePictures(request);
  for (let k = 0; k < 5; k++) pictures.draw(request.poses);
  const start = performance.now();
  for (let k = 0; k < count; k++) pictures.draw(request.poses);
  return performance.now() - start;
};
