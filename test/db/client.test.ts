import { expect, it } from "vitest";
import { openPool } from "../../src/db/client.js";
import { createTestDatabase } from "../support/database.js";

it("ends its pool when the last connection has been closed by Postgres", async () => {
  const database = await createTestDatabase();
  const pool = openPool({
    url: database.url,
    maxConnections: 5,
    applicationName: "to be drained",
    onIdleError: () => undefined,
  });
  let open = 0;
  // Told when Postgres has hung up, not when the goodbye was sent.
  pool.on("connect", () => void open++).on("remove", () => void open--);
  await Promise.all(Array.from({ length: 5 }, () => pool.query("select pg_sleep(0.01)")));
  expect(open).toBe(5);
  await pool.end();
  expect(open).toBe(0);
  await database.drop();
});
