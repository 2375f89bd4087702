// A worker in JavaScript: Keras 3's Adam in float64 and float32.
//
//   oracle smoke 'cmd:node docs/workers/adam.js'
//   pytest --impl='cmd:node docs/workers/adam.js'
"use strict";

const CLAIMS = {
  type: "claims",
  name: "adam.js",
  claims: [
    {
      spec: "keras3/Adam",
      dtypes: ["float32", "float64"],
      arguments: ["learning_rate", "beta_1", "beta_2", "epsilon"],
      // Hyperparameters are double everywhere, and so is the arithmetic within a step.
      precision: { float32: { hyper_dtype: "float64", compute_dtype: "float64" } },
    },
  ],
};

const arrayOf = { float32: Float32Array, float64: Float64Array };
const fromJson = (x) => (typeof x === "number" ? x : { nan: NaN, inf: Infinity, "-inf": -Infinity }[x]);
const toJson = (x) => (Number.isFinite(x) ? x : Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf");
const decoded = (tensor, dtype) => arrayOf[dtype].from(tensor.data, fromJson);
const encoded = (array, shape) => ({ shape, data: Array.from(array, toJson) });

class Adam {
  constructor(params, { learning_rate, beta_1, beta_2, epsilon }) {
    Object.assign(this, { learning_rate, beta_1, beta_2, epsilon, params, t: 0 });
    this.m = params.map((p) => new p.constructor(p.length));
    this.v = params.map((p) => new p.constructor(p.length));
  }

  step(grads) {
    this.t += 1;
    const correction = Math.sqrt(1 - this.beta_2 ** this.t) / (1 - this.beta_1 ** this.t);
    const alpha = this.learning_rate * correction;
    this.params.forEach((p, k) => {
      const [m, v, g] = [this.m[k], this.v[k], grads[k]];
      for (let i = 0; i < p.length; i++) {
        m[i] = this.beta_1 * m[i] + (1 - this.beta_1) * g[i];
        v[i] = this.beta_2 * v[i] + (1 - this.beta_2) * g[i] * g[i];
        p[i] -= (alpha * m[i]) / (Math.sqrt(v[i]) + this.epsilon);
      }
    });
  }
}

function run({ id, spec, dtype, hyper, params, grads, steps }) {
  if (spec !== "keras3/Adam") throw new Error(`${spec} is not implemented`);
  const adam = new Adam(params.map((p) => decoded(p, dtype)), hyper);
  const shapes = params.map((p) => p.shape);
  const shown = (arrays) => arrays.map((array, k) => encoded(array, shapes[k]));
  const states = [];
  grads.forEach((row, number) => {
    adam.step(row.map((g) => decoded(g, dtype)));
    if (steps.includes(number + 1)) {
      const slots = { m: shown(adam.m), v: shown(adam.v) };
      states.push({ step: number + 1, params: shown(adam.params), slots });
    }
  });
  return { type: "states", id, states };
}

function answer(message) {
  if (message.type === "hello") return CLAIMS;
  try {
    return run(message);
  } catch (error) {
    return { type: "error", id: message.id, message: error.message };
  }
}

const lines = require("node:readline").createInterface({ input: process.stdin });
lines.on("line", (line) => process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + "\n"));
