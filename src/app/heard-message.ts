import { IncomingMessage } from "node:http";

/** How many pieces a body may come in, beside one for so many bytes: each is heard by itself, and kept with more around it than in it. */
const freePieces = 1000;
const bytesPerPiece = 64;

const asked = Symbol("asks for another protocol");
const heard = Symbol("of its body");

/** A request that ends the hearing of its connection where that would take longer than its client has taken to send it. */
export class HeardMessage extends IncomingMessage {
  declare [asked]: boolean | null;
  [heard] = { pieces: 0, bytes: 0 };

  /**
   * A request of a connection that has been let go ends the hearing of what came with it, of short requests thousands, each of
   * which takes Node longer to make than to refuse: the parser goes no further behind one that asks for another protocol.
   */
  get upgrade(): boolean | null {
    return this.socket.destroyed || this[asked];
  }

  /** Node's own word for it. */
  set upgrade(value: boolean | null) {
    this[asked] = value;
  }

  /**
   * Whoever sends a body in more pieces than any client has need of is let go. They are counted as they come: before anybody
   * reads, while the key is looked up, say, Node would keep tens of thousands of each body.
   */
  override push(piece: Buffer | null): boolean {
    if (!piece) return super.push(piece);
    const { [heard]: sofar } = this;
    sofar.pieces++;
    sofar.bytes += piece.length;
    if (sofar.pieces <= freePieces + sofar.bytes / bytesPerPiece) return super.push(piece);
    this.destroy();
    return true;
  }
}
