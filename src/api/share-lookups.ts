import type { Viewer } from "../projects/viewer.js";
import type { Authenticate } from "./identify.js";

interface Lookup {
  /** However it ends. */
  readonly ended: Promise<unknown>;
  /** The one that begins then, for those who have asked since this one began. */
  next: Promise<Viewer | undefined> | undefined;
}

/**
 * Lets all who ask after one key at the same time share a look-up: a crowd of sockets that comes back at once, or hears that its
 * key was revoked, has few keys. Nobody is answered by a look-up that began before he asked, so that whatever was
 * committed before is seen; of each key one is under way at a time.
 */
export function shareLookups(authenticate: Authenticate): Authenticate {
  const underWay = new Map<string, Lookup>();

  function begin(credentials: string, now: Date): Promise<Viewer | undefined> {
    const answer = authenticate(credentials, now);
    const forget = () => void underWay.delete(credentials);
    underWay.set(credentials, { ended: answer.then(forget, forget), next: undefined });
    return answer;
  }

  return (credentials, now) => {
    const current = underWay.get(credentials);
    if (!current) return begin(credentials, now);
    return (current.next ??= current.ended.then(() => begin(credentials, now)));
  };
}
