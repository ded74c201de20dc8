import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/** A Chromium of this machine; undefined where it has none. */
export const browserPath: string | undefined = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find((path) => path !== undefined && existsSync(path));

/** A browser that finds no host by name, reaches nothing but 127.0.0.1 and says nothing by itself. */
export const launchBrowser = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });

export interface Visit {
  readonly page: Page;
  /** What the page asked of others than the service, which it was refused; and what its own policy forbade it. */
  readonly faults: string[];
  /** Texts that the page sent over WebSockets. */
  readonly sent: string[];
  /** What GraphiQL shows as the answer. */
  readonly answer: () => Promise<string>;
  openTab(name: string): Promise<void>;
  useKey(key: string): Promise<void>;
  run(): Promise<void>;
  close(): Promise<void>;
}

/** Opens a fresh profile's first page at the address. */
export async function visit(browser: Browser, address: string): Promise<Visit> {
  const context: BrowserContext = await browser.newContext({ viewport: { width: 1360, height: 820 } });
  context.setDefaultTimeout(60_000);
  const { origin, host } = new URL(address);
  const faults: string[] = [];
  const sent: string[] = [];
  await context.route(
    (url) => url.origin !== origin,
    async (route) => {
      faults.push(`asked for ${route.request().url()}`);
      await route.abort();
    },
  );
  await context.exposeFunction("reportViolation", (text: string) => faults.push(text));
  await context.addInitScript(`
    document.addEventListener("securitypolicyviolation", (event) =>
      reportViolation("forbidden by " + event.violatedDirective + ": " + event.blockedURI));
  `);
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(`threw ${error.message}`));
  page.on("websocket", (socket) => {
    if (new URL(socket.url()).host !== host) faults.push(`connected to ${socket.url()}`);
    socket.on("framesent", ({ payload }) => sent.push(String(payload)));
  });
  await page.goto(address);
  await page.locator(".graphiql-query-editor .view-line").first().waitFor();
  return {
    page,
    faults,
    sent,
    answer: async () => {
      const lines = await page.locator(".graphiql-response .view-line").allTextContents();
      return lines.join("\n").replaceAll("\u00a0", " ");
    },
    openTab: (name) => page.locator(".graphiql-tab-button", { hasText: name }).click(),
    async useKey(key) {
      await page.getByLabel("API key").fill(key);
      await page.getByRole("button", { name: "Use key" }).click();
    },
    run: () => page.locator(".graphiql-execute-button").click(),
    close: () => context.close(),
  };
}
