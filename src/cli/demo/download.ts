import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { basename, join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { OperationDocument } from "../../client/index.js";
import { CommandFailure } from "../failure.js";
import { type Gateway, reach } from "./gateway-client.js";

/** Downloads a finished export into the folder, checking size and SHA-256 on the way; answers its path. */
export async function downloadExport(gateway: Gateway, operationId: string, folder: string): Promise<string> {
  const { operation } = await gateway.daguerre.request(OperationDocument, { id: operationId });
  const download = operation?.__typename === "ExportOperation" ? operation.download : undefined;
  if (!download) throw new CommandFailure("the export has no download");
  const response = await reach(download.url);
  if (!response.ok || !response.body) throw new CommandFailure(`the download answered ${response.status}`);
  const path = join(folder, basename(download.fileName));
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body), measure, createWriteStream(path));
  const sha256 = hash.digest("hex");
  if (sizeBytes !== download.sizeBytes || sha256 !== download.sha256) {
    throw new CommandFailure(
      `comparison failed: the downloaded file: expected ${download.sizeBytes} bytes ${download.sha256}, found ${sizeBytes} bytes ${sha256}`,
    );
  }
  console.log(`  ✓ ${basename(path)}, ${sizeBytes} bytes, SHA-256 ${sha256.slice(0, 12)}… as promised`);
  return path;
}
