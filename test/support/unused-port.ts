import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** Where nothing listens. */
export async function unusedPort(): Promise<number> {
  const unused = createServer().listen(0, "127.0.0.1");
  await once(unused, "listening");
  const { port } = unused.address() as AddressInfo;
  unused.close();
  await once(unused, "close");
  return port;
}
