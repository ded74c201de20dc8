import { type AddressInfo, createServer } from "node:net";

/**
 * Links name the port, so it is chosen before anything listens on it; and a start that cannot have it ends before it has
 * made anything. Rejects with what the socket said, such as EADDRINUSE.
 */
export async function choosePort(host: string, wanted: number): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once("error", reject).listen(wanted, host, resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
