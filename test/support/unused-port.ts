import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Where nothing listens. Below the ports that the system gives to whoever asks for any, so that none of these takes it meanwhile. */
export async function unusedPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const unused = createServer();
    try {
      await once(unused.listen(port, "127.0.0.1"), "listening");
    } catch {
      continue;
    }
    unused.close();
    await once(unused, "close");
    return port;
  }
}
