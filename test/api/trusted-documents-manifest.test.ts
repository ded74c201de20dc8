import { createHash, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readTrustedDocuments } from "../../src/api/trusted-documents.js";
import { ConfigError } from "../../src/config/config.js";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
const known = "{ viewer { role } }";
const unknown = "{ viewer { project } }";
const manifest = new URL("../../schema/persisted-documents.json", import.meta.url);

describe("the manifest", () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "dag-trusted-"))));
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const read = async (content: unknown) => {
    const path = join(folder, randomUUID());
    await writeFile(path, typeof content === "string" ? content : JSON.stringify(content));
    return readTrustedDocuments(path);
  };

  it("may be Apollo's, or documents by id", async () => {
    const operations = [{ id: "one", name: "One", type: "query", body: known }];
    const apollo = await read({ format: "apollo-persisted-query-manifest", version: 1, operations });
    expect([...(apollo?.byId ?? [])]).toEqual([
      ["one", known],
      [`sha256:${digest(known)}`, known],
    ]);
    expect((await read({ one: known }))?.byId).toEqual(apollo?.byId);
  });

  it("of daguerre/client names each document by its digest", async () => {
    const { byId } = (await readTrustedDocuments(manifest.pathname)) ?? { byId: new Map<string, string>() };
    expect(byId.size).toBeGreaterThan(20);
    for (const [id, text] of byId) expect(id).toBe(`sha256:${digest(text)}`);
  });

  it.each([
    ["no JSON", "{"],
    ["a list", [known]],
    [
      "ids that stand for two documents",
      {
        operations: [
          { id: "a", body: known },
          { id: "a", body: unknown },
        ],
      },
    ],
    ["a digest that is another document's", { [`sha256:${digest(known)}`]: unknown }],
  ])("is refused at the start where it is %s", async (_, content) => {
    await expect(read(content)).rejects.toThrow(ConfigError);
    await expect(read(content)).rejects.toThrow(
      /^DAGUERRE_TRUSTED_DOCUMENTS .+; correct the file, or unset it$/,
    );
  });
});
