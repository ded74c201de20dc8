import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rename } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createDaguerre, ExportSnapshotDocument, granted, OperationDocument } from "daguerre/client";

const { DAGUERRE_URL: url = "http://127.0.0.1:4000/graphql", DAGUERRE_KEY: key = "" } = process.env;
const [snapshotId = "", path = ""] = process.argv.slice(2);

const daguerre = createDaguerre({ url, key });
const answer = await daguerre.request(ExportSnapshotDocument, { input: { snapshotId } });
const { id } = granted(answer.exportSnapshot).operation;
await daguerre.wait(id);
await daguerre.close();

const { operation } = await daguerre.request(OperationDocument, { id });
const download = operation?.__typename === "ExportOperation" ? operation.download : undefined;
if (!download) throw new Error("The link has ended.");
const response = await fetch(download.url);
if (!response.ok || !response.body) throw new Error(`The download answered ${response.status}.`);

const hash = createHash("sha256");
const body = Readable.fromWeb(response.body);
body.on("data", (chunk: Buffer) => hash.update(chunk));
await pipeline(body, createWriteStream(`${path}.part`));
if (hash.digest("hex") !== download.sha256) throw new Error("The file is not what was promised.");
await rename(`${path}.part`, path);
console.log("exported:", path, `${download.sizeBytes} bytes`);
