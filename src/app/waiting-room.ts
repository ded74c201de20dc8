import type { Socket } from "node:net";

/**
 * Connections that are open and of which nothing is heard yet: each costs a descriptor and no more. Those of a network are called
 * in the order of their coming. No wait is longer than `waitMs`, so that who fills the room does not keep it.
 */
export class WaitingRoom {
  private readonly waiting = new Map<string, Map<Socket, NodeJS.Timeout>>();
  private size = 0;

  constructor(
    private readonly most: number,
    private readonly waitMs: number,
  ) {}

  /** False where the room is full. Who has waited for too long is closed, and `onLate` is told. */
  enter(network: string, socket: Socket, onLate: () => void): boolean {
    if (this.size >= this.most) return false;
    const late = setTimeout(() => {
      if (!this.leave(network, socket)) return;
      socket.destroy();
      onLate();
    }, this.waitMs);
    const queue = this.waiting.get(network) ?? new Map<Socket, NodeJS.Timeout>();
    this.waiting.set(network, queue.set(socket, late.unref()));
    this.size++;
    socket.once("close", () => this.leave(network, socket));
    return true;
  }

  /** The one of the network that has waited for the longest, who waits no more. */
  call(network: string): Socket | undefined {
    const next = this.waiting.get(network)?.keys().next();
    if (!next || next.done) return undefined;
    this.leave(network, next.value);
    return next.value;
  }

  private leave(network: string, socket: Socket): boolean {
    const queue = this.waiting.get(network);
    const late = queue?.get(socket);
    if (!queue || !late) return false;
    clearTimeout(late);
    queue.delete(socket);
    if (queue.size === 0) this.waiting.delete(network);
    this.size--;
    return true;
  }
}
