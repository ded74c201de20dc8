/**
 * The first attempts follow soon (5 s, 10 s, 20 s …), later ones every 6 h: with `mostAttempts` a receiver may be away for two
 * days. The queue only delivers; attempts are counted in the delivery's own row.
 */
export const deliveryQueue = {
  name: "webhooks",
  attempts: 1_000,
  backoff: { firstSeconds: 5, maxSeconds: 6 * 3600 },
};

export const mostAttempts = 20;
