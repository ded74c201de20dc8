import { EngineError } from "../engine.js";
import { type ChildConnection, ConnectionLost } from "./child-connection.js";
import type { ChildRequest } from "./frames.js";

/** A connection with which a place in the pool is held open. */
export class OwnConnection {
  private left = false;
  constructor(
    private readonly connection: ChildConnection,
    private readonly leave: () => void,
  ) {}

  /** Throws EngineError; UNAVAILABLE where the process is gone, and with it all that was open here. */
  async request<T>(op: ChildRequest["op"], signal?: AbortSignal): Promise<T> {
    try {
      return await this.connection.request<T>(op, {}, signal);
    } catch (error) {
      throw error instanceof ConnectionLost ? new EngineError("UNAVAILABLE", error.message) : error;
    }
  }

  close(): void {
    this.connection.close();
    if (!this.left) this.leave();
    this.left = true;
  }
}
