import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { connectGateway, type Gateway, start } from "../e2e/gateway.js";
import { buildService, type ServiceProcess, startServiceProcess } from "../e2e/service-process.js";
import { createTestDatabase, type TestDatabase } from "../support/database.js";
import { browserPath, launchBrowser, visit, type Visit } from "./browser.js";

if (browserPath === undefined)
  console.warn(
    "GraphiQL's test is skipped: no Chromium here. Install one (apt-get install chromium), or name one in CHROMIUM.",
  );

const key = randomBytes(16).toString("hex");
const place = { tier: "FREE", version: "V5", cloudProvider: "AWS", region: "eu-west-1" };
/** A page of some megabytes, on a machine that runs other tests meanwhile. */
const patience = { timeout: 30_000 };

describe.skipIf(browserPath === undefined)(
  "GraphiQL in a browser that reaches the service alone",
  { timeout: 120_000 },
  () => {
    let home: string;
    let database: TestDatabase;
    let service: ServiceProcess;
    let gateway: Gateway;
    let browser: Browser;
    let visitor: Visit;

    beforeAll(async () => {
      await buildService();
      home = await mkdtemp(join(tmpdir(), "dag-graphiql-"));
      database = await createTestDatabase();
      service = await startServiceProcess({
        DAGUERRE_HOME: home,
        DAGUERRE_BOOTSTRAP_KEY: key,
        DATABASE_URL: database.url,
      });
      gateway = connectGateway(service.url, key);
      browser = await launchBrowser(browserPath ?? "");
    }, 120_000);
    afterEach(async () => {
      expect(visitor.faults).toEqual([]);
      await visitor.close();
    });
    afterAll(async () => {
      await browser?.close();
      await service?.stop();
      await database?.drop();
      await rm(home, { recursive: true, force: true });
    });

    const open = async (path = "/graphiql/") => (visitor = await visit(browser, `${service.url}${path}`));
    const status = () => visitor.page.getByRole("status").textContent();
    /** An editor that has just been shown may not take the keyboard yet: until it shows what was written. */
    const write = (editor: string, text: string, shown: string) =>
      expect
        .poll(async () => {
          await visitor.page.locator(editor).click();
          await visitor.page.keyboard.press("ControlOrMeta+A");
          await visitor.page.keyboard.insertText(text);
          return visitor.page.locator(editor).textContent();
        }, patience)
        .toContain(shown);

    it("is where a browser comes to that opens the endpoint, and says that a key is needed", async () => {
      await open("/graphql");
      expect(visitor.page.url()).toBe(`${service.url}/graphiql/`);
      expect(await status()).toContain("A key is needed");
      await expect.poll(visitor.answer, patience).toContain("Introspection needs an API key.");
      const tabs = await visitor.page.locator(".graphiql-tab-button").allTextContents();
      expect(tabs).toEqual([
        "Instances",
        "CreateInstance",
        "FollowProject",
        "TakeSnapshot",
        "Progress",
        "RestoreSnapshot",
      ]);
    });

    it("says what is wrong with a key that nobody has", async () => {
      await open();
      await visitor.useKey("dag_nobody");
      await expect.poll(status, patience).toContain("unknown, revoked or expired");
    });

    it("reads the schema once a key is typed, and runs a query", async () => {
      await open();
      await visitor.useKey(key);
      await expect.poll(status, patience).toContain("as ADMIN");
      await visitor.page.getByLabel("Show Documentation Explorer").click();
      await visitor.page.getByText("Root Types").waitFor(patience);
      await visitor.run();
      await expect.poll(visitor.answer, patience).toContain('"role": "ADMIN"');
      // It ends with the tab: what outlives it does not hold the key.
      expect(await visitor.page.evaluate(() => JSON.stringify(localStorage))).not.toContain(key);
      await visitor.page.reload();
      await expect.poll(status, patience).toContain("as ADMIN");
    });

    it("makes an instance by the example as it stands", async () => {
      await open();
      await visitor.useKey(key);
      await expect.poll(status, patience).toContain("as ADMIN");
      await visitor.openTab("CreateInstance");
      await visitor.run();
      await expect.poll(visitor.answer, patience).toContain('"errors": []');
      expect(await visitor.answer()).toMatch(/"id": "op_/);
    });

    it("follows a subscription over a WebSocket that proves itself by the same key", async () => {
      await open();
      await visitor.useKey(key);
      await expect.poll(status, patience).toContain("as ADMIN");
      await visitor.openTab("FollowProject");
      await visitor.run();
      await expect.poll(visitor.answer, patience).toContain('"projectChanged"');
      await start(gateway, "createInstance", { ...place, name: "seen-by-the-subscriber" });
      await expect.poll(visitor.answer, patience).toContain("seen-by-the-subscriber");
      expect(visitor.sent.map((text) => JSON.parse(text) as unknown)).toContainEqual({
        type: "connection_init",
        payload: { Authorization: `Bearer ${key}` },
      });
      await visitor.run();
      await expect.poll(() => visitor.sent.some((text) => text.includes('"complete"')), patience).toBe(true);
    });

    it("shows what a stranger has written as the letters that it is, wherever it stands", async () => {
      const hostile = `"'><img src=x onerror=alert(1)><script>alert(2)</script>[x](javascript:alert(3))`;
      const made = await gateway.ask<{ createApiKey: { secret: string } }>(
        `mutation ($name: String!) { createApiKey(input: { name: $name, role: VIEWER }) { secret } }`,
        { name: hostile },
      );
      await start(gateway, "createInstance", { ...place, name: hostile });
      await open();
      const dialogs: string[] = [];
      visitor.page.on("dialog", (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      await visitor.useKey(made.createApiKey.secret);
      await expect.poll(status, patience).toContain(`by the key “${hostile}”`);
      const readAndRun = async () => {
        // Long lines are wrapped where they are shown.
        const before = (await visitor.answer()).replaceAll(/\s/g, "");
        await visitor.run();
        return before;
      };
      const asShown = JSON.stringify(hostile).replaceAll(/\s/g, "");
      const named = `query Named { instances(filter: { nameContains: "onerror" }) { nodes { name } } }`;
      await write(".graphiql-query-editor .view-lines", named, "onerror");
      await expect.poll(readAndRun, { ...patience, interval: 1000 }).toContain(asShown);
      const wrong = `query Wrong { instances(first: ${JSON.stringify(hostile.replace("alert(1)", "alert(9)"))}) { totalCount } }`;
      await write(".graphiql-query-editor .view-lines", wrong, "totalCount");
      await expect.poll(readAndRun, { ...patience, interval: 1000 }).toContain("<imgsrc=xonerror=alert(9)>");
      // What is wrong with it is told where the pointer rests, too.
      await visitor.page.locator(".graphiql-query-editor .view-line").first().hover();
      expect(
        await visitor.page.locator('img[src="x"], script:not([src]), a[href^="javascript:"]').count(),
      ).toBe(0);
      expect(dialogs).toEqual([]);
    });

    it("lets a tab's header editor speak for itself, over HTTP and WebSocket", async () => {
      const { createApiKey } = await gateway.ask<{ createApiKey: { secret: string } }>(
        `mutation { createApiKey(input: { name: "reader", role: VIEWER }) { secret } }`,
      );
      await open();
      await visitor.useKey(key);
      await expect.poll(status, patience).toContain("as ADMIN");
      await visitor.page.getByRole("button", { name: "Headers" }).click();
      const headers = { authorization: `Bearer ${createApiKey.secret}`, "X-Request-Id": "from-the-editor" };
      await write(
        ".graphiql-editor-tool .view-lines >> visible=true",
        JSON.stringify(headers),
        "from-the-editor",
      );
      const request = visitor.page.waitForRequest(
        (one) => one.headers()["x-request-id"] === "from-the-editor",
        patience,
      );
      // The page takes over what was written a moment later, and until then sends what stood there before.
      const runAndRead = async () => {
        await visitor.run();
        return visitor.answer();
      };
      await expect.poll(runAndRead, { ...patience, interval: 1000 }).toContain('"role": "VIEWER"');
      expect((await request).postData()).toContain("query Instances");

      await write(
        ".graphiql-query-editor .view-lines",
        "subscription { projectChanged { subject } }",
        "projectChanged",
      );
      const runAndLook = async () => {
        await visitor.run();
        return visitor.sent.length;
      };
      await expect.poll(runAndLook, { ...patience, interval: 1000 }).toBeGreaterThan(0);
      expect(JSON.parse(visitor.sent[0] ?? "")).toMatchObject({
        type: "connection_init",
        payload: { Authorization: `Bearer ${createApiKey.secret}` },
      });
    });
  },
);
