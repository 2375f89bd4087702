// TensorFlow.js on its CPU backend: NODE_PATH=.../node_modules pytest
// --impl='cmd:node examples/tfjs_worker.js' --impl-known-failures=examples/tfjs_known.toml
"use strict";

const tf = require("@tensorflow/tfjs");
tf.setBackend("cpu");

const { sgd, momentum, rmsprop, adagrad, adadelta, adamax } = tf.train;
// The arguments of each claim, how they make the optimizer, and where it keeps its slots.
const CLAIMS = {
  "keras2/SGD": [["learning_rate"], (h) => sgd(h.learning_rate)],
  "tf.train/GradientDescentOptimizer": [["learning_rate"], (h) => sgd(h.learning_rate)],
  "tf.train/MomentumOptimizer": [
    ["learning_rate", "momentum", "use_nesterov"],
    (h) => momentum(h.learning_rate, h.momentum, h.use_nesterov),
    { b: "accumulations" },
  ],
  "keras3/RMSprop": [
    ["learning_rate", "rho", "momentum", "epsilon", "centered"],
    (h) => rmsprop(h.learning_rate, h.rho, h.momentum, h.epsilon, h.centered),
    { v: "accumulatedMeanSquares", mg: "accumulatedMeanGrads", b: "accumulatedMoments" },
  ],
  "keras3/Adagrad": [
    ["learning_rate", "initial_accumulator_value"], // epsilon is the backend's, 1e-7 as in Keras
    (h) => adagrad(h.learning_rate, h.initial_accumulator_value),
    { a: "accumulatedGrads" },
  ],
  "keras2/Adadelta": [
    ["learning_rate", "rho", "epsilon"],
    (h) => adadelta(h.learning_rate, h.rho, h.epsilon),
    { a: "accumulatedGrads", d: "accumulatedUpdates" },
  ],
  "keras2/Adamax": [
    ["learning_rate", "beta_1", "beta_2", "epsilon", "decay"],
    (h) => adamax(h.learning_rate, h.beta_1, h.beta_2, h.epsilon, h.decay),
    { m: "accumulatedFirstMoment", u: "accumulatedWeightedInfNorm" },
    { beta_1: "float32", "*": "float64" }, // its power is a tensor
  ],
};

const hello = {
  type: "claims",
  name: "tfjs",
  packages: { "@tensorflow/tfjs": tf.version.tfjs },
  missing_gradients: true,
  claims: Object.entries(CLAIMS).map(([spec, [args, , , hyper_dtype = "float64"]]) => ({
    spec,
    dtypes: ["float32"],
    arguments: args,
    precision: { float32: { hyper_dtype } },
  })),
};

const NUMBERS = { nan: NaN, inf: Infinity, "-inf": -Infinity };
const fromJson = (x) => (typeof x === "number" ? x : NUMBERS[x]);
const toJson = (x) => (Number.isFinite(x) ? x : Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf");
const decoded = ({ data, shape }) => tf.tensor(data.flat().map(fromJson), shape, "float32");
const encoded = (tensor) => ({ shape: tensor.shape, data: Array.from(tensor.dataSync(), toJson) });

function run({ id, spec, hyper, params, grads, steps }) {
  const [, make, slots = {}] = CLAIMS[spec];
  const optimizer = make(hyper);
  const variables = params.map((p) => tf.variable(decoded(p)));
  const states = [];
  grads.forEach((row, k) => {
    const named = row.map((g, i) => [variables[i].name, g && decoded(g)]);
    // As minimize() hands them over: a gradient that is missing is left out.
    optimizer.applyGradients(Object.fromEntries(named.filter(([, g]) => g !== null)));
    if (!steps.includes(k + 1)) return;
    const shown = Object.entries(slots).filter(([, field]) => optimizer[field].length > 0);
    const arrays = (field) => optimizer[field].map((kept) => encoded(kept.variable));
    const kept = shown.map(([slot, field]) => [slot, arrays(field)]);
    states.push({ step: k + 1, params: variables.map(encoded), slots: Object.fromEntries(kept) });
  });
  tf.disposeVariables();
  return { type: "states", id, states };
}

function answer(message) {
  if (message.type === "hello") return hello;
  try {
    return tf.tidy(() => run(message));
  } catch (error) {
    return { type: "error", id: message.id, message: error.message };
  }
}

const lines = require("node:readline").createInterface({ input: process.stdin });
lines.on("line", (line) => process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n"));
