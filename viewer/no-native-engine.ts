// What stands for onnxruntime-node in the page's bundles: the native engine is for Node only.
throw new Error('The native engine runs in Node only. In a page, load the engine "wasm".');
