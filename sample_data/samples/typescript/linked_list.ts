class ListNode<T> {
  constructor(
    public value: T,
    public next: ListNode<T> | null = null,
  ) {}
}

export class LinkedList<T> implements Iterable<T> {
  private head: ListNode<T> | null = null;
  private tail: ListNode<T> | null = null;
  private count = 0;

  static from<T>(values: Iterable<T>): LinkedList<T> {
    const list = new LinkedList<T>();
    for (const value of values) list.append(value);
    return list;
  }

  get length(): number {
    return this.count;
  }

  append(value: T): void {
    const node = new ListNode(value);
    if (this.tail) this.tail.next = node;
    else this.head = node;
    this.tail = node;
    this.count++;
  }

  prepend(value: T): void {
    this.head = new ListNode(value, this.head);
    this.tail ??= this.head;
    this.count++;
  }

  reverse(): this {
    let previous: ListNode<T> | null = null;
    let node = this.head;
    this.tail = this.head;
    while (node) {
      const next: ListNode<T> | null = node.next;
      node.next = previous;
      previous = node;
      node = next;
    }
    this.head = previous;
    return this;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let node = this.head; node; node = node.next) yield node.value;
  }
}
