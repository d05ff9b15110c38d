// What a movement says when its pictures are out: the values of its controls, for the address bar's
// writer, and the alternative texts of its pictures with the numbers of the moment. Streamlit's own alt
// is part of a chart's spec, so a number in it would build the chart anew at every step of the hand.
// A text is set at rest, so that a screen reader is not flooded, and again when a chart was built anew.
const ALT = (window.explainerAlt ??= {
  texts: {},        // key of the chart's container -> text
  timer: 0,
  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.write(), 250);
  },
  write() {
    for (const [key, text] of Object.entries(this.texts)) {
      const picture = document.querySelector(`.st-key-${key} [role="graphics-document"]`);
      if (picture && picture.getAttribute("aria-label") !== text) picture.setAttribute("aria-label", text);
    }
  },
});
ALT.watch ??= new MutationObserver(() => ALT.later());

export default function ({ data: [data] }) {
  ADDRESS.report(data.page, data.values);
  Object.assign(ALT.texts, data.alts);
  ALT.watch.observe(document.querySelector('[data-testid="stMain"]'), { childList: true, subtree: true });
  ALT.later();
}
