// Collects the layers and weights of a Keras model while the nodes of a graph are written into it.
import { type TfjsWeight, tfjsWeight } from "./tfjs-model.js";

/** A layer of Keras, as its class is called there, with its settings and weights. */
export interface KerasLayer {
  readonly name: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of the layers whose outputs it takes. */
  readonly inbound: readonly string[];
  readonly weights: Readonly<Record<string, KerasWeight>>;
}

/** A tensor of a layer. */
export interface KerasWeight {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/** Names layers as Keras does, and keeps them in their order. */
export class LayerBuilder {
  private readonly layers: KerasLayer[] = [];
  private readonly numbers = new Map<string, number>();

  /** Append the model's input, of `size` numbers. */
  input(name: string, size: number): void {
    const config = { batch_input_shape: [null, size], dtype: "float32", sparse: false };
    this.layers.push({ name, className: "InputLayer", config, inbound: [], weights: {} });
  }

  /** Append a layer and return its name, such as "dense_2" for the second Dense. */
  add(
    className: string,
    inbound: readonly string[],
    config: KerasLayer["config"] = {},
    weights: KerasLayer["weights"] = {},
  ): string {
    const kind = className.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase();
    const number = (this.numbers.get(kind) ?? 0) + 1;
    this.numbers.set(kind, number);
    const name = `${kind}_${number}`;
    this.layers.push({ name, className, config: { trainable: true, ...config }, inbound, weights });
    return name;
  }

  /** Return the layer of that name. */
  layer(name: string): KerasLayer {
    return this.layers.find((layer) => layer.name === name)!;
  }

  /** Change the settings and weights of a layer that is there. */
  change(name: string, { config, weights }: Partial<Pick<KerasLayer, "config" | "weights">>): void {
    const place = this.layers.findIndex((layer) => layer.name === name);
    const layer = this.layers[place]!;
    this.layers[place] = {
      ...layer,
      config: { ...layer.config, ...config },
      weights: { ...layer.weights, ...weights },
    };
  }

  /** Return the topology of the model that ends in the layer `output`, as model.json has it. */
  topology(input: string, output: string): object {
    const layers = this.layers.map(({ name, className, config, inbound }) => ({
      name,
      class_name: className,
      config: { name, ...config },
      inbound_nodes: inbound.length > 0 ? [inbound.map((from) => [from, 0, 0, {}])] : [],
    }));
    const config = { name: "policy", layers, input_layers: [[input, 0, 0]], output_layers: [[output, 0, 0]] };
    const model_config = { class_name: "Functional", config };
    return { keras_version: "2.15.0", backend: "tensorflow", model_config };
  }

  /** Return the weights of all layers. */
  weights(): TfjsWeight[] {
    return this.layers.flatMap(({ name, weights }) =>
      Object.entries(weights).map(([key, { values, shape }]) =>
        tfjsWeight(`${name}/${key}`, values, shape, "float32"),
      ),
    );
  }
}
