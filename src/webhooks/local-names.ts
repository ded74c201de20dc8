import type { LookupAddress } from "node:dns";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";

/** What a machine knows of names beside its DNS servers. */
export interface LocalNames {
  /** The addresses that the machine itself gives to the name; none where it has none. */
  addressesOf(hostname: string): Promise<LookupAddress[]>;
  /** What DNS servers are asked for, in this order: a short name may be one of a domain that the machine searches. */
  candidatesOf(hostname: string): Promise<string[]>;
}

const loopback = [
  { address: "127.0.0.1", family: 4 },
  { address: "::1", family: 6 },
];

/** Without the file a machine has nothing to say there. */
const linesOf = async (path: string): Promise<string[][]> => {
  const text = await readFile(path, "utf8").catch(() => "");
  return text.split("\n").map((line) =>
    line
      .replace(/[#;].*$/, "")
      .split(/\s+/)
      .filter(Boolean),
  );
};

/**
 * Reads the files that the system's own resolver goes by, at each question, so that changes count at once. That resolver
 * would do, were it not for the thread that it takes for as long as a DNS server does not answer.
 */
export function readLocalNames(files = { hosts: "/etc/hosts", resolver: "/etc/resolv.conf" }): LocalNames {
  return {
    async addressesOf(hostname) {
      const name = hostname.toLowerCase();
      const found = (await linesOf(files.hosts)).flatMap(([address = "", ...names]) =>
        isIP(address) && names.some((one) => one.toLowerCase() === name)
          ? [{ address, family: isIP(address) }]
          : [],
      );
      return found.length === 0 && /(^|\.)localhost\.?$/.test(name) ? loopback : found;
    },
    async candidatesOf(hostname) {
      if (hostname.endsWith(".")) return [hostname];
      const lines = await linesOf(files.resolver);
      const [, ...domains] = lines.findLast(([word]) => word === "search" || word === "domain") ?? [];
      const searched = domains.map((domain) => `${hostname}.${domain.replace(/\.$/, "")}`);
      const options = lines.filter(([word]) => word === "options").flat();
      const enoughDots = Number(
        options.find((word) => word.startsWith("ndots:"))?.slice("ndots:".length) ?? 1,
      );
      const isLong = hostname.split(".").length - 1 >= enoughDots;
      return isLong ? [hostname, ...searched] : [...searched, hostname];
    },
  };
}
