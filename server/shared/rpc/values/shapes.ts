/** One step in the tree of property names: an object's names lead from the root to its shape. */
class ShapeNode {
  readonly next = new Map<string, ShapeNode>();
  /** The message in which the shape occurred last, and its number there. */
  message = 0;
  index = 0;
}

const maxNodes = 10_000;

/** Numbers the shapes of objects, so that their property names travel once a message. */
export class Shapes {
  private root = new ShapeNode();
  private nodes = 0;
  private message = 0;
  private count = 0;

  /** Begins a message: shapes are numbered anew. */
  begin(): void {
    this.message++;
    this.count = 0;
    if (this.nodes > maxNodes) {
      this.root = new ShapeNode();
      this.nodes = 0;
    }
  }

  /** The number of a shape that has occurred in this message; -1 for one that now has. */
  indexOf(names: readonly string[]): number {
    let node = this.root;
    for (const name of names) {
      let next = node.next.get(name);
      if (!next) {
        next = new ShapeNode();
        node.next.set(name, next);
        this.nodes++;
      }
      node = next;
    }
    if (node.message === this.message) return node.index;
    node.message = this.message;
    node.index = this.count++;
    return -1;
  }
}
