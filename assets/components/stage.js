// The stage: keys of a presenter's remote, the black screen, presenter mode, <html lang>, and the
// movement in the address (?at=). It is mounted after the page, when all controls have reported.
const STAGE = (window.explainerStage ??= { walked: null, top: 0, page: null, arrive: null, went: 0, hand: 0 });

const main = () => document.querySelector('[data-testid="stMain"]');
const stops = () => [...document.querySelectorAll('[class*="st-key-movement-"]')];
const nameOf = stop => /st-key-movement-([\w-]+)/.exec(stop.className)[1];
const margin = () => {                                       // what covers the top of the screen
  const header = document.querySelector('[data-testid="stHeader"]')?.getBoundingClientRect();
  return header ? Math.max(0, header.bottom) : 0;
};

function current(all) {
  if (STAGE.walked !== null && Math.abs(main().scrollTop - STAGE.top) < 4) return Math.min(STAGE.walked, all.length - 1);
  const line = margin() + main().clientHeight * 0.4;
  return Math.max(0, all.findLastIndex(stop => stop.getBoundingClientRect().top <= line));
}

function bring(index) {
  const all = stops(), box = main();
  if (!all[index]) return;
  const titled = index === 0 && document.querySelector('[class*="st-key-head-"]')?.offsetParent;
  box.scrollTop = titled ? 0 : box.scrollTop + all[index].getBoundingClientRect().top - margin();
  STAGE.walked = index;
  STAGE.top = box.scrollTop;
  ADDRESS.set({ at: index === 0 ? null : nameOf(all[index]) });
}

function step(direction) {
  if (ADDRESS.leaving()) return;
  const all = stops(), index = all.length ? current(all) + direction : -1;
  if (index >= 0 && index < all.length) return bring(index);
  const link = document.querySelector(direction > 0 ? ".st-key-next a" : ".st-key-previous a");
  if (!link) return;
  STAGE.arrive = direction > 0 ? "first" : "last";
  ADDRESS.left = performance.now();
  setTimeout(() => link.click(), 60);                        // what a slider has just sent goes first
}

function blank(on) {
  let curtain = document.getElementById("explainer-blank");
  if (on && !curtain) {
    curtain = document.body.appendChild(document.createElement("div"));
    curtain.id = "explainer-blank";
    curtain.style.cssText = "position:fixed;inset:0;background:#000;z-index:2147483647";
    curtain.onclick = () => curtain.remove();
  } else curtain?.remove();
}

function onKey(event) {
  if (SCROLLING.includes(event.key)) onHand(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.getElementById("explainer-blank")) {          // any key opens the curtain
    event.preventDefault();
    return blank(false);
  }
  const target = event.composedPath()[0], tag = target.tagName;
  const typing = (tag === "INPUT" && !["range", "checkbox", "radio", "button"].includes(target.type))
    || tag === "TEXTAREA" || target.isContentEditable;
  const hasArrows = typing || (tag === "INPUT" && target.type !== "checkbox") || tag === "SELECT" || !!target.closest?.('[role="radiogroup"],[role="tablist"],[role="slider"],[role="application"]');
  const own = action => { event.preventDefault(); event.stopPropagation(); action(); };
  if (event.key === "PageDown") return own(() => step(1));
  if (event.key === "PageUp") return own(() => step(-1));
  if (!hasArrows && event.key === "ArrowRight" && !event.shiftKey) return own(() => step(1));
  if (!hasArrows && event.key === "ArrowLeft" && !event.shiftKey) return own(() => step(-1));
  if (typing || event.repeat) return;
  if (event.key === "." || event.code === "KeyB") return own(() => blank(true));
  if (event.code === "KeyP") return own(() => STAGE.present());
}

function onClick(event) {                                    // after a click the arrows belong to the stage again
  const focus = document.activeElement;
  if (event.detail > 0 && focus?.closest('[data-testid="stMain"]') && focus.matches("button, summary, a, input[type=checkbox]")) focus.blur();
}

// The address follows a hand that scrolls; a page that shrinks and grows while it is redrawn scrolls, too.
const SCROLLING = [" ", "ArrowUp", "ArrowDown", "Home", "End"];
function onHand({ type, target }) {
  if (type !== "pointerdown" || target === main()) STAGE.hand = performance.now();   // the scroll bar is the main part's
}

function onScroll() {
  const now = performance.now();
  if (now - STAGE.hand > 1000) return;
  STAGE.hand = now;                                          // a push goes on by itself for a while
  clearTimeout(STAGE.timer);
  STAGE.timer = setTimeout(() => {
    const all = stops();
    if (!all.length || !main()) return;
    const index = current(all);
    ADDRESS.set({ at: index === 0 ? null : nameOf(all[index]) });
  }, 200);
}

function arrive(name) {                                      // bring a movement up, again while the page still grows
  const go = () => {
    const all = stops();
    if (name === "last") bring(all.length - 1);
    else bring(name === "first" ? 0 : Math.max(0, all.findIndex(stop => nameOf(stop) === name)));
  };
  go();
  STAGE.grows?.disconnect();
  STAGE.grows = new ResizeObserver(go);
  for (const stop of stops()) STAGE.grows.observe(stop);
  const rest = () => STAGE.grows?.disconnect();
  setTimeout(rest, 2000);
  for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) addEventListener(kind, rest, { once: true, capture: true });
}

export default function ({ data: [data], setTriggerValue }) {
  STAGE.present = () => setTriggerValue("present", true);
  document.documentElement.lang = data.lang;
  document.documentElement.toggleAttribute("data-present", data.present);
  const heard = { keydown: onKey, click: onClick, scroll: onScroll, wheel: onHand, touchmove: onHand, pointerdown: onHand };
  for (const [kind, handler] of Object.entries(heard)) {
    const where = kind === "scroll" ? main() : document;
    if (!where || STAGE[kind] === where) continue;
    where.addEventListener(kind, handler, { capture: true, passive: kind !== "keydown" });
    STAGE[kind] = where;
  }
  ADDRESS.left = -Infinity;
  ADDRESS.page = { name: data.page, path: data.path };
  ADDRESS.set({ lang: data.lang, present: data.present ? "1" : null });
  const entered = STAGE.page !== data.page, changed = STAGE.presenting !== data.present || STAGE.lang !== data.lang;
  if (entered) {
    STAGE.walked = null;
    ADDRESS.set({ at: null });
    const { at } = data;
    arrive(STAGE.arrive ?? (stops().some(stop => nameOf(stop) === at) ? at : "first"));
    STAGE.arrive = null;
  } else if (changed) {
    arrive(ADDRESS.app.at ?? "first");                       // type or words have another size: stay where we are
  } else if (data.go && data.go.serial !== STAGE.went) {
    arrive(data.go.at);
  }
  STAGE.page = data.page;
  STAGE.presenting = data.present;
  STAGE.lang = data.lang;
  if (data.go) STAGE.went = data.go.serial;
}
