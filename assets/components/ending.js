// What a component returns is called when it has left the page, and also for a call that a newer one has overtaken,
// even after that one has run: then everything stays as it is.
const ending = (element, end) => () => { if (!element.isConnected) end(); };

