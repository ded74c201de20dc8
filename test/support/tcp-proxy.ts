import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Stands between a client and a server, and can stop passing anything on without a word to either. */
export async function startTcpProxy(target: string) {
  const to = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let mute = false;
  const server = createServer((client) => {
    const upstream = connect(Number(to.port), to.hostname);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const [from, into] of [pair, [upstream, client]] as const) {
      from.on("error", () => undefined);
      from.on("close", () => {
        pairs.delete(pair);
        into.destroy();
      });
      if (mute) from.resume();
      else from.pipe(into);
    }
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const url = new URL(target);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: url.href,
    /** What is open goes dumb: bytes are taken and dropped. Connections made afterwards work, unless told. */
    freeze({ also }: { also?: "what is new" } = {}): void {
      mute = also !== undefined;
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream).resume();
        upstream.unpipe(client).resume();
      }
    },
    async close(): Promise<void> {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
