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
  shadows: () => [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
    .map(host => host.shadowRoot).filter(Boolean),
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
  titleOf: movement => movement && /st-key-movement-([\w-]+)/.exec(movement.className)[1],
  onStage() {
    const all = probe.movements(), main = document.querySelector('[data-testid="stMain"]');
    const boxes = all.map(movement => movement.getBoundingClientRect());
    if (main.scrollTop > 0 && main.scrollTop + main.clientHeight > main.scrollHeight - 4) {
      // Nothing can be brought further up: the movement of the address is on the stage if it is whole.
      const named = all.findIndex(movement => probe.titleOf(movement) === new URL(location).searchParams.get("at"));
      return named >= 0 && boxes[named].top > -4 ? all[named] : all.at(-1);
    }
    return all.find((_, i) => boxes[i].bottom > innerHeight * 0.3 || boxes[i].top > -4) ?? null;   // some are short
  },
  charts: () => [...document.querySelectorAll('[data-testid="stVegaLiteChart"]')],

  // Texts on the screen, each with its size and its box. Embedded source and mathematics are whole.
  texts(root = document.body) {
    const found = [];
    for (const element of [root, ...probe.all(root)]) {
      const own = [...element.childNodes].filter(node => node.nodeType === 3 && node.data.trim());
      if (!own.length || /^(STYLE|SCRIPT)$/.test(element.tagName) || !probe.seen(element)) continue;
      if (probe.within(element, ".katex-mathml")) continue;                        // what screen readers get
      const style = getComputedStyle(element), range = document.createRange();
      if (style.clip !== "auto" && style.position === "absolute") continue;
      range.setStartBefore(own[0]);
      range.setEndAfter(own.at(-1));
      const box = range.getBoundingClientRect();
      if (!box.width) continue;
      found.push({
        text: own.map(node => node.data.trim()).join(" "), size: parseFloat(style.fontSize), name: probe.name(element),
        left: box.left, right: box.right, top: box.top, bottom: box.bottom,
        script: probe.within(element, "sub, sup, .msupsub, .vlist-t"), symbol: /Material/.test(style.fontFamily),
        code: probe.within(element, "pre, code"), source: probe.within(element, "[data-testid=stCode]"),
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
  watch(chart, name) {
    const record = { count: 0, last: probe.drawing(chart), svg: chart.querySelector("svg") };
    probe.redraws.set(name, record);
    new MutationObserver(() => {
      const now = probe.drawing(chart);
      if (!now || now === record.last) return;
      record.last = now;
      record.count += 1;
    }).observe(chart, { subtree: true, childList: true, attributes: true, characterData: true });
  },

  // Remembers where everything in a movement stands; `moved` then names what has left its place, even
  // for a moment. What is drawn inside a picture or a formula may move, the picture itself may not.
  boxes: new Map(),
  shifts: new Map(),
  stand(name) {
    probe.boxes.clear();
    probe.shifts.clear();
    const movement = document.querySelector(`.st-key-movement-${name}`), top = () => movement.getBoundingClientRect();
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

  // What of a movement is not on the screen, or is cut off at the edge of its picture.
  outside(name) {
    const movement = document.querySelector(`.st-key-movement-${name}`), found = [];
    const report = (what, box) => found.push(`${name}: ${what} at ${[box.left, box.top, box.right, box.bottom].map(Math.round)}`);
    for (const element of probe.all(movement)) {
      if (!probe.seen(element) || probe.within(element, ".katex, [data-testid=stElementToolbar]")) continue;
      if (!element.matches("svg, img, input, button, label, output, summary, td, th, h1, h2, h3, p, hr")) continue;
      const box = element.getBoundingClientRect();
      if (box.width < 2 || box.height < 2) continue;                              // for screen readers only
      if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
        report(probe.name(element), box);
    }
    for (const text of probe.texts(movement).filter(text => !text.source))         // it may scroll in its own box
      if (text.left < -1 || text.top < -1 || text.right > innerWidth + 1 || text.bottom > innerHeight + 1)
        report(`“${text.text}”`, text);
    for (const svg of movement.querySelectorAll('[data-testid="stVegaLiteChart"] svg')) {
      const frame = svg.getBoundingClientRect();
      for (const text of svg.querySelectorAll("text")) {
        const box = text.getBoundingClientRect(), room = 1 + 0.1 * box.height;     // above and below the letters
        if (box.width && (box.left < frame.left - 1 || box.top < frame.top - room || box.right > frame.right + 1 || box.bottom > frame.bottom + room))
          report(`“${text.textContent}” cut by its picture`, box);
      }
    }
    return found;
  },
  // Words that stand on other words.
  overlaps(name) {
    const movement = document.querySelector(`.st-key-movement-${name}`), found = [];
    const inked = element => {                              // without what mathematics has for screen readers
      const walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT), boxes = [], range = document.createRange();
      while (walk.nextNode())
        if (!probe.within(walk.currentNode.parentElement, ".katex-mathml")) {
          range.selectNodeContents(walk.currentNode);
          const box = range.getBoundingClientRect();
          if (box.width) boxes.push(box);                    // a line break has none
        }
      const edge = (side, choose) => choose(...boxes.map(box => box[side]));
      const [left, top] = [edge("left", Math.min), edge("top", Math.min)];
      return new DOMRect(left, top, edge("right", Math.max) - left, edge("bottom", Math.max) - top);
    };
    const words = [...probe.all(movement)]
      .filter(element => element.matches("h2, h3, p, output, td, th, label, svg text") && probe.seen(element))
      .map(element => ({ element, text: element.textContent.trim(), box: inked(element) }))
      .filter(({ text }) => text);
    for (const [i, a] of words.entries())
      for (const b of words.slice(i + 1)) {
        if (a.text === b.text || a.element.contains(b.element) || b.element.contains(a.element)) continue;
        const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (width > 3 && height > 0.25 * Math.min(a.box.height, b.box.height))
          found.push(`${name}: “${a.text}” lies on “${b.text}”`);
      }
    return found;
  },
  small: (name, least) => probe.texts(document.querySelector(`.st-key-movement-${name}`))
    .filter(text => text.size < least && !text.script && !text.symbol)
    .map(text => `${name}: “${text.text}” has ${text.size} px (${text.name})`),

  // What scrolls sideways, or sticks out of the screen. Source code may scroll in its own box.
  wide() {
    const found = [];
    for (const element of [document.documentElement, ...probe.all()]) {
      if (!probe.seen(element) || probe.within(element, "pre, svg *, .katex *, [data-testid=stSidebar]")) continue;
      const style = getComputedStyle(element), box = element.getBoundingClientRect();
      const scrolls = element.scrollWidth > element.clientWidth + 1 && /auto|scroll/.test(style.overflowX);
      if (scrolls || element === document.documentElement && element.scrollWidth > innerWidth) found.push(`scrolls: ${probe.name(element)}`);
      if (box.right > innerWidth + 1 && box.width > 2 && box.left < innerWidth)
        found.push(`sticks out to ${Math.round(box.right)} px: ${probe.name(element)}`);
    }
    return found;
  },

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
