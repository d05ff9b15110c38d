// What the tests ask of a page; installed before its own scripts, in every page of every visitor.
const probe = (window.probe = {
  sockets: [],                                             // so that a test can cut the connection

  // All elements below a root, those in the shadow of our components included.
  *all(root = document.body) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* probe.all(element.shadowRoot);
    }
  },
  parent: element => element.parentElement ?? element.getRootNode().host ?? null,
  within(element, selector) {
    for (let at = element; at; at = probe.parent(at)) if (at.matches(selector)) return true;
    return false;
  },
  seen(element) {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  },
  name(element) {
    let key = element;
    while (key && !/st-key-/.test(key.className?.baseVal ?? key.className)) key = probe.parent(key);
    const where = /st-key-([\w-]+)/.exec(key?.className ?? "")?.[1] ?? "page";
    const own = element.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
    return `${where} › ${element.dataset?.testid ?? element.tagName.toLowerCase()} “${own}”`;
  },

  movements: () => [...document.querySelectorAll('[class*="st-key-movement-"]')],
  titleOf: movement => /st-key-movement-([\w-]+)/.exec(movement.className)[1],
  charts: () => [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')],

  // Texts on the screen, each with its size and its box. Embedded source and mathematics are whole.
  texts(root = document.body) {
    const found = [];
    for (const element of [root, ...probe.all(root)]) {
      const own = [...element.childNodes].filter(node => node.nodeType === 3 && node.data.trim());
      if (!own.length || /^(STYLE|SCRIPT)$/.test(element.tagName) || !probe.seen(element)) continue;
      const style = getComputedStyle(element), range = document.createRange();
      if (style.clip !== "auto" && style.position === "absolute") continue;        // for screen readers only
      range.setStartBefore(own[0]);
      range.setEndAfter(own.at(-1));
      const box = range.getBoundingClientRect();
      if (!box.width) continue;
      found.push({
        text: own.map(node => node.data.trim()).join(" "), size: parseFloat(style.fontSize), name: probe.name(element),
        left: box.left, right: box.right, top: box.top, bottom: box.bottom,
        script: probe.within(element, "sub, sup, .msupsub, .vlist-t"), symbol: probe.within(element, '[data-testid="stIconMaterial"]'),
        code: probe.within(element, "pre, code"),
      });
    }
    return found;
  },

  // Marks of a chart that have a shape; axes and legends do not count.
  marks(chart) {
    return [...chart.querySelectorAll("svg .role-mark > *")].filter(mark =>
      mark.tagName !== "path" || (mark.getAttribute("d") ?? "") !== "" && !/NaN|Infinity/.test(mark.getAttribute("d")));
  },
  drawing(chart) {
    const attributes = ["d", "x", "y", "x1", "x2", "y1", "y2", "transform", "href", "stroke-width"];
    return [...chart.querySelectorAll("svg .role-mark > *")].map(mark =>
      attributes.map(name => mark.getAttribute(name) ?? "").join() + mark.textContent).join("\n");
  },
  blank: () => probe.charts().filter(chart => !probe.marks(chart).length).map(chart => chart.getAttribute("aria-label")),

  // Counts how often the drawing of a chart changes from now on.
  redraws: new Map(),
  watch(selector) {
    const chart = document.querySelector(selector);
    const record = { count: 0, last: probe.drawing(chart), svg: chart.querySelector("svg") };
    probe.redraws.set(selector, record);
    new MutationObserver(() => {
      const now = probe.drawing(chart);
      if (now === record.last) return;
      record.last = now;
      record.count += 1;
    }).observe(chart, { subtree: true, childList: true, attributes: true, characterData: true });
  },

  // Remembers where everything in a movement stands; `moved` then names what has left its place, even
  // for a moment. What is drawn inside a picture or a formula may move, the picture itself may not.
  boxes: new Map(),
  shifts: new Map(),
  stand(selector) {
    probe.boxes.clear();
    probe.shifts.clear();
    const movement = document.querySelector(selector), top = () => movement.getBoundingClientRect();
    for (const element of [movement, ...probe.all(movement)]) {
      if (probe.within(element, "svg *, .katex *, [data-testid=stElementToolbar], [data-testid=stElementToolbar] *")) continue;
      if (getComputedStyle(element).display === "inline" || !probe.seen(element)) continue;
      const box = element.getBoundingClientRect(), at = top();
      probe.boxes.set(element, [box.left - at.left, box.top - at.top, box.width, box.height]);
    }
    const look = () => {
      const at = top();
      for (const [element, old] of probe.boxes) {
        if (!element.isConnected || probe.shifts.has(element)) continue;
        const box = element.getBoundingClientRect(), now = [box.left - at.left, box.top - at.top, box.width, box.height];
        if (now.some((value, i) => Math.abs(value - old[i]) > 0.75)) probe.shifts.set(element, [old, now]);
      }
      probe.looking = requestAnimationFrame(look);
    };
    cancelAnimationFrame(probe.looking);
    look();
  },
  moved: () => [...probe.shifts].map(([element, [old, now]]) =>
    `${probe.name(element)}: ${old.map(Math.round)} → ${now.map(Math.round)} (left, top, width, height)`),

  // What a hand can use on the page, for a random walk.
  controls() {
    const wanted = 'input[type=range], input[type=checkbox], summary, [data-testid="stButtonGroup"] button, [data-testid="stButton"] button, .bar button';
    return [...probe.all()].filter(element => element.matches(wanted) && !probe.within(element, ".vega-bindings")
      && (probe.seen(element) || element.type === "checkbox"));
  },
});

window.WebSocket = class extends WebSocket {
  constructor(...options) {
    super(...options);
    probe.sockets.push(this);
  }
};
