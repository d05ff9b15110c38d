// A network with every neuron's map, its weights as edges, and its answer over the plane, at the frame of the
// play bar. The weights of all frames are here, so playing and scrubbing ask nobody. A hand switches features,
// adds and removes neurons, moves a weight, chooses a point, sets points of its own; that is reported live.
const BUDGET = 1.0e6;                                        // multiplications a frame while it plays
const FINE = 110;                                            // dots a side of the answer at rest

const floats = text => new Float32Array(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
const number = value => {
  if (!Number.isFinite(value)) return "?";
  const size = Math.abs(value);
  const text = size && (size < 1e-4 || size >= 1e6) ? value.toExponential(1) : value.toFixed(size ? Math.max(0, 2 - Math.floor(Math.log10(size))) : 0);
  return text.replace(/e([+-]\d+)/, (_, power) => "·10" + [...String(+power)].map(c => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("")).replace("-", "−");
};

export default function ({ data: [data], parentElement, setStateValue, setTriggerValue }) {
  const find = name => parentElement.querySelector(name), { net, texts, view } = data;
  const s = live(parentElement, data, setStateValue, (value, s) => { s.value = structuredClone(value); }, setTriggerValue);
  const root = find(".net-board"), nodes = find(".nodes"), planeBox = find(".plane");
  const host = (parentElement.host ?? parentElement).closest('[class*="st-key-movement-"]');
  if (host) host.explainerPending = data.pending;
  const want = change => {
    Object.assign(s.value, change);
    s.want(structuredClone(s.value));
  };

  // -- a new run -----------------------------------------------------------------------------------
  const stamp = JSON.stringify([data.run, net]);
  if (s.stamp !== stamp) {
    Object.assign(s, { stamp, edits: new Map(), chosen: null, net });
    s.all = floats(data.parameters);
    s.frames = data.frames;
    s.nParameters = s.all.length / s.frames;
    const cost = s.nParameters + 8 * net.sizes.reduce((sum, size) => sum + size, 0);
    const side = Math.max(20, Math.min(80, Math.floor(Math.sqrt(BUDGET / cost) / 2) * 2));
    s.grid = makeGrid(net, view, side);
    s.fine = null;
    const X = floats(data.X), y = floats(data.y), xs = [], ys = [];
    for (let p = 0; p < y.length; p += 1) xs.push(X[2 * p]), ys.push(X[2 * p + 1]);
    s.points = Object.assign(makePlane(net, xs, ys), { y });
    forward(net, at(s.frames - 1), s.grid);
    const peak = values => values.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
    s.scales = s.grid.units.map(units => units.map(peak));
    s.featureScales = Object.fromEntries(Object.entries(s.grid.raw).map(([name, values]) => [name, peak(values)]));
    s.dotsDrawn = null;
  }
  s.frame = Math.max(0, Math.min(s.frames - 1, host?.explainerFrame ?? s.frames - 1));

  function at(frame) {                                       // the weights of a frame, with what a hand has moved
    const parameters = s.all.subarray(frame * s.nParameters, (frame + 1) * s.nParameters);
    if (!s.edits.size) return parameters;
    const moved = Float64Array.from(parameters);
    for (const [i, value] of s.edits) moved[i] = value;
    return moved;
  }
  const offset = layer => net.sizes.slice(0, layer).reduce((sum, size, l) => sum + (size + 1) * net.sizes[l + 1], 0);
  const indexOf = (layer, j, i) => offset(layer) + (i < 0 ? net.sizes[layer] * net.sizes[layer + 1] + j : j * net.sizes[layer] + i);

  // -- where everything stands -----------------------------------------------------------------------
  const em = parseFloat(getComputedStyle(root).fontSize);
  function place() {
    const width = root.clientWidth;
    if (!width) return;
    const narrow = width < 24 * em;
    root.classList.toggle("narrow", narrow);
    const side = Math.min(data.height - 2.8 * em, narrow ? width : 0.5 * width);
    planeBox.style.width = planeBox.style.height = `${side}px`;
    find(".answer").style.width = `${side}px`;
    const box = { width: narrow ? width : width - side - 0.6 * em, height: narrow ? 0.7 * data.height : data.height - 2.2 * em };
    find(".net").style.height = `${box.height}px`;
    s.size = { side, ...box };
    layOut(box);
    s.dotsDrawn = null;
    later();
  }
  function layOut({ width, height }) {
    const layers = [data.features.length, ...net.sizes.slice(1)], nHidden = layers.length - 2;
    const names = 3.3 * em, bar = nHidden ? 1.7 * em : 0, most = Math.max(...layers);
    const pitch = (width - names) / layers.length;
    const tile = Math.max(10, Math.min((height - 2 * bar) / most - 4, 0.5 * pitch, 2.2 * em));
    const spots = layers.map((n, column) => {
      const x = names + (layers.length > 1 ? (column * (width - names - tile - 2)) / (layers.length - 1) : 0);
      const step = Math.min((height - 2 * bar) / n, 1.55 * tile + 6);
      return Array.from({ length: n }, (_, i) => [x, height / 2 + (i - (n - 1) / 2) * step - tile / 2]);
    });
    s.spots = { tile, spots };
    const made = [];
    const make = (tag, className, left, top, rest = {}) => {
      const element = Object.assign(document.createElement(tag), { className, ...rest });
      Object.assign(element.style, { left: `${left}px`, top: `${top}px` });
      made.push(element);
      return element;
    };
    spots.forEach((column, layer) => column.forEach(([x, y], i) => {
      const node = make("button", "node", x, y, { type: "button" });
      node.style.width = node.style.height = `${tile}px`;
      if (layer === 0) {
        const { id, label } = data.features[i];
        const on = s.value.features.includes(id);
        node.classList.toggle("off", !on);
        node.setAttribute("aria-pressed", on);
        node.setAttribute("aria-label", `${texts.feature} ${label}`);
        node.disabled = data.locked.includes("features");
        node.onclick = () => {
          const rest = s.value.features.filter(other => other !== id);
          const features = on ? rest : [...rest, id];
          if (features.length) want({ features: data.features.map(f => f.id).filter(other => features.includes(other)), start: [] });
        };
        make("span", "name", x, y + tile / 2, { textContent: label });
        node.show = { values: s.grid.raw[id], scale: s.featureScales[id], text: label };
      } else {
        const output = layer === spots.length - 1;
        const text = (output ? texts.output : texts.neuron).replace("{n}", i + 1).replace("{layer}", layer);
        node.setAttribute("aria-label", text);
        node.setAttribute("aria-pressed", s.chosen?.layer === layer && s.chosen?.i === i);
        node.onclick = () => choose(layer, i);
        node.show = { layer, i, text };
      }
      const show = shown => { s.shown = shown; later(); };
      node.onpointerenter = node.onfocus = () => show(node.show);
      node.onblur = () => show(null);
      node.onpointerleave = event => { if (event.pointerType !== "touch") show(null); };   // a finger leaves at once
    }));
    for (let layer = 1; layer <= nHidden; layer += 1) {
      const x = spots[layer][0][0] + tile / 2, n = spots[layer].length;
      for (const [sign, by, y] of [["+", 1, 0], ["−", -1, height - 1.5 * em]]) {
        const button = make("button", "size", x, y, { type: "button", textContent: sign });
        button.setAttribute("aria-label", (by > 0 ? texts.wider : texts.narrower).replace("{layer}", layer));
        button.disabled = data.locked.includes("widths") || n + by < 1 || n + by > data.most;
        button.onclick = () => want({ widths: s.value.widths.map((old, l) => (l === layer - 1 ? n + by : old)), start: [] });
      }
    }
    const focus = parentElement.activeElement?.getAttribute?.("aria-label");
    nodes.replaceChildren(...made);
    if (focus) made.find(element => element.getAttribute("aria-label") === focus)?.focus({ preventScroll: true });
  }

  // -- drawing ---------------------------------------------------------------------------------------
  const look = { colors: ramp(data.colors.classes[0], data.colors.classes[1]), classes: data.colors.classes.map(channels) };
  const later = () => { s.drawing ||= requestAnimationFrame(() => { s.drawing = 0; s.draw(); }); };
  function draw() {
    if (!s.spots) return;
    forward(net, at(s.frame), s.grid);
    forward(net, at(s.frame), s.points);
    drawNet(true);
    drawAnswer(s.grid);
    drawDots();
    drawMarks();
    write();
    s.drawn = (s.drawn ?? 0) + 1;
    clearTimeout(s.refining);
    s.refining = setTimeout(() => s.refine(), 160);
  }
  function refine() {                                          // a finer picture, and the words
    if (!s.spots) return;
    drawNet();
    if (!s.shown && s.grid.side < FINE) {
      s.fine ??= makeGrid(net, view, FINE);
      drawAnswer(forward(net, at(s.frame), s.fine));
    }
    planeBox.setAttribute("aria-label", describe());
  }
  function drawNet(moving) {                                 // many edges are dashed at rest only: dashes are slow
    const { tile, spots } = s.spots, { width, height } = s.size, parameters = at(s.frame), colors = data.colors;
    const pen = fit(find(".net canvas"), width, height);
    pen.clearRect(0, 0, width, height);
    const from = net.features.map(id => spots[0][data.features.findIndex(f => f.id === id)]);
    const curved = s.nParameters < 400, dashed = curved || !moving;
    net.sizes.slice(1).forEach((n, layer) => {
      const sources = layer ? spots[layer] : from;
      for (let j = 0; j < n; j += 1)
        sources.forEach(([x, y], i) => {
          const [x2, y2] = spots[layer + 1][j];
          edge(pen, [x + tile, y + tile / 2], [x2, y2 + tile / 2], parameters[indexOf(layer, j, i)], colors, curved, dashed);
        });
    });
    pen.globalAlpha = 1;
    pen.setLineDash([]);
    const step = Math.max(1, Math.floor(s.grid.side / 26)), n = Math.floor(s.grid.side / step), { side } = s.grid;
    const tiles = [];
    data.features.forEach(({ id }, i) => tiles.push([spots[0][i], s.grid.raw[id], v => v / s.featureScales[id]]));
    s.grid.units.forEach((units, layer) => {
      const f = net.activations[layer] ?? (net.output === "softmax" ? "sigmoid" : net.output);
      units.forEach((values, i) => tiles.push([spots[layer + 1][i], values, shownAs(f, s.scales[layer][i])]));
    });
    const image = (s.image = s.image?.height === n * tiles.length && s.image.width === n ? s.image : new ImageData(n, n * tiles.length));
    tiles.forEach(([, values, show], k) => paint(dotsOf(image), k * n, values, step, side, look.colors, show));
    s.sheet ??= document.createElement("canvas");
    if (s.sheet.width !== n || s.sheet.height !== image.height) Object.assign(s.sheet, { width: n, height: image.height });
    s.sheet.getContext("2d").putImageData(image, 0, 0);
    pen.fillStyle = getComputedStyle(root).getPropertyValue("--st-background-color") || "white";
    tiles.forEach(([[x, y]], k) => {
      pen.fillRect(x, y, tile, tile);
      pen.drawImage(s.sheet, 0, k * n, n, n, x, y, tile, tile);
    });
  }
  function drawAnswer(grid) {
    const { side } = s.size, pen = fit(find(".map"), side, side);
    const { shown } = s, image = (s.answer = s.answer?.width === grid.side ? s.answer : new ImageData(grid.side, grid.side));
    if (shown) {
      const layer = shown.layer - 1, values = shown.values ?? grid.units[layer][shown.i];
      const f = shown.values ? "identity" : net.activations[layer] ?? (net.output === "softmax" ? "sigmoid" : net.output);
      paint(dotsOf(image), 0, values, 1, grid.side, look.colors, shownAs(f, shown.scale ?? s.scales[layer][shown.i]));
    } else paintAnswer(dotsOf(image), net, grid, { ...look, discrete: s.discrete, scale: data.scale });
    const sheet = (s.answerSheet ??= document.createElement("canvas"));
    if (sheet.width !== grid.side) Object.assign(sheet, { width: grid.side, height: grid.side });
    sheet.getContext("2d").putImageData(image, 0, 0);
    pen.clearRect(0, 0, side, side);
    pen.imageSmoothingEnabled = !s.discrete || !!shown;
    pen.drawImage(sheet, 0, 0, side, side);
    if (!shown && net.problem === "two") {
      Object.assign(pen, { strokeStyle: getComputedStyle(root).color, lineWidth: 1.5 });
      traceBorder(pen, grid.logits[0], grid.side, side);
    }
  }
  const toPlace = (x, y) => [((x - view[0]) / (view[1] - view[0])) * s.size.side, ((view[1] - y) / (view[1] - view[0])) * s.size.side];
  const inkOf = y => {
    if (net.problem !== "regression") return data.colors.classes[y];
    const [r, g, b, a] = new Uint8Array(look.strong.slice(shadeOf(y / data.scale)).buffer);
    return `rgba(${r}, ${g}, ${b}, ${a / 255})`;
  };
  look.strong = ramp(data.colors.classes[0], data.colors.classes[1], 1);
  const hidden = p => p >= data.n_train && s.noTest;
  function drawDots() {                                      // the points stay where they are: drawn once a run
    const { side } = s.size, of = JSON.stringify([s.stamp, side, s.noTest]);
    if (s.dotsDrawn === of) return;
    s.dotsDrawn = of;
    const { xs, ys, y, n } = s.points, pen = fit(find(".dots"), side, side), style = getComputedStyle(root);
    const radius = Math.max(2.4, Math.min(5, side / 75) * (n > 400 ? 0.75 : 1));
    pen.clearRect(0, 0, side, side);
    for (let p = n - 1; p >= 0; p -= 1) {
      if (hidden(p)) continue;
      const [px, py] = toPlace(xs[p], ys[p]), test = p >= data.n_train;
      shape(pen, net.problem === "regression" ? 0 : y[p], px, py, radius);
      pen.fillStyle = test ? style.getPropertyValue("--st-background-color") || "white" : inkOf(y[p]);
      pen.strokeStyle = test ? inkOf(y[p]) : style.color;
      pen.lineWidth = test ? 1.6 : 0.6;
      pen.fill();
      pen.stroke();
    }
  }
  function drawMarks() {
    const { side } = s.size, pen = fit(find(".marks"), side, side), { xs, ys, y, n } = s.points;
    pen.clearRect(0, 0, side, side);
    pen.strokeStyle = data.colors.error;
    pen.lineWidth = 2;
    s.wrong = [0, 0];
    for (let p = 0; net.problem !== "regression" && p < n; p += 1) {
      if (classOf(s.points, p) === y[p]) continue;
      s.wrong[+(p >= data.n_train)] += 1;
      if (hidden(p)) continue;
      pen.beginPath();
      pen.arc(...toPlace(xs[p], ys[p]), 7, 0, 2 * Math.PI);
      pen.stroke();
    }
    if (s.held?.at) {                                        // a point in the hand: its picture is still to come
      const label = s.value.own[s.held.i]?.[2] ?? 0;
      shape(pen, net.problem === "regression" ? 0 : label, ...toPlace(...s.held.at), 7);
      pen.fillStyle = inkOf(label);
      pen.fill();
    }
    const cross = s.cursor ?? s.value.place;
    if (!cross?.length) return;
    const [x, y0] = toPlace(...cross);
    pen.strokeStyle = getComputedStyle(root).color;
    pen.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) pen.moveTo(x + 4 * dx, y0 + 4 * dy), pen.lineTo(x + 12 * dx, y0 + 12 * dy);
    pen.stroke();
  }

  // -- words -----------------------------------------------------------------------------------------
  function score() {                                         // loss and accuracy now: recorded, or of a hand's weights
    if (!s.edits.size) return [0, 1].map(i => [data.losses[i][s.frame], data.accuracy[i][s.frame]]);
    const { xs, ys, y } = s.points, cut = data.n_train;
    return [[0, cut], [cut, y.length]].map(([from, to], i) => {
      if (from === to) return [NaN, NaN];
      const part = makePlane(net, xs.slice(from, to), ys.slice(from, to));
      const loss = lossOf(net, forward(net, at(s.frame), part), y.slice(from, to));
      return [loss, net.problem === "regression" ? explained(part.units.at(-1)[0], y.slice(from, to)) : 1 - s.wrong[i] / (to - from)];
    });
  }
  const scored = ([loss, accuracy], name) => texts.score.replace("{name}", name).replace("{loss}", number(loss))
    .replace("{accuracy}", net.problem === "regression" ? texts.explained.replace("{n}", number(accuracy)) : Number.isFinite(accuracy) ? `${(100 * accuracy).toFixed(1)} %` : "?");
  function write() {
    const now = score();
    [...find(".numbers").children].forEach((line, i) => { line.textContent = scored(now[i], i ? "○" : "●"); });
    drawEdit();
  }
  function describe() {
    const now = score();
    return `${texts.alt.replace("{n}", data.steps[s.frame])} ${scored(now[0], texts.train)}; ${scored(now[1], texts.test)}.`;
  }

  // -- a weight by hand --------------------------------------------------------------------------------
  function choose(layer, i, source = 0) {
    const same = s.chosen?.layer === layer && s.chosen?.i === i && s.chosen?.source === source;
    s.chosen = same ? null : { layer, i, source };
    find(".which").of = null;
    place();
  }
  function drawEdit() {
    const { chosen } = s, row = find(".edit"), which = find(".which"), range = find(".edit input");
    row.classList.toggle("idle", !chosen);
    find(".whose").textContent = chosen ? texts.weight : texts.hint;
    find(".undo").disabled = !s.edits.size;
    find(".train").disabled = !s.edits.size;
    if (!chosen) return;
    const { layer, i } = chosen, of = JSON.stringify([s.stamp, layer, i]);
    if (which.of !== of) {
      which.of = of;
      const sources = layer === 1 ? net.features.map(id => data.features.find(f => f.id === id).label) : Array.from({ length: net.sizes[layer - 1] }, (_, k) => `${layer - 1}.${k + 1}`);
      which.replaceChildren(...[...sources, texts.bias].map((text, k) => new Option(text, k < sources.length ? k : -1)));
    }
    which.value = chosen.source;
    if (parentElement.activeElement !== which) which.setAttribute("aria-label", texts.from);
    const value = at(s.frame)[indexOf(layer - 1, i, chosen.source)];
    if (parentElement.activeElement !== range) range.value = value;
    find(".edit output").value = value.toFixed(2).replace("-", "−");
    range.setAttribute("aria-valuetext", find(".edit output").value);
  }
  Object.assign(find(".undo"), { textContent: texts.undo, onclick: () => { s.edits.clear(); later(); } });
  Object.assign(find(".train"), { textContent: texts.train_on, onclick: () => want({ start: [net.sizes.slice(0, -1).join("-"), ...s.edits] }) });
  find(".which").onchange = event => { s.chosen.source = +event.target.value; later(); };
  find(".edit input").oninput = event => {
    s.edits.set(indexOf(s.chosen.layer - 1, s.chosen.i, s.chosen.source), +event.target.value);
    later();
  };
  find(".edit input").onpointerup = event => event.target.blur();
  find(".net canvas").onclick = event => {                   // the nearest edge, within a finger's breadth
    const box = event.target.getBoundingClientRect(), [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const { tile, spots } = s.spots;
    let best = [14, null];
    net.sizes.slice(1).forEach((n, layer) => {
      const sources = layer ? spots[layer] : net.features.map(id => spots[0][data.features.findIndex(f => f.id === id)]);
      for (let j = 0; j < n; j += 1)
        sources.forEach(([x1, y1], i) => {
          const [x2, y2] = spots[layer + 1][j], share = (x - x1 - tile) / (x2 - x1 - tile);
          if (share < 0 || share > 1) return;
          const along = s.nParameters < 400 ? share * share * (3 - 2 * share) : share;
          const off = Math.abs(y - tile / 2 - y1 - along * (y2 - y1));
          if (off < best[0]) best = [off, [layer + 1, j, i]];
        });
    });
    if (best[1]) choose(...best[1]);
  };

  // -- tools and points --------------------------------------------------------------------------------
  const tool = (text, pressed, onclick, label = text) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick });
    button.setAttribute("aria-pressed", pressed);
    button.setAttribute("aria-label", label);
    button.title = label;
    return button;
  };
  function drawTools() {
    const tools = [
      tool("◪", !!s.discrete, () => { s.discrete = !s.discrete; again(); }, texts.discrete),
      tool("○", !s.noTest, () => { s.noTest = !s.noTest; again(); }, texts.test_points),
    ];
    find(".edit").classList.toggle("own", data.own);
    find(".brushes").replaceChildren(...(data.own ? brushes(s, data, { tool, want, again, number }) : []));
    find(".brushes").setAttribute("aria-label", texts.points);
    find(".tools").replaceChildren(...tools);
    find(".tools").setAttribute("aria-label", texts.tools);
  }
  const again = () => { s.dotsDrawn = null; drawTools(); later(); };
  handOnPlane(planeBox, s, data, { toPlace, want, later, again });

  Object.assign(s, { draw, refine, place });
  root.setAttribute("aria-label", data.label);
  root.board = {                                             // for who looks at its numbers
    net, losses: data.losses, steps: data.steps.at(-1), get own() { return s.value.own; }, get frame() { return s.frame; }, get drawn() { return s.drawn; }, draw,
    predict: (points, frame) => forward(net, at(frame), makePlane(net, points.map(p => p[0]), points.map(p => p[1]))).units.at(-1).map(unit => [...unit]),
    loss: frame => lossOf(net, forward(net, at(frame), makePlane(net, s.points.xs.slice(0, data.n_train), s.points.ys.slice(0, data.n_train))), s.points.y.slice(0, data.n_train)),
  };
  if (s.host !== host || !s.hear) {
    s.host?.removeEventListener("frame", s.hear);
    s.hear = event => {
      s.frame = Math.max(0, Math.min(s.frames - 1, event.detail));
      s.drawing ||= requestAnimationFrame(() => { s.drawing = 0; s.draw(); });
    };
    host?.addEventListener("frame", s.hear);
    s.host = host;
  }
  s.resized ??= new ResizeObserver(() => s.place());
  s.resized.observe(root);
  drawTools();
  place();
  s.send();
  return ending(parentElement, () => {
    clearTimeout(s.refining);
    cancelAnimationFrame(s.drawing);
    s.resized.disconnect();
    s.host?.removeEventListener("frame", s.hear);
  });
}
