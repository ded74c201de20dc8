import { createHmac, timingSafeEqual } from "node:crypto";

const sign = (key: Uint8Array, operationId: string, expires: number) =>
  createHmac("sha256", key).update(`download\n${operationId}\n${expires}`).digest();

/** A URL that lets its bearer read one export until `expiresAt` (whole seconds, rounded down). */
export function createDownloadLink(
  publicUrl: string,
  key: Uint8Array,
  operationId: string,
  expiresAt: Date,
): URL {
  const expires = Math.floor(expiresAt.getTime() / 1000);
  const url = new URL(`${publicUrl.replace(/\/$/, "")}/downloads/${operationId}`);
  url.searchParams.set("expires", String(expires));
  url.searchParams.set("signature", sign(key, operationId, expires).toString("base64url"));
  return url;
}

/** Whether a link is genuine, and still good at `now`. */
export function checkDownloadLink(
  url: URL,
  key: Uint8Array,
  operationId: string,
  now: Date,
): "VALID" | "EXPIRED" | "FORGED" {
  const expires = Number(url.searchParams.get("expires") ?? NaN);
  const given = Buffer.from(url.searchParams.get("signature") ?? "", "base64url");
  const wanted = sign(key, operationId, expires);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return "FORGED";
  return now.getTime() < expires * 1000 ? "VALID" : "EXPIRED";
}
