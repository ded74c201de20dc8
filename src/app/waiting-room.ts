import type { Socket } from "node:net";

/** One that waits, between who came before it and who came after. */
interface Waiting {
  readonly socket: Socket;
  readonly queue: Queue;
  readonly late: NodeJS.Timeout;
  readonly leave: () => void;
  readonly onLost: () => void;
  older: Waiting | undefined;
  younger: Waiting | undefined;
}

/** Those of one network. */
interface Queue {
  readonly network: string;
  size: number;
  oldest: Waiting | undefined;
  youngest: Waiting | undefined;
}

/**
 * Connections that are open and of which nothing is heard yet: each costs a descriptor and no more. Those of a network are called
 * in the order of their coming. No wait is longer than `waitMs`, so that who fills the room does not keep it; and where it
 * is full, the network with most of it gives way to those with less. Whatever is done takes a few steps, however many wait:
 * a flood is when it is done most.
 */
export class WaitingRoom {
  private readonly queues = new Map<string, Queue>();
  /** Queues by their size; none of these sets is empty. */
  private readonly bySize = new Map<number, Set<Queue>>();
  private largest = 0;
  private size = 0;

  constructor(
    private readonly most: number,
    private readonly waitMs: number,
  ) {}

  /**
   * False where the room is full, and no network has so much of it that its youngest should go. Who has to go, or has waited
   * for too long, is closed, and `onLost` is told.
   */
  enter(network: string, socket: Socket, onLost: () => void): boolean {
    if (this.size >= this.most && !this.makeRoomFor(network)) return false;
    const queue = this.queues.get(network) ?? { network, size: 0, oldest: undefined, youngest: undefined };
    this.queues.set(network, queue);
    const late = setTimeout(() => this.lose(waiting), this.waitMs).unref();
    const leave = () => this.leave(waiting);
    const waiting: Waiting = {
      socket,
      queue,
      late,
      leave,
      onLost,
      older: queue.youngest,
      younger: undefined,
    };
    if (queue.youngest) queue.youngest.younger = waiting;
    else queue.oldest = waiting;
    queue.youngest = waiting;
    this.resize(queue, 1);
    socket.once("close", leave);
    return true;
  }

  /** The one of the network that has waited for the longest, who waits no more. */
  call(network: string): Socket | undefined {
    const next = this.queues.get(network)?.oldest;
    next?.leave();
    return next?.socket;
  }

  /** Not where the two would but change places: they could do so for ever. */
  private makeRoomFor(network: string): boolean {
    if ((this.queues.get(network)?.size ?? 0) + 1 >= this.largest) return false;
    const [queue] = this.bySize.get(this.largest) ?? [];
    if (queue?.youngest) this.lose(queue.youngest);
    return true;
  }

  private lose(waiting: Waiting): void {
    waiting.leave();
    waiting.socket.destroy();
    waiting.onLost();
  }

  private leave({ socket, queue, late, leave, older, younger }: Waiting): void {
    socket.off("close", leave);
    clearTimeout(late);
    if (older) older.younger = younger;
    else queue.oldest = younger;
    if (younger) younger.older = older;
    else queue.youngest = older;
    this.resize(queue, -1);
  }

  private resize(queue: Queue, by: 1 | -1): void {
    const peers = this.bySize.get(queue.size);
    peers?.delete(queue);
    if (peers?.size === 0) this.bySize.delete(queue.size);
    queue.size += by;
    this.size += by;
    if (queue.size === 0) this.queues.delete(queue.network);
    else this.bySize.set(queue.size, (this.bySize.get(queue.size) ?? new Set()).add(queue));
    // Who alone was the largest is still as large as any.
    if (by > 0) this.largest = Math.max(this.largest, queue.size);
    else if (!this.bySize.has(this.largest)) this.largest = queue.size;
  }
}
