// Points that a hand drags on the picture: press an empty place to add one, a double click or Delete
// removes one, arrows move the one that has the focus. Where points have classes, a digit gives it one, and
// a new point has the class that is pressed. Every step is reported live (live.js).
export default function ({ data: [data], parentElement, setStateValue }) {
  const find = name => parentElement.querySelector(name), { texts } = data;
  const s = live(parentElement, data, setStateValue, (value, s) => { s.points = value.map(point => [...point]); });
  s.past ??= [];
  if (s.pastOf !== data.rev) Object.assign(s, { past: [], pastOf: data.rev });
  s.kind = Math.min(s.kind ?? 0, Math.max(0, data.classes.length - 1));   // the class of the next point
  const round = (value, i) => {
    if (i === 2) return value;
    if (i && data.levels.length) return data.levels.reduce((a, b) => Math.abs(b - value) < Math.abs(a - value) ? b : a);
    const [low, high] = i ? data.y : data.x;
    return Math.min(high, Math.max(low, +(low + Math.round((value - low) / data.step) * data.step).toFixed(6)));
  };
  const words = ([x, y, kind]) => `${data.axes[0]} = ${x.toFixed(data.decimals)}, ${data.axes[1]} = ${y.toFixed(data.decimals)}`.replaceAll("-", "−")
    + (data.classes.length ? `, ${data.classes[kind]}` : "");
  const remember = () => { s.past.push(s.points.map(point => [...point])); };
  const hint = () => { find(".hint").textContent = s.junk || texts.hint; };
  const say = () => {
    s.junk = "";
    hint();
    draw();
    s.want(s.points.map(point => [...point]));
  };
  const move = (i, point) => {
    s.points[i] = point.map(round);
    say();
  };
  const add = point => {
    if (!data.add || s.points.length >= data.most) return false;
    remember();
    s.points.push([...point, ...(data.classes.length ? [s.kind] : [])].map(round));
    return true;
  };
  const remove = i => {
    if (!data.add || s.points.length <= data.least) return;
    remember();
    s.points.splice(i, 1);
    say();
  };
  const undo = () => {
    if (!s.past.length) return;
    s.points = s.past.pop();
    say();
  };

  function draw() {
    if (s.over?.svg) drawHandles(s.over);
    find(".undo").disabled = !s.past.length;
    find(".add").hidden = !data.add;
    find(".add").disabled = s.points.length >= data.most;
    for (const [kind, button] of [...find(".classes").children].entries()) button.setAttribute("aria-pressed", kind === s.kind);
    if (find("details").open) drawTable();
  }
  function drawHandles(over) {
    const { svg } = over;
    while (svg.children.length > s.points.length) svg.lastChild.remove();
    while (svg.children.length < s.points.length) svg.append(newHandle(svg.children.length));
    s.points.forEach((point, i) => {
      const handle = svg.children[i], [x, y] = over.toPlace(point);
      handle.setAttribute("cx", x);
      handle.setAttribute("cy", y);
      handle.setAttribute("aria-label", `${data.label} ${data.names[i] ?? i + 1}`);
      handle.setAttribute("aria-valuenow", point[1]);
      handle.setAttribute("aria-valuetext", words(point));
    });
  }
  function newHandle(i) {
    const handle = svgElement("circle", { r: 14, tabindex: 0, role: "slider" });
    handle.onpointerdown = event => {
      event.preventDefault();
      handle.setPointerCapture(event.pointerId);
      handle.focus({ preventScroll: true });
      s.dragged = false;
    };
    handle.onpointermove = event => {
      if (!handle.hasPointerCapture(event.pointerId)) return;
      if (!s.dragged) s.remember();
      s.dragged = true;
      s.move(i, [...s.over.toNumbers(event), ...s.points[i].slice(2)]);
    };
    handle.onpointerup = handle.onpointercancel = () => handle.blur();   // the arrows go back to the stage
    // What a style says of touch inside a drawing is not heard everywhere: a page that scrolls takes the finger away.
    handle.addEventListener("touchmove", event => event.preventDefault(), { passive: false });
    handle.ondblclick = event => {
      event.stopPropagation();
      s.remove(i);
    };
    handle.onkeydown = event => {
      const by = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      const kind = /^\d$/.test(event.key) && +event.key < data.classes.length ? +event.key : -1;
      if (event.key === "Delete" || event.key === "Backspace") s.remove(i);
      else if (kind >= 0) {
        s.remember();
        s.move(i, [...s.points[i].slice(0, 2), kind]);
      }
      else if (by) {
        const far = event.shiftKey ? 10 : 1;
        if (!event.repeat) s.remember();
        const height = data.levels.length ? data.y[1] - data.y[0] : s.keyStep;     // to the next level
        s.move(i, s.points[i].map((value, j) => j > 1 ? value : value + by[j] * far * (j ? height : s.keyStep)));
      } else return;
      event.preventDefault();
    };
    return handle;
  }
  function drawTable() {
    const body = find("tbody"), columns = data.axes;
    if (body.rows.length !== s.points.length + 1 || s.tableOf !== data.rev) {
      s.tableOf = data.rev;
      body.replaceChildren();
      const head = body.insertRow();
      for (const name of ["", ...columns, ...(data.classes.length ? [""] : []), ""]) head.append(Object.assign(document.createElement("th"), { textContent: name }));
      s.points.forEach((_, i) => {
        const row = body.insertRow();
        row.insertCell().textContent = data.names[i] ?? i + 1;
        columns.forEach((name, j) => {
          const [min, max] = !j ? data.x : data.levels.length ? [data.levels[0], data.levels.at(-1)] : data.y;
          const input = Object.assign(document.createElement("input"), { type: "text", inputMode: "decimal" });
          input.setAttribute("aria-label", `${data.label} ${data.names[i] ?? i + 1}: ${name}`);
          input.onchange = () => {
            const number = +input.value.replace(",", ".").replace("−", "-");
            if (input.value.trim() !== "" && number >= min && number <= max) {
              const point = [...s.points[i]];
              point[j] = number;
              s.remember();
              s.move(i, point);
            } else {                                           // a sentence, and the last good value
              s.junk = texts.junk.replace("{low}", min).replace("{high}", max).replaceAll("-", "−");
              hint();
            }
            input.value = s.points[i][j];
          };
          row.insertCell().append(input);
        });
        const gone = Object.assign(document.createElement("button"), { type: "button", textContent: "✕", onclick: () => s.remove(i) });
        gone.setAttribute("aria-label", `${texts.remove} ${i + 1}`);
        gone.hidden = !data.add;
        if (data.classes.length) {                             // pressed, it gives the point the next class
          const kind = Object.assign(document.createElement("button"), { type: "button", className: "kind" });
          kind.onclick = () => {
            s.remember();
            s.move(i, [...s.points[i].slice(0, 2), (s.points[i][2] + 1) % data.classes.length]);
          };
          row.insertCell().append(kind);
        }
        row.insertCell().append(gone);
      });
    }
    s.points.forEach((point, i) => point.forEach((value, j) => {
      if (j === 2) return void (body.rows[i + 1].cells[3].firstChild.textContent = data.classes[value]);
      const input = body.rows[i + 1].cells[j + 1].firstChild;
      if (parentElement.activeElement !== input) input.value = value;
    }));
  }

  Object.assign(s, { move, remove, remember, keyStep: Math.max(data.step, (data.x[1] - data.x[0]) / 100) });
  hint();
  find(".hand").hidden = data.bare;
  find("summary").textContent = texts.table;
  if (s.classesOf !== data.classes.join()) {
    s.classesOf = data.classes.join();
    find(".classes").replaceChildren(...data.classes.map((name, kind) => Object.assign(document.createElement("button"), {
      type: "button", textContent: name, onclick: () => { s.kind = kind; draw(); },
    })));
  }
  Object.assign(find(".undo"), { textContent: texts.undo, onclick: undo });
  Object.assign(find(".add"), {
    textContent: texts.add,
    onclick: () => { if (add([(data.x[0] + data.x[1]) / 2, (data.y[0] + data.y[1]) / 2])) say(); },
  });
  find("details").ontoggle = draw;
  s.placed = over => {
    s.over = over;
    over.svg.onclick = event => {
      if (event.target === over.svg && event.detail === 1 && add(over.toNumbers(event))) say();
    };
    over.svg.classList.toggle("adds", data.add);
    drawHandles(over);
  };
  if (s.over?.svg) s.placed(s.over);
  else s.over ??= sheet(s, data);
  draw();
  s.send();
  return ending(parentElement, s.stopSheet);
}
