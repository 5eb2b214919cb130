'use strict';

/**
 * Delays a function until it has not been called for `wait` milliseconds.
 * The returned function has `cancel` and `flush`.
 */
function debounce(fn, wait, { leading = false } = {}) {
  let timer = null;
  let lastArgs = null;

  function run() {
    const args = lastArgs;
    timer = null;
    lastArgs = null;
    if (args) fn(...args);
  }

  function debounced(...args) {
    const callNow = leading && timer === null;
    lastArgs = callNow ? null : args;
    clearTimeout(timer);
    timer = setTimeout(run, wait);
    if (callNow) fn(...args);
  }

  debounced.cancel = () => {
    clearTimeout(timer);
    timer = null;
    lastArgs = null;
  };
  debounced.flush = () => {
    if (timer === null) return;
    clearTimeout(timer);
    run();
  };
  return debounced;
}

module.exports = debounce;
