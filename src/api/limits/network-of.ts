import { isIPv6 } from "node:net";

/**
 * The network of an address, as far as its holder is concerned: who has one address of IPv6 has the 2^64 that share its
 * first half. An address of IPv4 stands for itself, also where it is carried in one of IPv6.
 */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes(".")) return address;
  const [front = "", back] = address.replace(/%.*$/, "").split("::");
  const groupsOf = (part: string | undefined) => (part ? part.split(":") : []);
  const [before, after] = [groupsOf(front), groupsOf(back)];
  const zeros = Array<string>(8 - before.length - after.length).fill("0");
  return `${[...before, ...zeros, ...after].slice(0, 4).join(":")}::/64`;
}
