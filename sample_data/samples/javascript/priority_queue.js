export class PriorityQueue {
  #heap = [];
  #compare;

  constructor(compare = (a, b) => a - b) {
    this.#compare = compare;
  }

  get size() {
    return this.#heap.length;
  }

  peek() {
    return this.#heap[0];
  }

  push(value) {
    let child = this.#heap.push(value) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (this.#compare(this.#heap[parent], value) <= 0) break;
      this.#heap[child] = this.#heap[parent];
      child = parent;
    }
    this.#heap[child] = value;
  }

  pop() {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (this.#heap.length > 0) this.#sink(last);
    return top;
  }

  #sink(value) {
    const { length } = this.#heap;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= length) break;
      if (child + 1 < length && this.#compare(this.#heap[child + 1], this.#heap[child]) < 0) child += 1;
      if (this.#compare(value, this.#heap[child]) <= 0) break;
      this.#heap[parent] = this.#heap[child];
      parent = child;
    }
    this.#heap[parent] = value;
  }
}
