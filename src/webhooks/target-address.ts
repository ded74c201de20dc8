import ipaddr from "ipaddr.js";

/** Ranges that a stranger's URL must not lead us into: this machine, its network, and what only routes inside. */
const publicRange = "unicast";

/** IPv4-compatible addresses, out of use; the library takes them for the open internet, and with dots for mapped ones. */
const compatible = ipaddr.IPv6.parseCIDR("::/96");
const compatibleWithDots = /^::\d+\.\d+\.\d+\.\d+$/;

/**
 * Whether an IP address lies in the open internet. An IPv6 address that carries an IPv4 one (mapped, compatible, NAT64, 6to4,
 * Teredo) is refused as such: it could lead to any IPv4 address.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || compatibleWithDots.test(address)) return false;
  // process() turns a mapped IPv4 address into the address itself.
  const processed = ipaddr.process(address);
  if (processed instanceof ipaddr.IPv6 && processed.match(compatible)) return false;
  return processed.range() === publicRange;
}

export interface TargetRules {
  /** For receivers on one's own network: addresses are not judged, and plain HTTP is allowed. */
  readonly allowPrivate: boolean;
}

/** Why a URL may not be a webhook's, in words for its author; undefined where it may. Names are judged when they are looked up. */
export function refuseTarget(text: string, rules: TargetRules): string | undefined {
  const url = URL.parse(text);
  if (!url || text.length > 2048) return "Give an absolute URL of at most 2048 characters.";
  if (url.protocol !== "https:" && !(rules.allowPrivate && url.protocol === "http:"))
    return "Give an https:// URL.";
  if (url.username || url.password)
    return "Leave user and password out of the URL; the signature proves who sends.";
  if (rules.allowPrivate) return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const forbidden = ipaddr.isValid(host)
    ? !isPublicAddress(host)
    : /(^|\.)(localhost|local|internal)\.?$/.test(host);
  return forbidden ? `${host} is not an address of the open internet.` : undefined;
}
