// The one writer of the address bar. Controls report what differs from their defaults; when the hand
// rests, everything is written at once with replaceState, so that a drag leaves no history entries.
// The code stands in front of every component's own; the state is shared by all of them.
const ADDRESS = (window.explainerAddress ??= {
  app: {},          // lang, at, present
  values: {},       // page -> { name: text, or null at its default }
  page: null,       // { name, path } of the page whose controls have all reported
  timer: 0,
  held: false,      // a pointer is down
  left: -Infinity,  // when a link to a page was followed, until that page is there

  report(page, values) {
    Object.assign((this.values[page] ??= {}), values);
    this.later();
  },
  set(values) {
    Object.assign(this.app, values);
    this.later();
  },
  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write(), 350);
  },
  // A value that the old page sends after the link would bring the old page back, without its address.
  leaving() {
    return performance.now() - this.left < 3000;
  },
  write() {
    if (this.held) return this.later();
    const { page } = this;
    if (!page || location.pathname.split("/").pop() !== page.path) return;   // on the way to another page
    const old = new URLSearchParams(location.search), query = new URLSearchParams();
    for (const [name, text] of old) if (name.startsWith("embed")) query.append(name, text);
    for (const [name, text] of Object.entries({ ...this.app, ...this.values[page.name] }))
      if (text !== null && text !== undefined) query.set(name, text);
    const target = location.pathname + (query.size ? "?" + query : "");
    if (target !== location.pathname + location.search) history.replaceState(history.state, "", target);
  },
});
if (!window.explainerHand) {
  window.explainerHand = true;
  addEventListener("pointerdown", () => { ADDRESS.held = true; }, true);
  for (const end of ["pointerup", "pointercancel", "blur"])
    addEventListener(end, () => { ADDRESS.held = false; }, true);
  addEventListener("popstate", () => { ADDRESS.left = performance.now(); }, true);
  addEventListener("click", event => {
    const link = event.composedPath().find(node => node.tagName === "A" && node.href);
    if (link?.origin === location.origin && link.target !== "_blank" && !event.ctrlKey && !event.metaKey)
      ADDRESS.left = performance.now();
  }, true);
}
