import { SingleBar } from "cli-progress";
import type { Gateway } from "./gateway-client.js";

/** Shows an operation as a bar in a terminal, and as one closing line elsewhere. */
export async function showProgress(gateway: Gateway, label: string, operationId: string): Promise<void> {
  const name = label.padEnd(30);
  const startedAt = performance.now();
  if (!process.stdout.isTTY) {
    await gateway.daguerre.wait(operationId);
    console.log(`  ${name} 100 %  ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    return;
  }
  const bar = new SingleBar({ format: `  ${name} {bar} {percentage} %  {phase}`, hideCursor: true });
  bar.start(100, 0, { phase: "QUEUED" });
  try {
    await gateway.daguerre.wait(operationId, {
      onChange: (state) => bar.update(Math.floor(state.percent), { phase: state.phase }),
    });
  } finally {
    bar.stop();
  }
}

/** Reports work of our own in the same shape. */
export async function showSteps(
  label: string,
  total: number,
  work: (advance: (by: number) => void) => Promise<void>,
) {
  if (!process.stdout.isTTY) {
    await work(() => undefined);
    console.log(`  ${label.padEnd(30)} ${total}`);
    return;
  }
  const bar = new SingleBar({ format: `  ${label.padEnd(30)} {bar} {value}/{total}`, hideCursor: true });
  bar.start(total, 0);
  try {
    await work((by) => bar.increment(by));
  } finally {
    bar.stop();
  }
}
