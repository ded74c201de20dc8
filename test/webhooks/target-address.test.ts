import { expect, it } from "vitest";
import { isPublicAddress, refuseTarget } from "../../src/webhooks/target-address.js";

it.each(["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8"])(
  "lets %s be reached",
  (address) => expect(isPublicAddress(address)).toBe(true),
);

it.each([
  ["this machine", "127.0.0.1"],
  ["this machine, elsewhere in its range", "127.8.8.8"],
  ["this machine in IPv6", "::1"],
  ["no address at all", "0.0.0.0"],
  ["no address at all in IPv6", "::"],
  ["a private network", "10.0.0.1"],
  ["a private network", "172.16.3.4"],
  ["a private network", "192.168.1.1"],
  ["a carrier's network", "100.64.0.1"],
  ["the cloud's metadata", "169.254.169.254"],
  ["link-local in IPv6", "fe80::1"],
  ["unique local in IPv6", "fd00::1"],
  ["IPv4 mapped into IPv6", "::ffff:127.0.0.1"],
  ["IPv4 mapped into IPv6, written in hex", "::ffff:7f00:1"],
  ["IPv4 as IPv6 had it first", "::7f00:1"],
  ["IPv4 as IPv6 had it first, of the open internet", "::8.8.8.8"],
  ["IPv4 behind NAT64", "64:ff9b::7f00:1"],
  ["IPv4 in 6to4", "2002:7f00:1::"],
  ["IPv4 in Teredo", "2001:0:7f00:1::"],
  ["many at once", "224.0.0.1"],
  ["everybody", "255.255.255.255"],
  ["documentation", "192.0.2.1"],
  ["documentation in IPv6", "2001:db8::1"],
  ["what is no address", "example.com"],
])("keeps out of %s: %s", (_, address) => expect(isPublicAddress(address)).toBe(false));

const strict = { allowPrivate: false };
it.each([
  "http://example.com/",
  "ftp://example.com/",
  "//example.com/",
  "https://user:word@example.com/",
  "https://localhost/",
  "https://service.internal/",
  "https://127.0.0.1/",
  "https://2130706433/",
  "https://0x7f.1/",
  "https://[::1]/",
  "https://[::ffff:10.0.0.1]/",
  "https://[::7f00:1]/",
  "https://[::127.0.0.1]/",
  `https://example.com/${"x".repeat(2048)}`,
])("refuses %s", (url) => expect(refuseTarget(url, strict)).toMatch(/./));

it("takes what lies in the open, and one's own network where that is allowed", () => {
  expect(refuseTarget("https://example.com/hook?for=us", strict)).toBeUndefined();
  expect(refuseTarget("http://10.0.0.1:8080/", { allowPrivate: true })).toBeUndefined();
  expect(refuseTarget("file:///etc/passwd", { allowPrivate: true })).toMatch(/./);
});
