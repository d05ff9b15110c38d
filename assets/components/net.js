// A network's forward pass in the browser, for many points at once: torch's arithmetic on its weights.
// Values are kept unit by unit, so that the innermost loop runs along the points.
const erf = x => {                                           // Abramowitz and Stegun 7.1.26: exact to 1.5e-7
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp(-x * x);
  return x < 0 ? tail - 1 : 1 - tail;
};
const sigmoid = z => 1 / (1 + Math.exp(-z));
const tanh = z => (z > 20 ? 1 : 1 - 2 / (Math.exp(2 * z) + 1));   // in half the time of Math.tanh
const softplus = z => (z > 30 ? z : Math.log1p(Math.exp(z)));
const ACTIVATIONS = {
  identity: z => z,
  sigmoid,
  tanh,
  softsign: z => z / (1 + Math.abs(z)),
  heaviside: z => (z >= 0 ? 1 : 0),
  softplus,
  relu: z => (z > 0 ? z : 0),
  leaky_relu: z => (z > 0 ? z : 0.01 * z),
  elu: z => (z > 0 ? z : Math.expm1(z)),
  gelu: z => 0.5 * z * (1 + erf(z * Math.SQRT1_2)),
  silu: z => z * sigmoid(z),
};
const FEATURES = {
  x1: (x, y) => x, x2: (x, y) => y, x1_squared: (x, y) => x * x, x2_squared: (x, y) => y * y, x1_x2: (x, y) => x * y,
  sin_x1: (x, y) => Math.sin(x), sin_x2: (x, y) => Math.sin(y),
};

// What a network of these sizes computes at these points: features (n_features arrays) and room for every unit.
function makePlane(net, xs, ys) {
  const n = xs.length;
  const raw = Object.fromEntries(Object.entries(FEATURES).map(([name, f]) => [name, Float64Array.from(xs, (x, i) => f(x, ys[i]))]));
  const inputs = net.features.map((name, k) => raw[name].map(value => (value - net.mean[k]) / net.scale[k]));
  const units = net.sizes.slice(1).map(size => Array.from({ length: size }, () => new Float64Array(n)));
  return { n, xs, ys, raw, inputs, units, logits: units.at(-1).map(() => new Float64Array(n)) };
}

// Fill the plane's units with what the network answers; the last layer keeps its sums in `logits`, too.
function forward(net, parameters, plane) {
  let from = plane.inputs, at = 0;
  plane.units.forEach((units, layer) => {
    const nIn = from.length, nOut = units.length, last = layer === plane.units.length - 1;
    const f = last ? null : ACTIVATIONS[net.activations[layer]];
    for (let j = 0; j < nOut; j += 1) {
      const z = last ? plane.logits[j] : units[j];
      z.fill(parameters[at + nIn * nOut + j]);
      for (let i = 0; i < nIn; i += 1) {
        const weight = parameters[at + j * nIn + i], h = from[i];
        if (weight !== 0) for (let p = 0; p < plane.n; p += 1) z[p] += weight * h[p];
      }
      if (f && f !== ACTIVATIONS.identity) for (let p = 0; p < plane.n; p += 1) z[p] = f(z[p]);
    }
    at += (nIn + 1) * nOut;
    from = units;
  });
  answer(net.output, plane.logits, plane.units.at(-1), plane.n);
  return plane;
}

function answer(output, logits, answers, n) {
  if (output !== "softmax") {
    const f = ACTIVATIONS[output];
    logits.forEach((z, k) => { for (let p = 0; p < n; p += 1) answers[k][p] = f(z[p]); });
    return;
  }
  for (let p = 0; p < n; p += 1) {
    let most = -Infinity, sum = 0;
    for (const z of logits) most = Math.max(most, z[p]);
    logits.forEach((z, k) => { sum += answers[k][p] = Math.exp(z[p] - most); });
    for (const share of answers) share[p] /= sum;
  }
}

// The class that the network gives to point p, counted from 0.
function classOf(plane, p) {
  const { logits } = plane;
  if (logits.length === 1) return logits[0][p] > 0 ? 1 : 0;
  return logits.reduce((best, z, k) => (z[p] > logits[best][p] ? k : best), 0);
}

// The mean loss over the points of a plane; y are classes from 0, or numbers in a regression.
function lossOf(net, plane, y) {
  const { n, logits } = plane, answers = plane.units.at(-1);
  const target = (p, k) => (net.problem === "regression" ? y[p] : (logits.length > 1 ? +(y[p] === k) : y[p]) * 2 - 1);
  let sum = 0;
  for (let p = 0; p < n; p += 1) {
    if (net.loss === "logloss") sum += softplus(logits[0][p]) - y[p] * logits[0][p];
    else if (net.loss === "cross_entropy") {
      const most = Math.max(...logits.map(z => z[p]));
      sum += most + Math.log(logits.reduce((all, z) => all + Math.exp(z[p] - most), 0)) - logits[y[p]][p];
    } else sum += answers.reduce((all, unit, k) => all + (unit[p] - target(p, k)) ** 2, 0) / answers.length / 2;
  }
  return sum / n;
}

// The share of the targets' spread that the answers explain: R squared.
function explained(answers, y) {
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const squares = y.reduce(([off, all], value, p) => [off + (answers[p] - value) ** 2, all + (value - mean) ** 2], [0, 0]);
  return 1 - squares[0] / Math.max(squares[1], 1e-12 * y.length);
}
