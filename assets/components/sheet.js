// A clear sheet over the axes of a picture, for a hand that points at the picture itself. The picture
// draws everything; the sheet only turns places on the screen into numbers on the axes and back.
const SVG = "http://www.w3.org/2000/svg";
const svgElement = (tag, attributes = {}) => {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

// One sheet a control, kept while the picture changes; `s.placed` fits what lies on it to its new size. Several
// controls of one picture have a sheet each.
function sheet(s, data) {
  const [x0, x1] = data.x, [y0, y1] = data.y;
  const it = {
    svg: null, width: 1, height: 1,
    toNumbers: event => {
      const box = it.svg.getBoundingClientRect();
      const inside = (low, high, share) => low + (high - low) * Math.min(1, Math.max(0, share));
      return [inside(x0, x1, (event.clientX - box.left) / box.width), inside(y1, y0, (event.clientY - box.top) / box.height)];
    },
    toPlace: ([x, y]) => [((x - x0) / (x1 - x0)) * it.width, ((y1 - y) / (y1 - y0)) * it.height],
  };
  const home = () => document.querySelector(`.st-key-${data.picture}`);
  let waiting = 0, watched = null, axes = null;
  const place = () => {
    waiting = 0;
    const at = home(), frame = at?.querySelector("svg .root > g > path.background");
    if (at !== watched) {
      watch.disconnect();
      resized.disconnect();
      [watched, axes] = [at, null];
      if (at) {
        watch.observe(at, { childList: true, subtree: true });
        resized.observe(at);
      }
    }
    if (!frame) return at ? undefined : later();             // the picture is still to come
    if (frame !== axes) {                                    // it may be fitted to its place later than its place is
      if (axes) resized.unobserve(axes);
      resized.observe(axes = frame);
    }
    it.svg = at.querySelector(`:scope > svg.sheet[data-name="${data.name}"]`)
      ?? at.appendChild(svgElement("svg", { class: "sheet", "data-name": data.name }));
    const outer = at.getBoundingClientRect(), box = frame.getBoundingClientRect();
    const style = { left: box.left - outer.left, top: box.top - outer.top, width: box.width, height: box.height };
    for (const [name, value] of Object.entries(style)) it.svg.style[name] = `${value}px`;
    it.width = box.width;
    it.height = box.height;
    s.placed(it);
  };
  const later = () => { waiting ||= requestAnimationFrame(place); };
  const watch = new MutationObserver(changes => { if (changes.some(change => !it.svg?.contains(change.target))) later(); });
  const resized = new ResizeObserver(later);
  s.stopSheet = () => {
    cancelAnimationFrame(waiting);
    watch.disconnect();
    resized.disconnect();
    it.svg?.remove();
  };
  place();
  return it;
}
