"""From the release of a slider to the last repaint of the movement's pictures, and redraws during a drag.

    python -m tests.benchmarks.interaction [--rounds 9] [--page NAME]

A bare Streamlit app in default settings is measured in turn. A press on the track of a slider sends one
value, so the last repaint after it, with rest before and after, belongs to that value. The clock of the
bare app starts when the pointer is released, which is when ``st.slider`` reports; the clock of a live
slider starts earlier, at its ``input`` event. Every press sets a random slider of the movement to a
random place, so that the server's cache rarely knows the answer.
"""

import argparse
import random
import time
from dataclasses import dataclass, field

from playwright.sync_api import Browser, ElementHandle, Page

from explainer import contents
from tests.benchmarks.measure import limit, machine, median, serve_bare, table, wait_until_idle
from tests.browser.chromium import PROJECTOR, launch, settle
from tests.server import serve

_MOVEMENT = '[class*="st-key-movement-"]'
_LIVE_SLIDER = ".slider input[type=range]"
_NATIVE_SLIDER = "[data-testid=stSlider]"
# Movements that train at every step of the hand, or send signals back through 120 new networks; the least
# redraws a second in a drag.
_TRAINING = (
    "gradient_map",
    "traced",
    "crumpled_sheet",
    "features",
    "train_it",
    "two_nets",
    "limits",
    "linear_to_nonlinear",
    "it_is_regression",
    "descent",
    "mse_against_mae",
    "hidden_layer",
    "stalled",
    "one_point",
)
# Shows the untrained network at once and the trained one when it is there, which is the last repaint: the
# first has its limit in tests.benchmarks.playground.
_IN_TWO_STEPS = ("board",)
_REDRAWS = {
    "two_regressions": 10,
    "two_nets": 8,
    "one_cursor": 10,
    "three_pictures": 8,
    "descent": 8,
    "price": 10,
    "stages": 10,
}
_DRAGGED = {"stages": 1}  # the slider that is dragged, if not the first: that one has five values alone
_STEPS = 30  # moves of the pointer from one end of the track to the other

# Runs before the page's own scripts. A repaint is a frame in which a picture of the watched element
# changed; its time is taken when the frame has been drawn. While counting, only frames that show a new
# picture count; those of a canvas count whenever it was drawn on.
PROBE = """(() => {
  const probe = (window.probe = { last: 0, input: NaN, inputs: 0, release: NaN, counts: null });
  const dirty = new Set(), shown = new WeakMap();
  const CHART = '[data-testid=stVegaLiteChart]';
  const frame = () => {
    const pictures = [...dirty];
    dirty.clear();
    setTimeout(() => { probe.last = performance.now(); });
    for (const picture of probe.counts ? pictures : []) {
      const now = picture.querySelector('svg.marks')?.innerHTML;
      if (now && now === shown.get(picture)) continue;
      shown.set(picture, now);
      probe.counts.set(picture, (probe.counts.get(picture) ?? 0) + 1);
    }
  };
  const touched = picture => {
    if (dirty.size === 0) requestAnimationFrame(frame);
    dirty.add(picture);
  };
  const observer = new MutationObserver(records => {
    for (const { target, addedNodes } of records) {
      const chart = (target.closest ? target : target.parentElement)?.closest(CHART);
      const marks = chart?.querySelector('svg.marks');
      if (marks?.contains(target) || [...addedNodes].some(node => node.contains(marks))) touched(chart);
    }
  });
  for (const method of ['clearRect', 'putImageData', 'drawImage']) {
    const original = CanvasRenderingContext2D.prototype[method];
    CanvasRenderingContext2D.prototype[method] = function (...args) {
      if (probe.watched?.contains(this.canvas.getRootNode().host ?? this.canvas)) touched(this.canvas);
      return original.apply(this, args);
    };
  }
  addEventListener('input', event => { probe.input = event.timeStamp; probe.inputs += 1; }, true);
  addEventListener('pointerup', event => { probe.release = event.timeStamp; }, true);
  probe.watch = element => {
    observer.disconnect();
    probe.watched = element;
    observer.observe(element, { subtree: true, childList: true, attributes: true, characterData: true });
  };
  probe.forget = () => { probe.input = probe.release = NaN; };
  probe.count = () => { probe.counts = new Map(); probe.inputs = 0; };
  probe.counted = () => {                                    // values sent, new states of the largest picture
    const area = ([picture]) => picture.clientWidth * picture.clientHeight;
    const [largest] = [...probe.counts].sort((a, b) => area(b) - area(a));
    probe.counts = null;
    return [probe.inputs, Math.min(probe.inputs, largest?.[1] ?? 0)];
  };
  // Once nothing has moved for a while: milliseconds from an event to the last repaint. Where a repaint
  // is expected and none comes, there is no answer.
  probe.rest = (event, expected) => new Promise(resolve => {
    const begin = performance.now();
    const look = () => {
      const now = performance.now(), took = probe.last - probe[event];
      const still = now - Math.max(probe.last, begin) > 600 && dirty.size === 0
        && document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]');
      if (still && (!expected || took > 0)) resolve(Math.max(0, took));
      else if (now - begin > (still ? 4000 : 30000)) resolve(null);
      else setTimeout(look, 50);
    };
    look();
  });
})()"""


@dataclass
class Stage:
    """An element to watch, its sliders, the event that starts the clock, and what was measured."""

    name: str
    page: Page
    element: ElementHandle
    sliders: list[ElementHandle]
    event: str
    presses: list[float] = field(default_factory=list)  # ms
    silent: int = 0
    values: float = 0  # a second
    redraws: float = 0  # a second
    settled: float | None = None  # ms

    def press(self, rng: random.Random) -> None:
        """Press a random slider at a random place and note when its picture has come to rest."""
        x, y, width = self._track(rng.choice(self.sliders))
        self.page.mouse.click(x + width * rng.uniform(0.05, 0.95), y)
        took = self.page.evaluate(f"probe.rest('{self.event}', true)")
        if took is None:  # the press fell on the value that was set already, or changed no picture
            self.silent += 1
        else:
            self.presses.append(took)

    def drag(self, seconds: float) -> None:
        """Drag a slider to and fro; note new pictures a second, and the rest after the release."""
        x, y, width = self._track(self.sliders[_DRAGGED.get(self.name, 0)])
        left, right = x + 0.05 * width, x + 0.95 * width
        self.page.mouse.move(left, y)
        self.page.mouse.down()
        self.page.evaluate("probe.rest('input', false)")
        self.page.evaluate("probe.count()")
        begin = time.monotonic()
        while time.monotonic() - begin < seconds:
            self.page.mouse.move(right, y, steps=_STEPS)
            left, right = right, left
        counts = self.page.evaluate("probe.counted()")
        self.values, self.redraws = (count / (time.monotonic() - begin) for count in counts)
        self.page.mouse.up()
        self.settled = self.page.evaluate("probe.rest('release', false)")

    def _track(self, slider: ElementHandle) -> tuple[float, float, float]:
        """Bring a slider up, wait for rest, and return left, middle and width of its track."""
        self.page.bring_to_front()
        self.element.evaluate("element => { element.scrollIntoView(); probe.watch(element); }")
        self.page.evaluate("probe.rest('input', false)")
        self.page.evaluate("probe.forget()")
        box = slider.bounding_box()
        thumb = slider.query_selector("[role=slider], input[type=range]")
        inner = (thumb and thumb.bounding_box()) or box
        return box["x"], inner["y"] + inner["height"] / 2, box["width"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9, help="presses in every movement and in the bare app")
    parser.add_argument("--seconds", type=float, default=3, help="length of a drag")
    parser.add_argument("--page", help="one page alone, by default all")
    options = parser.parse_args()
    machine()
    rng = random.Random(0)
    with serve() as ours, serve_bare() as bare, launch() as browser:
        (yardstick,) = _stages(browser, bare.url, "[data-testid=stMain]", _NATIVE_SLIDER, "release")
        for name in [options.page] if options.page else contents.built_pages():
            stages = _stages(browser, f"{ours.url}/{name}", _MOVEMENT, _LIVE_SLIDER, "input")
            if not stages:  # the home page has no slider
                if options.page:
                    raise SystemExit(f"{name} has no slider beside a picture")
                continue
            wait_until_idle(ours.process.pid)
            for i in range(options.rounds + 1):
                for stage in stages:
                    yardstick.press(rng)
                    stage.press(rng)
                if i == 0:  # the first ones load fonts and code
                    for stage in [yardstick, *stages]:
                        stage.presses.clear()
            for stage in [yardstick, *stages]:
                stage.drag(options.seconds)
            _print(name, yardstick, stages)


def _stages(browser: Browser, url: str, elements: str, sliders: str, event: str) -> list[Stage]:
    """Open a page and find what can be measured on it: elements that have sliders."""
    page = browser.new_context(viewport=PROJECTOR).new_page()
    page.add_init_script(PROBE)
    page.goto(url)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning] h1, " + sliders)
    settle(page, timeout=60_000)
    stages = []
    for element in page.query_selector_all(elements):
        found = element.query_selector_all(sliders)
        if found and element.query_selector("[data-testid=stVegaLiteChart], canvas"):  # else nothing is drawn
            key = element.get_attribute("class").partition("st-key-movement-")[2].split()
            stages.append(Stage(key[0] if key else "bare app", page, element, found, event))
    if not stages:
        page.context.close()
    return stages


def _print(page: str, yardstick: Stage, stages: list[Stage]) -> None:
    heads = ["", "ms", "of bare", "limit", "n", "silent", "values/s", "redraws/s", "limit", "ms after drag"]
    rows: list[list[object]] = []
    for stage in [yardstick, *stages]:
        took = median(stage.presses)
        ratio = took / median(yardstick.presses)
        judged = stage is not yardstick and stage.name not in _IN_TWO_STEPS
        most = limit(ratio, 1.2 if stage.name in _TRAINING else 0.8) if judged else None
        least = limit(stage.redraws, _REDRAWS[stage.name], least=True) if stage.name in _REDRAWS else None
        presses = [took, ratio, most, len(stage.presses), stage.silent]
        rows.append([stage.name, *presses, stage.values, stage.redraws, least, stage.settled])
    table(f"Release to repaint on {page}, medians, and a drag", heads, rows)


if __name__ == "__main__":
    main()
